//! The pages of trials: a study from nothing to its audit trail, and what is typed wrong.

use super::registry::Registry;
use crate::support::{TestServer, number};
use axum::http::StatusCode;
use guildhall::accounts::Role;

#[tokio::test]
async fn a_study_from_nothing_to_its_audit_trail() {
    let server = TestServer::start().await;
    let mut ada = server.signed_in(Role::Admin).await;
    assert!(ada.page("/trials").await.contains("No studies yet"));
    let fields = [
        ("code", "hyp24"),
        ("title", "Dosing in hypertension"),
        ("planned", "20"),
        (
            "sites",
            "01 Riverside Clinic\r\n\r\n02 Harbour Hospital\r\n",
        ),
        ("arms", "Morning\r\nEvening"),
        ("idempotency_key", "one"),
    ];
    for _ in 0..2 {
        let answer = ada.post("/trials/new", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        assert_eq!(answer.header("location"), "/trials/HYP24");
    }
    let page = ada.page("/trials/HYP24").await;
    for shown in [
        "Dosing in hypertension",
        "0 of 20 enrolled",
        "Riverside Clinic",
        "Harbour Hospital",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    let fields = [
        ("name", "Mei Chen"),
        ("age", "５４"),
        ("sex", "female"),
        ("site", "02"),
        ("arm", ""),
        ("idempotency_key", "two"),
    ];
    for _ in 0..2 {
        let answer = ada.post("/trials/HYP24/subjects/new", &fields).await;
        assert_eq!(
            answer.header("location"),
            "/trials/HYP24/subjects/HYP24-02-0001",
            "{}",
            answer.body
        );
    }
    let subject = "/trials/HYP24/subjects/HYP24-02-0001";
    let page = ada.page(subject).await;
    for shown in ["Mei Chen", "54", "Screened", "Harbour Hospital"] {
        assert!(page.contains(shown), "{shown}");
    }
    let status = format!("{subject}/status");
    let fields = [
        ("status", "enrolled"),
        ("version", "1"),
        ("arm", ""),
        ("reason", "Eligible"),
    ];
    let answer = ada.post(&status, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("Choose an arm") && answer.body.contains("Eligible"),
        "{}",
        answer.body
    );
    let fields = [
        ("status", "enrolled"),
        ("version", "1"),
        ("arm", "Evening"),
        ("reason", "Eligible"),
    ];
    let answer = ada.post(&status, &fields).await;
    assert_eq!(answer.header("location"), subject, "{}", answer.body);
    assert!(ada.page("/trials/HYP24").await.contains("1 of 20 enrolled"));
    let audit = ada.page("/trials/HYP24/audit").await;
    for shown in [
        "Eligible",
        "HYP24-02-0001",
        "Evening",
        "Riverside Clinic",
        "sealed",
    ] {
        assert!(audit.contains(shown), "{shown}");
    }
    assert!(!audit.contains("Mei Chen"));
    let csv = ada.get("/trials/HYP24/subjects.csv").await.body;
    assert!(
        csv.contains("\"HYP24-02-0001\"") && !csv.contains("Mei Chen"),
        "{csv}"
    );
    let csv = ada.get("/trials/HYP24/subjects.csv?names=1").await.body;
    assert!(csv.contains("\"Mei Chen\""), "{csv}");
    assert_eq!(
        number(&server.app, "SELECT COUNT(*) FROM subjects").await,
        1
    );
}

#[tokio::test]
async fn what_was_typed_wrong_is_kept_and_named() {
    let mut registry = Registry::open().await;
    registry.register("Mei Chen", "01").await;
    let user = registry.coordinator.user.clone().expect("somebody");
    let mut sam = registry.server.sign_in(&user).await;
    let fields = [
        ("name", ""),
        ("age", "fifty"),
        ("sex", "male"),
        ("site", ""),
        ("arm", "Evening"),
    ];
    let answer = sam.post("/trials/HYP24/subjects/new", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for shown in [
        "value=\"fifty\"",
        "Choose a site",
        "from 1 to 120",
        "Write the subject",
    ] {
        assert!(answer.body.contains(shown), "{shown}");
    }
    let edit = "/trials/HYP24/subjects/HYP24-01-0001/edit";
    let fields = [
        ("name", "Mei C"),
        ("age", "0"),
        ("sex", "female"),
        ("version", "1"),
        ("reason", ""),
    ];
    let answer = sam.post(edit, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for shown in ["value=\"Mei C\"", "from 1 to 120", "Say why"] {
        assert!(answer.body.contains(shown), "{shown}");
    }
}

#[tokio::test]
async fn a_stale_edit_keeps_what_was_typed() {
    let mut registry = Registry::open().await;
    let subject = registry.register("Mei Chen", "01").await;
    let user = registry.coordinator.user.clone().expect("somebody");
    let mut sam = registry.server.sign_in(&user).await;
    let change = serde_json::json!({ "age": 60, "version": 1, "reason": "Somebody else" });
    registry.change(&subject, change).await;
    let edit = "/trials/HYP24/subjects/HYP24-01-0001/edit";
    let fields = [
        ("name", "Mei Chen-Ortiz"),
        ("was_name", "Mei Chen"),
        ("age", "54"),
        ("was_age", "54"),
        ("sex", "female"),
        ("was_sex", "female"),
        ("version", "1"),
        ("reason", "Married"),
    ];
    let answer = sam.post(edit, &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    for shown in [
        "value=\"Mei Chen-Ortiz\"",
        "value=\"60\"",
        "value=\"Married\"",
        "name=\"version\" value=\"2\"",
    ] {
        assert!(answer.body.contains(shown), "{shown}: {}", answer.body);
    }
    let fields = [
        ("name", "Mei Chen-Ortiz"),
        ("age", "60"),
        ("sex", "female"),
        ("version", "2"),
        ("reason", "Married"),
    ];
    let answer = sam.post(edit, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    registry.check().await;
}

#[tokio::test]
async fn admins_change_the_study_on_its_page() {
    let registry = Registry::open().await;
    let user = registry.admin.user.clone().expect("an admin");
    let mut ada = registry.server.sign_in(&user).await;
    let someone = registry.server.person(Role::Staff).await;
    let settings = "/trials/HYP24/settings";
    for (below, fields, status) in [
        (
            "",
            vec![
                ("title", "Other"),
                ("status", "open"),
                ("planned", "many"),
                ("version", "1"),
                ("reason", "x"),
            ],
            422,
        ),
        (
            "",
            vec![
                ("title", "Other"),
                ("status", "closed"),
                ("planned", ""),
                ("version", "1"),
                ("reason", "Done"),
            ],
            303,
        ),
        (
            "",
            vec![
                ("title", "Third"),
                ("status", "closed"),
                ("planned", ""),
                ("version", "1"),
                ("reason", "Late"),
            ],
            409,
        ),
        (
            "/sites",
            vec![("code", "01"), ("name", ""), ("reason", "Again")],
            422,
        ),
        (
            "/sites",
            vec![("code", "03"), ("name", "Hill Clinic"), ("reason", "Third")],
            303,
        ),
        ("/arms", vec![("name", "Placebo"), ("reason", "")], 422),
        (
            "/arms",
            vec![("name", "Placebo"), ("reason", "Amendment")],
            303,
        ),
        (
            "/members",
            vec![
                ("email", "nobody@example.com"),
                ("role", "monitor"),
                ("reason", "Joined"),
            ],
            422,
        ),
        (
            "/members",
            vec![
                ("email", &someone.email),
                ("role", "monitor"),
                ("reason", "Joined"),
            ],
            303,
        ),
        (
            "/members",
            vec![("email", &someone.email), ("role", ""), ("reason", "Left")],
            303,
        ),
    ] {
        let answer = ada.post(&format!("{settings}{below}"), &fields).await;
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{below} {fields:?}: {}",
            answer.body
        );
        for (_, text) in fields
            .iter()
            .filter(|(_, text)| status != 303 && !text.is_empty())
        {
            assert!(answer.body.contains(text), "{below}: {text} was lost");
        }
    }
    let page = ada.page(settings).await;
    for shown in ["Other", "Hill Clinic", "Placebo"] {
        assert!(page.contains(shown), "{shown}");
    }
    registry.check().await;
}
