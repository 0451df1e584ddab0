//! Idempotency keys: a request that comes twice makes one thing.

use crate::support::{Answer, Client, TestServer};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::{Value, json};

async fn make(client: &mut Client, key: &str, body: Value) -> Answer {
    let headers = [
        ("accept", "*/*"),
        ("content-type", "application/json"),
        ("idempotency-key", key),
    ];
    let body = body.to_string().into();
    client
        .send(Method::POST, "/api/v1/tasks", &headers, body)
        .await
}

async fn with_a_board(server: &TestServer) -> Client {
    let mut staff = server.program(Role::Staff).await;
    let made = staff
        .send_json(
            Method::POST,
            "/api/v1/boards",
            json!({ "name": "Shop floor" }),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    staff
}

async fn count(client: &mut Client) -> usize {
    let page = client.api("/api/v1/tasks").await.data();
    page["items"].as_array().expect("items").len()
}

#[tokio::test]
async fn the_same_key_makes_one_task() {
    let server = TestServer::start().await;
    let mut staff = with_a_board(&server).await;
    let first = make(&mut staff, "key-1", json!({ "title": "Count the till" })).await;
    let again = make(&mut staff, "key-1", json!({ "title": "Count the till" })).await;
    assert_eq!(
        (first.status, again.status),
        (StatusCode::CREATED, StatusCode::CREATED)
    );
    assert_eq!(first.data(), again.data());
    let other = make(&mut staff, "key-1", json!({ "title": "Something else" })).await;
    assert_eq!(
        (other.status, other.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, 2003)
    );
    make(&mut staff, "key-2", json!({ "title": "Count the till" })).await;
    assert_eq!(count(&mut staff).await, 2);
    let bad = make(&mut staff, "two words", json!({ "title": "x" })).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);

    let mut stranger = server.program(Role::Customer).await;
    let theirs = make(&mut stranger, "key-1", json!({ "title": "Count the till" })).await;
    assert_ne!(
        theirs.data()["id"],
        first.data()["id"],
        "a key is one person's own"
    );
}

#[tokio::test]
async fn requests_at_the_same_moment_make_one_task() {
    let server = TestServer::start().await;
    let mut staff = with_a_board(&server).await;
    let send = async || make(&mut staff.clone(), "key-1", json!({ "title": "Once" })).await;
    let answers = tokio::join!(send(), send(), send());
    for answer in [answers.0, answers.1, answers.2] {
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    }
    assert_eq!(count(&mut staff).await, 1);
}

#[tokio::test]
async fn a_refused_request_does_not_use_its_key_up() {
    let server = TestServer::start().await;
    let mut staff = with_a_board(&server).await;
    let refused = make(
        &mut staff,
        "key-1",
        json!({ "title": "T", "board_id": 999 }),
    )
    .await;
    assert_ne!(refused.status, StatusCode::CREATED);
    let mended = make(&mut staff, "key-1", json!({ "title": "T" })).await;
    assert_eq!(mended.status, StatusCode::CREATED, "{}", mended.body);
}

#[tokio::test]
async fn a_double_click_adds_one_task_and_going_back_adds_another() {
    let server = TestServer::start().await;
    let mut staff = with_a_board(&server).await;
    let user = staff.user.clone().expect("somebody");
    let mut browser = server.sign_in(&user).await;
    let page = browser.page("/tasks").await;
    let key = page
        .split("name=\"idempotency_key\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let key = key.expect("a key in the form").to_owned();
    for (title, expected) in [("Sweep", 1), ("Sweep", 1), ("Dust", 2)] {
        let answer = browser
            .post("/tasks", &[("title", title), ("idempotency_key", &key)])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        assert_eq!(count(&mut staff).await, expected, "{title}");
    }
}

#[tokio::test]
async fn a_double_click_makes_one_board() {
    let server = TestServer::start().await;
    let mut staff = server.signed_in(Role::Staff).await;
    let fields = [
        ("name", "Shop floor"),
        ("idempotency_key", "a-key-of-the-form"),
    ];
    let first = staff.post("/boards", &fields).await;
    let second = staff.post("/boards", &fields).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.body);
    assert_eq!(second.header("location"), first.header("location"));
    let boards = staff.api("/api/v1/boards").await.data();
    assert_eq!(boards["items"].as_array().expect("items").len(), 1);
}
