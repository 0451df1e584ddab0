//! The pages where staff register webhooks and look after them.

use crate::support::company::Company;
use crate::support::forms::field;
use crate::support::listener::Listener;
use crate::support::{Client, number};
use axum::http::StatusCode;
use guildhall::accounts::Role;
use serde_json::json;

/// The webhook's secret on a page, if it is shown.
fn secret_in(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("whsec_")?;
    rest.split('<').next()
}

async fn register(sam: &mut Client, url: &str, once: &str) -> crate::support::Answer {
    let fields = [
        ("url", url),
        ("events", "order.*"),
        ("description", "The warehouse"),
        ("idempotency_key", once),
    ];
    sam.post("/webhooks/new", &fields).await
}

#[tokio::test]
async fn staff_register_a_webhook_and_see_its_secret_once() {
    let company = Company::open_to_listeners().await;
    let mut sam = company.server.signed_in(Role::Staff).await;
    assert!(sam.page("/webhooks").await.contains("No webhooks yet"));
    let form = sam.page("/webhooks/new").await;
    let made = register(
        &mut sam,
        "http://127.0.0.1:9/hook",
        field(&form, "idempotency_key"),
    )
    .await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let secret = secret_in(&made.body).expect("its secret");
    assert!(made.body.contains("It is not shown again."));
    assert_eq!(made.header("cache-control"), "no-store");
    assert!(
        !made
            .headers
            .iter()
            .any(|(_, value)| value.to_str().is_ok_and(|it| it.contains(secret)))
    );

    let list = sam.page("/webhooks").await;
    assert!(list.contains("http://127.0.0.1:9/hook") && list.contains("The warehouse"));
    for path in ["/webhooks", "/webhooks/1"] {
        let page = sam.page(path).await;
        assert_eq!(secret_in(&page), None, "{path}");
    }
    // A double click makes one.
    register(
        &mut sam,
        "http://127.0.0.1:9/hook",
        field(&form, "idempotency_key"),
    )
    .await;
    assert_eq!(
        number(&company.server.app, "SELECT COUNT(*) FROM webhooks").await,
        1
    );
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed() {
    let company = Company::open_to_listeners().await;
    let mut sam = company.server.signed_in(Role::Staff).await;
    sam.referer = Some("/webhooks/new".to_owned());
    let refused = register(&mut sam, "example.com/hooks", "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("Write an address such as"),
        "{}",
        refused.body
    );
    assert!(refused.body.contains("value=\"example.com/hooks\""));
    assert!(refused.body.contains("value=\"The warehouse\""));
}

#[tokio::test]
async fn staff_change_pause_resume_and_delete() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    let mut sam = company.server.signed_in(Role::Staff).await;
    register(&mut sam, &listener.url(), "").await;
    let page = sam.page("/webhooks/1").await;
    let url = listener.url();
    let version = field(&page, "version").to_owned();
    let fields = [
        ("url", url.as_str()),
        ("events", "order.placed"),
        ("description", ""),
        ("version", &version),
    ];
    let saved = sam.post("/webhooks/1", &fields).await;
    assert_eq!(saved.header("location"), "/webhooks/1");
    sam.referer = Some("/webhooks/1".to_owned());
    let stale = sam.post("/webhooks/1", &fields).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(
        stale.body.contains("Somebody was quicker"),
        "{}",
        stale.body
    );
    sam.referer = None;

    sam.post("/webhooks/1/pause", &[]).await;
    let page = sam.page("/webhooks/1").await;
    assert!(page.contains("Paused by Staff"), "{page}");
    company.place(2, "wallet").await;
    company.deliver().await;
    assert_eq!(listener.heard().len(), 0);
    let resumed = sam.post("/webhooks/1/resume", &[]).await;
    assert_eq!(resumed.header("location"), "/webhooks/1");
    company.deliver().await;
    assert_eq!(listener.heard().len(), 1);

    let page = sam.page("/webhooks/1").await;
    assert!(
        page.contains("204") && page.contains("Send again"),
        "{page}"
    );
    let id = number(
        &company.server.app,
        "SELECT id FROM deliveries WHERE webhook_id = 1",
    )
    .await;
    let again = sam
        .post(&format!("/webhooks/1/deliveries/{id}/redeliver"), &[])
        .await;
    assert_eq!(again.header("location"), "/webhooks/1");
    company.deliver().await;
    assert_eq!(listener.heard().len(), 2);

    let deleted = sam.post("/webhooks/1/delete", &[]).await;
    assert_eq!(deleted.header("location"), "/webhooks");
    assert_eq!(sam.get("/webhooks/1").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_new_secret_is_shown_once_and_a_double_click_makes_one() {
    let company = Company::open_to_listeners().await;
    let mut sam = company.server.signed_in(Role::Staff).await;
    let made = register(&mut sam, "http://127.0.0.1:9/", "").await;
    let first = secret_in(&made.body).expect("a secret").to_owned();
    let page = sam.page("/webhooks/1").await;
    let once = field(&page, "idempotency_key").to_owned();
    let rotated = sam
        .post("/webhooks/1/rotate", &[("idempotency_key", &once)])
        .await;
    assert_eq!(rotated.status, StatusCode::OK, "{}", rotated.body);
    let second = secret_in(&rotated.body).expect("a secret").to_owned();
    assert_ne!(first, second);
    assert!(
        rotated.body.contains("signs as well until"),
        "{}",
        rotated.body
    );
    let again = sam
        .post("/webhooks/1/rotate", &[("idempotency_key", &once)])
        .await;
    assert_eq!(
        secret_in(&again.body),
        Some(second.as_str()),
        "not a third one"
    );
    assert_eq!(secret_in(&sam.page("/webhooks/1").await), None);
    sam.referer = Some("/webhooks/1".to_owned());
    let third = sam
        .post(
            "/webhooks/1/rotate",
            &[("idempotency_key", "another-key-altogether")],
        )
        .await;
    assert_eq!(third.status, StatusCode::CONFLICT);
    assert!(third.body.contains("less than a day ago"), "{}", third.body);
}

#[tokio::test]
async fn the_pages_forms_are_for_staff() {
    let mut company = Company::open_to_listeners().await;
    company.subscribe("http://127.0.0.1:9/", "*").await;
    let mut visitor = company.server.visitor();
    let mut customer = company.server.signed_in(Role::Customer).await;
    let forms = [
        "/webhooks/new",
        "/webhooks/1",
        "/webhooks/1/pause",
        "/webhooks/1/resume",
        "/webhooks/1/rotate",
        "/webhooks/1/delete",
        "/webhooks/1/deliveries/1/redeliver",
    ];
    for form in forms {
        let answer = visitor.post(form, &[]).await;
        assert!(answer.header("location").starts_with("/login"), "{form}");
        assert_eq!(
            customer.post(form, &[]).await.status,
            StatusCode::FORBIDDEN,
            "{form}"
        );
    }
    assert_eq!(
        customer.get("/webhooks/1").await.status,
        StatusCode::FORBIDDEN
    );
    let untouched = company.staff.api("/api/v1/webhooks/1").await.data();
    assert_eq!(
        (&untouched["version"], &untouched["paused"]),
        (&json!(1), &json!(false))
    );
}
