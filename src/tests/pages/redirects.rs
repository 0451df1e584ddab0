//! Redirects: no form leads to another site, whatever address it is given.

use super::whole_company::{HOSTILE, addresses, filled, spoiled_company};
use crate::support::page_parts::{Element, Page};
use crate::support::{Answer, PASSWORD, TestServer};
use axum::http::StatusCode;
use guildhall::accounts::Role;
use leptos_axum::generate_route_list;
use std::collections::BTreeMap;

/// Other sites' addresses that look like paths, and what no header can hold.
const ELSEWHERE: [&str; 7] = [
    "//evil.example",
    "/\t/evil.example",
    "/\\evil.example",
    "/..//evil.example",
    "/\r\n/evil.example",
    "https://evil.example/",
    "/\u{1f}/../..//evil.example",
];

fn stays_here(answer: &Answer, what: &str) {
    assert!(!answer.status.is_server_error(), "{what}: {}", answer.body);
    if answer.status == StatusCode::SEE_OTHER {
        let to = answer.header("location");
        let path = to.starts_with('/') && !to.starts_with("//");
        assert!(path && !to.contains(['\\', '\t']), "{what}: {to}");
    }
}

#[tokio::test]
async fn no_form_leads_to_another_site() {
    let (server, mut everybody) = spoiled_company().await;
    let mut led: BTreeMap<String, usize> = BTreeMap::new();
    for route in generate_route_list(guildhall::app::Pages) {
        let address = addresses(&server.app, route.path()).await.remove(0);
        for (who, client) in &mut everybody {
            let page = Page::read(&client.get(&address).await.body);
            for form in page.forms.iter().filter(|form| form.posts) {
                let next = |field: &&Element| field.attribute("name") == Some("next");
                if form.fields.iter().find(next).is_none() {
                    continue;
                }
                let tries = led.entry(form.action.clone()).or_default();
                let evil = ELSEWHERE[*tries % ELSEWHERE.len()];
                *tries += 1;
                let mut fields = filled(form, HOSTILE);
                for (name, value) in &mut fields {
                    if name == "next" {
                        *value = evil.to_owned();
                    } else if value == HOSTILE {
                        *value = "Tea".to_owned();
                    }
                }
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect();
                let what = format!("{who} posts {} from {address} with {evil:?}", form.action);
                stays_here(&client.post(&form.action, &fields).await, &what);
            }
        }
    }
    for known in ["/theme", "/shortcuts"] {
        assert!(led.contains_key(known), "{led:?}");
    }
    assert!(led.len() > 5, "{led:?}");
}

#[tokio::test]
async fn signing_in_and_registering_lead_to_no_other_site() {
    let server = TestServer::start().await;
    let user = server.person(Role::Customer).await;
    for (number, evil) in ELSEWHERE.into_iter().enumerate() {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair("next", evil).finish();
        for page in ["/login", "/register"] {
            let answer = server.visitor().get(&format!("{page}?{query}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{evil:?}");
        }
        let sign_in = [
            ("email", &*user.email),
            ("password", PASSWORD),
            ("next", evil),
        ];
        let answer = server.visitor().post("/login", &sign_in).await;
        assert_eq!(answer.header("location"), "/", "{evil:?}");
        let email = format!("new{number}@example.com");
        let new = [
            ("name", "Ann"),
            ("email", &*email),
            ("password", PASSWORD),
            ("next", evil),
        ];
        let answer = server.visitor().post("/register", &new).await;
        assert_eq!(answer.header("location"), "/", "{evil:?}");
    }
    let good = [
        ("email", &*user.email),
        ("password", PASSWORD),
        ("next", "/orders?a=b#c"),
    ];
    let answer = server.visitor().post("/login", &good).await;
    assert_eq!(answer.header("location"), "/orders?a=b#c");
}
