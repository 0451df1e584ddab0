//! Studies by the API: created, changed, and joined.

use super::registry::Registry;
use crate::support::company::{made, post, post_keyed};
use crate::support::number;
use axum::http::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn a_study_without_sites_has_one() {
    let mut registry = Registry::open().await;
    let body = json!({ "code": "vit25", "title": "Vitamin D in winter" });
    let answer = post(&mut registry.admin, "/api/v1/studies", body).await;
    made(&answer);
    let study = answer.data();
    assert_eq!(study["code"], "VIT25");
    assert_eq!(study["status"], "open");
    assert_eq!(study["planned"], json!(null));
    assert_eq!(study["role"], "coordinator");
    assert_eq!(study["sites"].as_array().map(Vec::len), Some(1));
    assert_eq!(study["sites"][0]["code"], "01");
    assert_eq!(study["arms"], json!([]));
    let body = json!({ "name": "Mei Chen", "age": 30, "project_id": study["id"] });
    let answer = post(&mut registry.admin, "/api/v1/subjects", body).await;
    made(&answer);
    assert_eq!(answer.data()["number"], "VIT25-01-0001");
    registry.check().await;
}

#[tokio::test]
async fn all_faults_of_a_study_are_told_at_once() {
    let mut registry = Registry::open().await;
    let body =
        json!({ "code": "a-b", "title": " ", "planned": 0, "sites": ["01", "01"], "arms": [""] });
    let answer = post(&mut registry.admin, "/api/v1/studies", body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let faults = answer.json()["errors"].clone();
    for field in ["code", "title", "planned", "sites", "arms"] {
        assert!(faults[field].is_string(), "{field}: {faults}");
    }
    let body = json!({ "code": "HYP24", "title": "The same code again" });
    let answer = post(&mut registry.admin, "/api/v1/studies", body).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.body
    );
    assert!(
        answer.json()["errors"]["code"].is_string(),
        "{}",
        answer.body
    );
    assert_eq!(
        number(&registry.server.app, "SELECT COUNT(*) FROM studies").await,
        1
    );
    registry.check().await;
}

#[tokio::test]
async fn a_study_is_created_once_for_a_key() {
    let mut registry = Registry::open().await;
    let body = json!({ "code": "VIT25", "title": "Vitamin D" });
    let mut ids = Vec::new();
    for _ in 0..2 {
        let answer = post_keyed(&mut registry.admin, "/api/v1/studies", "vit", &body).await;
        made(&answer);
        ids.push(answer.data()["id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_change_needs_the_version_and_a_reason() {
    let mut registry = Registry::open().await;
    let path = format!("/api/v1/studies/{}", registry.study);
    let body = json!({ "title": "New", "status": "shut", "planned": -1 });
    let answer = registry.admin.send_json(Method::PATCH, &path, body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let faults = answer.json()["errors"].clone();
    for field in ["status", "planned", "version", "reason"] {
        assert!(faults[field].is_string(), "{field}: {faults}");
    }
    let body =
        json!({ "title": "New title", "planned": null, "version": 1, "reason": "Amendment 1" });
    let answer = registry
        .admin
        .send_json(Method::PATCH, &path, body.clone())
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let study = answer.data();
    assert_eq!(
        (&study["title"], &study["planned"]),
        (&json!("New title"), &json!(null))
    );
    assert_eq!(study["version"], 2);
    let answer = registry.admin.send_json(Method::PATCH, &path, body).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3001));
    registry.check().await;
}

#[tokio::test]
async fn subjects_are_registered_while_the_study_is_open() {
    let mut registry = Registry::open().await;
    let path = format!("/api/v1/studies/{}", registry.study);
    let body = json!({ "status": "closed", "version": 1, "reason": "Last patient, last visit" });
    let answer = registry.admin.send_json(Method::PATCH, &path, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let body = registry.subject("Mei Chen", "01");
    let answer = post(&mut registry.coordinator, "/api/v1/subjects", body).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3601));
    assert_eq!(
        number(&registry.server.app, "SELECT COUNT(*) FROM subjects").await,
        0
    );
    registry.check().await;
}

#[tokio::test]
async fn sites_arms_and_people_are_added_and_recorded() {
    let mut registry = Registry::open().await;
    let path = format!("/api/v1/studies/{}", registry.study);
    for (below, body, status) in [
        (
            "sites",
            json!({ "code": "03", "name": "Hill Clinic", "reason": "Third site" }),
            201,
        ),
        ("sites", json!({ "code": "03", "reason": "Again" }), 422),
        ("sites", json!({ "code": "04" }), 422),
        (
            "arms",
            json!({ "name": "Placebo", "reason": "Amendment 2" }),
            201,
        ),
        ("arms", json!({ "name": "Placebo", "reason": "Again" }), 422),
        ("arms", json!({ "name": "", "reason": "Nameless" }), 422),
    ] {
        let answer = post(
            &mut registry.admin,
            &format!("{path}/{below}"),
            body.clone(),
        )
        .await;
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{below} {body}: {}",
            answer.body
        );
    }
    let someone = registry.auditor.id();
    let member = format!("{path}/members/{someone}?reason=Left");
    for _ in 0..2 {
        let answer = registry
            .admin
            .send_json(Method::DELETE, &member, json!({}))
            .await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    }
    let answer = registry.auditor.api(&path).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let members = registry.admin.api(&format!("{path}/members")).await.data();
    assert_eq!(members["items"].as_array().map(Vec::len), Some(3));
    let audit = registry
        .admin
        .api(&format!("{path}/audit?limit=3"))
        .await
        .data();
    let entries = audit["items"].as_array().expect("entries");
    assert_eq!(entries[0]["record"], format!("member/{someone}"));
    assert_eq!(
        (&entries[0]["old"], &entries[0]["new"]),
        (&json!("auditor"), &json!(null))
    );
    assert_eq!(entries[0]["reason"], "Left");
    assert_eq!(entries[1]["record"], "arm/Placebo");
    assert_eq!(entries[2]["record"], "site/03");
    assert!(audit["next_cursor"].is_string());
    registry.check().await;
}
