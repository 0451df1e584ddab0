//! The form that signs a visit, as a browser without script sends it.

use super::Signing;
use crate::support::forms::{field, form_of};
use crate::support::{Client, PASSWORD};
use crate::trials::registry::Registry;
use axum::http::StatusCode;

const SUBJECT: &str = "/trials/HYP24/subjects/HYP24-01-0001";

/// The coordinator in a browser, and the address of the form.
async fn browser(signing: &mut Signing) -> (Client, String) {
    let user = signing.registry.coordinator.user.clone().expect("a person");
    let cora = signing.registry.server.sign_in(&user).await;
    let path = signing.path().await;
    let visit = path.rsplit('/').nth(1).expect("an id");
    (cora, format!("{SUBJECT}/sign/{visit}"))
}

#[tokio::test]
async fn a_form_signs_once_and_shows_its_faults() {
    let mut signing = Signing::open().await;
    let (mut cora, action) = browser(&mut signing).await;
    let page = cora.page(SUBJECT).await;
    let form = form_of(&page, &action);
    let (hash, key) = (field(form, "hash"), field(form, "idempotency_key"));
    assert!(page.contains(&format!("<code>{hash}<")), "{page}");
    assert!(page.contains("one reading"), "{page}");

    let empty = [
        ("idempotency_key", key),
        ("hash", hash),
        ("meaning", ""),
        ("current_password", ""),
    ];
    let answer = cora.post(&action, &empty).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for shown in ["Choose the meaning", "Give your current password"] {
        assert!(answer.body.contains(shown), "{shown}: {}", answer.body);
    }
    let mut folds = answer.body.split("<details").skip(1);
    let fold = folds.find(|it| it.contains("visit-sign"));
    let tag = fold.and_then(|it| it.split('>').next());
    assert!(tag.is_some_and(|tag| tag.contains(" open")), "{tag:?}");
    let wrong = [
        ("idempotency_key", key),
        ("hash", hash),
        ("meaning", "approval"),
        ("current_password", "a wrong guess"),
    ];
    let answer = cora.post(&action, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("not your current password"));
    assert!(answer.body.contains("value=\"approval\" selected"));
    assert!(!answer.body.contains("a wrong guess"));

    let right = [
        ("idempotency_key", key),
        ("hash", hash),
        ("meaning", "approval"),
        ("current_password", PASSWORD),
    ];
    for _ in 0..2 {
        let answer = cora.post(&action, &right).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        assert_eq!(answer.header("location"), SUBJECT);
    }
    assert_eq!(signing.count().await, 1);
    let page = cora.page(SUBJECT).await;
    assert!(
        page.contains("Approval") && page.contains("Holds"),
        "{page}"
    );
    let reload = cora.get(&action).await;
    assert_eq!(reload.header("location"), SUBJECT);

    // Somebody corrects a reading while the form is open.
    let form = form_of(&page, &action);
    let (hash, key) = (field(form, "hash"), field(form, "idempotency_key"));
    signing
        .correct(serde_json::json!({ "heart_rate": 73 }))
        .await;
    let stale = [
        ("idempotency_key", key),
        ("hash", hash),
        ("meaning", "review"),
        ("current_password", PASSWORD),
    ];
    let answer = cora.post(&action, &stale).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    let now = field(form_of(&answer.body, &action), "hash");
    assert_ne!(now, hash);
    assert!(answer.body.contains("Void: what was signed"));
    assert!(answer.body.contains("73 "), "{}", answer.body);

    let user = signing.registry.monitor.user.clone().expect("a monitor");
    let mut mona = signing.registry.server.sign_in(&user).await;
    let page = mona.page(SUBJECT).await;
    assert!(page.contains("Void: what was signed"), "{page}");
    assert!(!page.contains(&action), "{page}");
    let answer = mona.post(&action, &stale).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    signing.remove_visit().await;
    let page = mona.page(SUBJECT).await;
    assert!(page.contains("Void: what was signed"), "{page}");
    signing.registry.check().await;
}

#[tokio::test]
async fn names_are_text_wherever_they_are_shown() {
    let hostile = "Week/1 <b>\"&' 第一周";
    let mut signing = Signing::of(Registry::open().await, hostile).await;
    let (mut cora, action) = browser(&mut signing).await;
    let name = [("name", "Cora <script>alert(1)</script> \"&'")];
    let answer = cora.post("/account/name", &name).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = cora.page(SUBJECT).await;
    let form = form_of(&page, &action);
    let fields = [
        ("idempotency_key", field(form, "idempotency_key")),
        ("hash", field(form, "hash")),
        ("meaning", "responsibility"),
        ("current_password", PASSWORD),
    ];
    let answer = cora.post(&action, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    for path in [SUBJECT, "/trials/HYP24/audit"] {
        let page = cora.page(path).await;
        assert!(page.contains("Week/1 &lt;b&gt;"), "{path}: {page}");
        assert!(page.contains("Cora &lt;script&gt;"), "{path}: {page}");
        assert!(!page.contains("<script>alert"), "{path}");
    }
    let audit = cora.page("/trials/HYP24/audit").await;
    assert!(audit.contains("Signature of Week/1"), "{audit}");
    assert!(audit.contains("HYP24-01-0001"), "{audit}");
    assert_eq!(signing.void().await, [false]);
    signing.registry.check().await;
}
