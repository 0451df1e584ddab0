//! Subjects by the API: registered, changed, withdrawn and listed.

use super::registry::{Registry, faulty_fields};
use crate::support::company::{made, post, post_keyed};
use crate::support::{TestServer, number};
use axum::http::{Method, StatusCode};
use guildhall::server::config::Config;
use serde_json::{Value, json};

#[tokio::test]
async fn numbers_are_counted_by_study_and_site() {
    let mut registry = Registry::open().await;
    let other = registry.create("VIT25").await;
    let mut numbers = Vec::new();
    for site in ["01", "02", "01", "02", "01"] {
        numbers.push(registry.register("Mei Chen", site).await["number"].clone());
    }
    let body = json!({ "name": "Noor", "age": 40, "project_id": other, "site": "02" });
    let answer = post(&mut registry.admin, "/api/v1/subjects", body).await;
    made(&answer);
    numbers.push(answer.data()["number"].clone());
    let expected = [
        "HYP24-01-0001",
        "HYP24-02-0001",
        "HYP24-01-0002",
        "HYP24-02-0002",
        "HYP24-01-0003",
        "VIT25-02-0001",
    ];
    assert_eq!(numbers, expected.map(Value::from));
    registry.check().await;
}

#[tokio::test]
async fn all_faults_of_a_subject_are_told_at_once() {
    let mut registry = Registry::open().await;
    for (body, fields) in [
        (json!({}), vec!["name", "age", "project_id"]),
        (
            json!({ "name": "", "age": 0, "project_id": 999 }),
            vec!["name", "age", "project_id"],
        ),
        (
            json!({ "name": 7, "age": "54", "project_id": "HYP24" }),
            vec!["name", "age", "project_id"],
        ),
        (
            json!({ "name": "Mei", "age": 121, "project_id": registry.study, "sex": "?", "site": "09", "arm": "Night" }),
            vec!["age", "sex", "site", "arm"],
        ),
        (
            json!({ "name": "Mei", "age": 1.5, "project_id": registry.study }),
            vec!["age", "site"],
        ),
        (
            json!({ "name": "a\u{0}b", "age": -1, "project_id": registry.study, "site": "01" }),
            vec!["name", "age"],
        ),
    ] {
        let answer = post(&mut registry.coordinator, "/api/v1/subjects", body.clone()).await;
        let mut fields = fields;
        fields.sort_unstable();
        assert_eq!(faulty_fields(&answer), fields, "{body}");
    }
    assert_eq!(
        number(&registry.server.app, "SELECT COUNT(*) FROM subjects").await,
        0
    );
    registry.check().await;
}

#[tokio::test]
async fn names_are_sealed_and_known_to_coordinators_alone() {
    let mut registry = Registry::open().await;
    let subject = registry.register("Adaeze Obi-Wahlström", "01").await;
    assert_eq!(subject["name"], "Adaeze Obi-Wahlström");
    let path = format!("/api/v1/subjects/{}", subject["id"]);
    assert_eq!(
        registry.coordinator.api(&path).await.data()["name"],
        "Adaeze Obi-Wahlström"
    );
    for client in [&mut registry.monitor, &mut registry.auditor] {
        let seen = client.api(&path).await;
        assert_eq!(seen.data()["number"], "HYP24-01-0001");
        assert_eq!(seen.data()["name"], json!(null));
        let list = client.api("/api/v1/subjects").await;
        assert!(!list.body.contains("Adaeze"), "{}", list.body);
    }
    let app = &registry.server.app;
    let plain = "SELECT COUNT(*) FROM subjects WHERE sealed_name LIKE '%Adaeze%'";
    assert_eq!(number(app, plain).await, 0);
    let plain =
        "SELECT COUNT(*) FROM audit_entries WHERE new LIKE '%Adaeze%' OR reason LIKE '%Adaeze%'";
    assert_eq!(number(app, plain).await, 0);
    registry.check().await;
}

#[tokio::test]
async fn without_a_key_for_names_nobody_is_registered() {
    let server = TestServer::start_with(|config: &mut Config| {
        config.trials.name_key = String::new();
    })
    .await;
    let mut registry = Registry::open_on(server).await;
    let body = registry.subject("Mei Chen", "01");
    let answer = post(&mut registry.coordinator, "/api/v1/subjects", body).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3605));
    assert_eq!(
        number(&registry.server.app, "SELECT COUNT(*) FROM subjects").await,
        0
    );
    registry.check().await;
}

#[tokio::test]
async fn a_subject_is_registered_once_for_a_key() {
    let mut registry = Registry::open().await;
    let body = registry.subject("Mei Chen", "01");
    let mut numbers = Vec::new();
    for _ in 0..3 {
        let answer = post_keyed(&mut registry.coordinator, "/api/v1/subjects", "mei", &body).await;
        made(&answer);
        numbers.push(answer.data()["number"].clone());
    }
    assert_eq!(numbers, ["HYP24-01-0001"; 3].map(Value::from));
    let other = registry.subject("Noor Ali", "01");
    let answer = post_keyed(&mut registry.coordinator, "/api/v1/subjects", "mei", &other).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, 2003)
    );
    registry.check().await;
}

#[tokio::test]
async fn a_subject_goes_through_the_study() {
    let mut registry = Registry::open().await;
    let subject = registry.register("Mei Chen", "01").await;
    let path = format!("/api/v1/subjects/{}", subject["id"]);
    let mut client = registry.coordinator.clone();
    let mut send = async |body: Value| client.send_json(Method::PATCH, &path, body).await;

    let answer = send(json!({ "status": "completed", "version": 1, "reason": "Done" })).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3602));
    let answer = send(json!({ "status": "enrolled", "version": 1, "reason": "Eligible" })).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "no arm: {}",
        answer.body
    );
    assert!(answer.json()["errors"]["arm"].is_string());
    let body =
        json!({ "status": "enrolled", "arm": "Evening", "version": 1, "reason": "Eligible" });
    let answer = send(body.clone()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(
        (&answer.data()["status"], &answer.data()["arm"]),
        (&json!("enrolled"), &json!("Evening"))
    );
    assert!(answer.data()["enrolled_at"].is_string());
    let answer = send(body).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3001));

    let answer = registry
        .coordinator
        .send_json(Method::DELETE, &path, json!({}))
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    let answer = registry
        .coordinator
        .send_json(Method::DELETE, &path, json!({}))
        .await;
    assert_eq!(
        answer.status,
        StatusCode::NO_CONTENT,
        "twice: {}",
        answer.body
    );
    assert_eq!(
        registry.coordinator.api(&path).await.data()["status"],
        "withdrawn"
    );
    let back = json!({ "status": "screened", "version": 3, "reason": "By mistake" });
    let answer = send(back).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::CONFLICT, 3602),
        "it was enrolled"
    );
    let answer = send(json!({ "status": "enrolled", "version": 3, "reason": "By mistake" })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let answer = send(json!({ "status": "completed", "version": 4, "reason": "Last visit" })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let answer = registry
        .coordinator
        .send_json(Method::DELETE, &path, json!({}))
        .await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3602));
    registry.check().await;
}

#[tokio::test]
async fn each_changed_field_is_recorded_with_its_reason() {
    let mut registry = Registry::open().await;
    let subject = registry.register("Mei Chen", "01").await;
    let change = json!({
        "name": "Mei Chen-Ortiz", "age": 55, "sex": "other", "arm": "Morning",
        "version": 1, "reason": "Read the passport again",
    });
    let changed = registry.change(&subject, change).await;
    assert_eq!(changed["name"], "Mei Chen-Ortiz");
    let unchanged =
        json!({ "name": "Mei Chen-Ortiz", "age": 55, "version": 2, "reason": "Nothing new" });
    assert_eq!(registry.change(&subject, unchanged).await["version"], 2);
    let path = format!(
        "/api/v1/studies/{}/audit?record=subject/HYP24-01-0001",
        registry.study
    );
    let audit = registry.auditor.api(&path).await.data();
    let entries = audit["items"].as_array().expect("entries");
    let told: Vec<String> = entries
        .iter()
        .map(|entry| {
            let text = |value: &Value| match value.as_str() {
                Some(sealed) if sealed.starts_with("sealed:") => "…".to_owned(),
                Some(text) => text.to_owned(),
                None => "–".to_owned(),
            };
            format!(
                "{} {} {} {}",
                text(&entry["field"]),
                text(&entry["old"]),
                text(&entry["new"]),
                text(&entry["reason"])
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "arm – Morning Read the passport again",
            "sex female other Read the passport again",
            "age 54 55 Read the passport again",
            "name … … Read the passport again",
            "status – screened ",
            "sex – female ",
            "age – 54 ",
            "name – … ",
        ]
    );
    assert!(
        entries
            .iter()
            .all(|entry| entry["user_id"] == registry.coordinator.id())
    );
    registry.check().await;
}

#[tokio::test]
async fn a_list_shows_what_its_filters_let_through() {
    let mut registry = Registry::open().await;
    for (name, site) in [("A", "01"), ("B", "02"), ("C", "01")] {
        registry.register(name, site).await;
    }
    let first = registry
        .coordinator
        .api("/api/v1/subjects?q=02-0001")
        .await
        .data();
    let second = first["items"][0].clone();
    registry
        .change(
            &second,
            json!({ "status": "withdrawn", "version": 1, "reason": "Moved" }),
        )
        .await;
    let study = registry.study;
    for (query, numbers) in [
        (
            String::new(),
            vec!["HYP24-01-0002", "HYP24-02-0001", "HYP24-01-0001"],
        ),
        (
            format!("project_id={study}&site=01"),
            vec!["HYP24-01-0002", "HYP24-01-0001"],
        ),
        ("status=withdrawn".to_owned(), vec!["HYP24-02-0001"]),
        (format!("project_id={study}&arm=Morning"), vec![]),
        (
            "q=hyp24-01".to_owned(),
            vec!["HYP24-01-0002", "HYP24-01-0001"],
        ),
        ("q=%25".to_owned(), vec![]),
    ] {
        let answer = registry
            .monitor
            .api(&format!("/api/v1/subjects?{query}"))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.body);
        let items = answer.data()["items"].clone();
        let shown: Vec<&str> = items
            .as_array()
            .expect("items")
            .iter()
            .filter_map(|it| it["number"].as_str())
            .collect();
        assert_eq!(shown, numbers, "{query}");
    }
    for query in ["site=01", "arm=Morning", "status=gone", "cursor=!"] {
        let answer = registry
            .monitor
            .api(&format!("/api/v1/subjects?{query}"))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{query}: {}",
            answer.body
        );
    }
    let page = registry
        .monitor
        .api("/api/v1/subjects?limit=2")
        .await
        .data();
    let cursor = page["next_cursor"]
        .as_str()
        .expect("a next page")
        .to_owned();
    let page = registry
        .monitor
        .api(&format!("/api/v1/subjects?limit=2&cursor={cursor}"))
        .await
        .data();
    assert_eq!(page["items"][0]["number"], "HYP24-01-0001");
    assert_eq!(page["next_cursor"], json!(null));
}
