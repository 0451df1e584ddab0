//! Query strings of the JSON API's lists: whatever stands in them, the answer is a page or says what is wrong.

use crate::support::TestServer;
use crate::support::described::DESCRIPTION;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guildhall::accounts::Role;
use guildhall::catalog::seed_demo;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{TestError, TestRunner};
use serde_json::Value;

/// Each list with the names of its parameters.
fn lists() -> Vec<(String, Vec<String>)> {
    let paths = DESCRIPTION["paths"].as_object().expect("paths").iter();
    let list = |(path, item): (&String, &Value)| {
        let parameters = item["get"]["parameters"].as_array()?.iter();
        let queries = parameters.filter(|parameter| parameter["in"] == "query");
        let names: Vec<_> = queries
            .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
            .collect();
        (!names.is_empty()).then(|| (path.replace("{id}", "1"), names))
    };
    paths.filter_map(list).collect()
}

/// Every word that some choice in the description has.
fn words() -> Vec<String> {
    fn collect(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    let words = field.as_array().filter(|_| name == "enum");
                    let words = words.into_iter().flatten().filter_map(Value::as_str);
                    found.extend(words.map(str::to_owned));
                    collect(field, found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(&DESCRIPTION, &mut found);
    found.sort();
    found.dedup();
    found
}

/// A cursor as a list could have given it, in the values of which anything may stand.
fn cursor() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        proptest::sample::select(words()),
        ".{0,20}",
    ];
    proptest::collection::vec(value, 1..5)
        .prop_map(|values| URL_SAFE_NO_PAD.encode(values.join("\u{1f}")))
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        ".*",
        "[ -~]{0,12}",
        any::<i64>().prop_map(|number| number.to_string()),
        proptest::sample::select(words()),
        cursor(),
    ]
}

#[test]
fn any_query_of_a_list_gives_a_page_or_says_what_is_wrong() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (server, staff) = runtime.block_on(async {
        let server = TestServer::start().await;
        seed_demo(&server.app).await.expect("seeds");
        let admin = server.program(Role::Admin).await;
        (server, admin)
    });
    let lists = lists();
    assert!(lists.len() > 10, "{lists:?}");
    let pairs = proptest::collection::vec((any::<Index>(), value()), 0..5);
    let outcome = TestRunner::default().run(&(any::<Index>(), pairs), |(list, pairs)| {
        let (path, names) = list.get(&lists);
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &pairs {
            let name: &String = name.get(names);
            query.append_pair(name, value);
        }
        let path = format!("{path}?{}", query.finish());
        let answer = runtime.block_on(staff.clone().api(&path));
        match answer.status {
            StatusCode::OK => prop_assert!(answer.data()["items"].is_array(), "{}", path),
            // What was made up may be nothing's number.
            StatusCode::NOT_FOUND => prop_assert!(path.contains("/1/"), "{}", path),
            StatusCode::UNPROCESSABLE_ENTITY => {
                let said = answer.json();
                prop_assert!(
                    said["code"] == 2000 || said["errors"].is_object(),
                    "{}",
                    path
                );
            }
            other => prop_assert!(false, "{}: {}", path, other),
        }
        Ok(())
    });
    drop(server);
    if let Err(TestError::Fail(why, (list, pairs))) = &outcome {
        panic!("{why}: {} {pairs:?}", list.get(&lists).0);
    }
    outcome.expect("all of them");
}

/// A cursor of another list names no place in this one: it is refused, and not taken for the start.
#[tokio::test]
async fn a_cursor_that_the_list_never_gave_is_refused() {
    let server = TestServer::start().await;
    let mut admin = server.program(Role::Admin).await;
    let mut tried = 0;
    for (path, names) in lists() {
        if !names.iter().any(|name| name == "cursor") || path.contains("/1/") {
            continue;
        }
        tried += 1;
        for text in [
            "!",
            "Zg",
            "MQ==",
            &URL_SAFE_NO_PAD.encode("a\u{1f}b\u{1f}c\u{1f}d"),
        ] {
            let answer = admin.api(&format!("{path}?cursor={text}")).await;
            assert_eq!(
                answer.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{path} {text}"
            );
            assert!(
                answer.json()["errors"]["cursor"].is_string(),
                "{path} {text}"
            );
        }
    }
    assert!(tried > 8, "{tried} lists");
}
