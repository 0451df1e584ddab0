//! Permissions in trials: each request of the API and each page, as everybody who might send it.

use super::registry::Registry;
use crate::support::Client;
use crate::support::company::{made, post};
use axum::http::Method;
use guildhall::accounts::Role;
use serde_json::{Value, json};

/// Everybody who might ask, and the answers they get: nobody, a customer, coordinator and monitor of another study,
/// monitor and auditor of this one, an admin without a role in it, and its coordinator.
const EVERYBODY: [&str; 8] = [
    "nobody",
    "customer",
    "other coordinator",
    "other monitor",
    "monitor",
    "auditor",
    "admin",
    "coordinator",
];

struct Case {
    method: Method,
    path: String,
    body: Value,
    statuses: [u16; 8],
}

fn case(method: Method, path: impl Into<String>, body: Value, statuses: [u16; 8]) -> Case {
    let path = path.into();
    Case {
        method,
        path,
        body,
        statuses,
    }
}

/// A registry with another study beside it, and the programs of everybody.
async fn everybody(registry: &mut Registry) -> Vec<Client> {
    let other = registry.create("VIT25").await;
    let server = &registry.server;
    let (coordinator, monitor) = (
        server.program(Role::Staff).await,
        server.program(Role::Staff).await,
    );
    let customer = server.program(Role::Customer).await;
    let admin = server.program(Role::Admin).await;
    let nobody = server.visitor();
    registry.give(other, coordinator.id(), "coordinator").await;
    registry.give(other, monitor.id(), "monitor").await;
    vec![
        nobody,
        customer,
        coordinator,
        monitor,
        registry.monitor.clone(),
        registry.auditor.clone(),
        admin,
        registry.coordinator.clone(),
    ]
}

#[tokio::test]
async fn the_api_does_for_each_what_they_may() {
    let mut registry = Registry::open().await;
    let subject = registry.register("Mei Chen", "01").await;
    let everybody = everybody(&mut registry).await;
    let (study, id) = (registry.study, subject["id"].clone());
    let studies = format!("/api/v1/studies/{study}");
    let subject = format!("/api/v1/subjects/{id}");
    let body = json!({ "record_time": "2020-03-01T08:15:00Z", "heart_rate": 72, "blood_pressure": "120/80" });
    let readings = format!("{subject}/vital-signs");
    let reading = post(&mut registry.coordinator, &readings, body).await;
    let reading = format!("{readings}/{}", reading.data()["id"]);
    let someone = everybody[1].id();
    // Reading, then what changes nothing because it is refused or the same again.
    let reads = [401, 404, 404, 404, 200, 200, 200, 200];
    let cases = [
        case(
            Method::GET,
            "/api/v1/studies",
            json!(null),
            [401, 200, 200, 200, 200, 200, 200, 200],
        ),
        case(Method::GET, &studies, json!(null), reads),
        case(
            Method::GET,
            format!("{studies}/members"),
            json!(null),
            reads,
        ),
        case(Method::GET, format!("{studies}/audit"), json!(null), reads),
        case(
            Method::GET,
            format!("{studies}/vital-signs"),
            json!(null),
            reads,
        ),
        case(Method::GET, format!("{studies}/odm"), json!(null), reads),
        case(
            Method::GET,
            format!("{studies}/exports/audit.csv"),
            json!(null),
            reads,
        ),
        case(
            Method::GET,
            format!("{studies}/exports/subjects.jsonl"),
            json!(null),
            reads,
        ),
        case(
            Method::GET,
            format!("{studies}/exports/subjects.jsonl?names=1"),
            json!(null),
            [401, 404, 404, 404, 403, 403, 403, 200],
        ),
        case(
            Method::GET,
            format!("{studies}/exports/vital-signs.csv"),
            json!(null),
            reads,
        ),
        case(
            Method::GET,
            format!("{studies}/exports/imports.csv"),
            json!(null),
            reads,
        ),
        case(
            Method::GET,
            format!("/api/v1/subjects?project_id={study}"),
            json!(null),
            [401, 422, 422, 422, 200, 200, 200, 200],
        ),
        case(Method::GET, &subject, json!(null), reads),
        case(
            Method::GET,
            format!("{subject}/vital-signs"),
            json!(null),
            reads,
        ),
        case(
            Method::POST,
            format!("{subject}/vital-signs"),
            json!({}),
            [401, 404, 404, 404, 403, 403, 403, 422],
        ),
        case(Method::GET, &reading, json!(null), reads),
        case(
            Method::PATCH,
            &reading,
            json!({ "heart_rate": 73, "version": 99, "reason": "To see" }),
            [401, 404, 404, 404, 403, 403, 403, 409],
        ),
        case(
            Method::DELETE,
            format!("{reading}?reason=To+see"),
            json!(null),
            [401, 404, 404, 404, 403, 403, 403, 204],
        ),
        case(
            Method::POST,
            "/api/v1/studies",
            json!({ "code": "!", "title": "" }),
            [401, 403, 403, 403, 403, 403, 422, 403],
        ),
        case(
            Method::PATCH,
            &studies,
            json!({ "title": "Other", "version": 99, "reason": "To see" }),
            [401, 403, 403, 403, 403, 403, 409, 403],
        ),
        case(
            Method::POST,
            format!("{studies}/sites"),
            json!({ "code": "01", "reason": "To see" }),
            [401, 403, 403, 403, 403, 403, 422, 403],
        ),
        case(
            Method::POST,
            format!("{studies}/arms"),
            json!({ "name": "Morning", "reason": "To see" }),
            [401, 403, 403, 403, 403, 403, 422, 403],
        ),
        case(
            Method::POST,
            format!("{studies}/visits"),
            json!({ "name": "", "day": 7, "reason": "To see" }),
            [401, 403, 403, 403, 403, 403, 422, 403],
        ),
        case(
            Method::DELETE,
            format!("{studies}/visits/999?reason=To+see"),
            json!(null),
            [401, 403, 403, 403, 403, 403, 204, 403],
        ),
        case(Method::GET, format!("{studies}/visits"), json!(null), reads),
        case(
            Method::GET,
            format!("{studies}/missed-visits"),
            json!(null),
            reads,
        ),
        case(Method::GET, format!("{subject}/visits"), json!(null), reads),
        case(
            Method::GET,
            format!("{subject}/signatures"),
            json!(null),
            reads,
        ),
        case(
            Method::POST,
            format!("{subject}/visits/999/signatures"),
            json!({}),
            [401, 404, 404, 404, 403, 403, 403, 422],
        ),
        case(
            Method::PUT,
            format!("{studies}/members/{someone}"),
            json!({ "role": "king", "reason": "To see" }),
            [401, 403, 403, 403, 403, 403, 422, 403],
        ),
        case(
            Method::DELETE,
            format!("{studies}/members/{someone}?reason=To+see"),
            json!(null),
            [401, 403, 403, 403, 403, 403, 204, 403],
        ),
        case(
            Method::POST,
            "/api/v1/subjects",
            registry.subject("", "01"),
            [401, 422, 422, 422, 422, 422, 422, 422],
        ),
        case(
            Method::PATCH,
            &subject,
            json!({ "age": 60, "version": 99, "reason": "To see" }),
            [401, 404, 404, 404, 403, 403, 403, 409],
        ),
        case(
            Method::DELETE,
            &subject,
            json!(null),
            [401, 404, 404, 404, 403, 403, 403, 204],
        ),
    ];
    for Case {
        method,
        path,
        body,
        statuses,
    } in cases
    {
        for ((client, who), status) in everybody.iter().zip(EVERYBODY).zip(statuses) {
            let mut client = client.clone();
            let answer = match (&method, &body) {
                (&Method::GET, _) => client.api(&path).await,
                (method, body) => client.send_json(method.clone(), &path, body.clone()).await,
            };
            assert_eq!(
                answer.status.as_u16(),
                status,
                "{method} {path} as {who}: {}",
                answer.body
            );
        }
    }
    registry.check().await;
}

#[tokio::test]
async fn nobody_registers_a_subject_in_a_study_of_others() {
    let mut registry = Registry::open().await;
    let everybody = everybody(&mut registry).await;
    for (client, who) in everybody.into_iter().zip(EVERYBODY) {
        let mut client = client;
        let body = registry.subject("Mei Chen", "01");
        let answer = post(&mut client, "/api/v1/subjects", body).await;
        match who {
            "coordinator" => made(&answer),
            "nobody" => assert_eq!(answer.status, 401),
            _ => {
                assert_eq!(answer.status, 422, "{who}: {}", answer.body);
                assert!(answer.json()["errors"]["project_id"].is_string(), "{who}");
            }
        }
    }
    registry.check().await;
}

#[tokio::test]
async fn pages_are_shown_to_those_who_may_see_them() {
    let mut registry = Registry::open().await;
    registry.register("Adaeze Obi", "01").await;
    let mut clients = Vec::new();
    for client in everybody(&mut registry).await {
        clients.push(match &client.user {
            Some(user) => registry.server.sign_in(user).await,
            None => client,
        });
    }
    let reading = [303, 404, 404, 404, 200, 200, 200, 200];
    for (path, statuses) in [
        ("/trials", [303, 200, 200, 200, 200, 200, 200, 200]),
        ("/trials/new", [303, 403, 403, 403, 403, 403, 200, 403]),
        ("/trials/HYP24", reading),
        ("/trials/HYP24/audit", reading),
        ("/trials/HYP24/audit.csv", reading),
        ("/trials/HYP24/audit.jsonl", reading),
        ("/trials/HYP24/export.odm.xml", reading),
        ("/trials/HYP24/vital-signs.csv", reading),
        ("/trials/HYP24/imports.jsonl", reading),
        ("/trials/HYP24/missed-visits", reading),
        ("/trials/HYP24/readings", reading),
        ("/trials/HYP24/subjects", reading),
        ("/trials/HYP24/subjects.csv", reading),
        (
            "/trials/HYP24/subjects.csv?names=1",
            [303, 404, 404, 404, 403, 403, 403, 200],
        ),
        (
            "/trials/HYP24/subjects/new",
            [303, 404, 404, 404, 403, 403, 403, 200],
        ),
        ("/trials/HYP24/subjects/HYP24-01-0001", reading),
        (
            "/trials/HYP24/subjects/HYP24-01-0009",
            [303, 404, 404, 404, 404, 404, 404, 404],
        ),
        (
            "/trials/VIT25/subjects/HYP24-01-0001",
            [303, 404, 404, 404, 404, 404, 404, 404],
        ),
        (
            "/trials/HYP24/settings",
            [303, 404, 404, 404, 403, 403, 200, 403],
        ),
        ("/trials/NONE", [303, 404, 404, 404, 404, 404, 404, 404]),
    ] {
        for ((client, who), status) in clients.iter_mut().zip(EVERYBODY).zip(statuses) {
            let answer = client.get(path).await;
            // Whoever is not signed in is led to the page that signs in, or told so.
            let status = if who == "nobody" {
                [303, 401]
            } else {
                [status; 2]
            };
            assert!(
                status.contains(&answer.status.as_u16()),
                "{path} as {who}: {}",
                answer.status
            );
            if who != "coordinator" {
                assert!(!answer.body.contains("Adaeze"), "{path} as {who}");
            }
        }
    }
}
