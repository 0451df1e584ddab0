//! The description of the JSON API against the API: what is described is there, and what is there is
//! described.

use crate::support::TestServer;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::server::documented;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn description() -> Value {
    let (_, description) = documented().split_for_parts();
    serde_json::to_value(description).expect("JSON")
}

/// Each path with its operations by method.
fn operations() -> BTreeMap<String, BTreeMap<String, Value>> {
    let description = description();
    let paths = description["paths"].as_object().expect("paths");
    let of_path = |item: &Value| {
        let item = item.as_object().expect("operations").iter();
        let operations = item.filter(|(method, _)| METHODS.contains(&method.as_str()));
        operations
            .map(|(method, operation)| (method.clone(), operation.clone()))
            .collect()
    };
    paths
        .iter()
        .map(|(path, item)| (path.clone(), of_path(item)))
        .collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("tests") {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found
}

/// What stands between `begin` and `end`, wherever it does.
fn between<'a>(text: &'a str, begin: &'a str, end: char) -> impl Iterator<Item = &'a str> {
    text.split(begin)
        .skip(1)
        .filter_map(move |rest| rest.split(end).next())
}

#[test]
fn each_operation_has_a_tag_a_summary_and_an_answer_that_is_good() {
    let operations = operations();
    assert!(operations.len() > 40, "{} paths", operations.len());
    for (path, methods) in &operations {
        assert!(path.starts_with("/api/v1/"), "{path}");
        assert!(!methods.is_empty(), "{path}");
        for (method, operation) in methods {
            let what = format!("{method} {path}");
            let tags = operation["tags"].as_array().expect("tags");
            assert_eq!(tags.len(), 1, "{what}");
            assert!(!tags[0].as_str().expect("a tag").is_empty(), "{what}");
            let summary = operation["summary"].as_str().unwrap_or_default();
            assert!(!summary.trim().is_empty(), "{what} says what it does");
            let responses = operation["responses"].as_object().expect("responses");
            assert!(
                responses.keys().any(|status| status.starts_with('2')),
                "{what}: {:?}",
                responses.keys()
            );
            // What stands in braces is explained, and nothing else is.
            let named: BTreeSet<_> = between(path, "{", '}').collect();
            let explained: BTreeSet<_> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|parameter| parameter["in"] == "path")
                .filter_map(|parameter| parameter["name"].as_str())
                .collect();
            assert_eq!(explained, named, "{what}");
        }
    }
}

/// Each handler is annotated with its method and path: all of them are in the description, so that
/// none was annotated and never put in a router.
#[test]
fn each_annotated_handler_is_described_and_routed() {
    let mut annotated = BTreeSet::new();
    let (mut handlers, mut routed) = (Vec::new(), Vec::new());
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = fs::read_to_string(&path).expect("readable");
        let file = path.display();
        for annotation in text.split("#[utoipa::path(").skip(1) {
            let method = annotation.split(',').next().expect("a method");
            let route = between(annotation, "path = \"", '"').next();
            let route = route.expect("a path");
            let operation = (method.trim().to_owned(), format!("/api/v1{route}"));
            assert!(
                annotated.insert(operation),
                "{file}: {method} {route} twice"
            );
            let handler = annotation.split("async fn ").nth(1).expect("a handler");
            let name = handler.split('(').next().expect("a name");
            handlers.push(name.to_owned());
        }
        let lists = text.split("routes!(").skip(1);
        for list in lists.filter_map(|rest| rest.split(')').next()) {
            routed.extend(list.split(',').map(|name| name.trim().to_owned()));
        }
        // By hand a route would be there and not described.
        if text.contains("utoipa::path") {
            assert!(!text.contains(".route("), "{file}: put it in routes!(…)");
        }
        assert!(!text.contains(".route(\"/api/v1"), "{file}");
    }
    handlers.sort();
    routed.retain(|name| !name.is_empty());
    routed.sort();
    assert_eq!(handlers, routed);
    let described: BTreeSet<_> = operations()
        .into_iter()
        .flat_map(|(path, methods)| {
            let pair = move |method: String| (method, path.clone());
            methods.into_keys().map(pair)
        })
        .collect();
    assert_eq!(described, annotated);
}

/// Whoever asks with a method that is described gets past the router, and with another does not.
#[tokio::test]
async fn the_router_takes_the_methods_that_are_described_and_no_others() {
    let server = TestServer::start().await;
    for (path, methods) in operations() {
        let mut filled = path.clone();
        for name in between(&path, "{", '}') {
            filled = filled.replace(&format!("{{{name}}}"), "999999");
        }
        for method in METHODS {
            let verb = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            let headers = [
                ("accept", "application/json"),
                ("content-type", "application/json"),
                ("sec-fetch-site", "same-origin"),
            ];
            let answer = server
                .visitor()
                .send(verb, &filled, &headers, Body::from("{}"))
                .await;
            let taken = answer.status != StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(taken, methods.contains_key(method), "{method} {path}");
            let unknown = answer.status == StatusCode::NOT_FOUND
                && answer.body.contains("There is no such page");
            assert!(!unknown, "{method} {path}");
            assert!(!answer.status.is_server_error(), "{method} {path}");
        }
    }
}
