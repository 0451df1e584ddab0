//! A board, and the tasks that the tests put on it.

use crate::support::{Answer, Client, TestServer};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::{Value, json};

pub async fn send(client: &mut Client, method: Method, path: &str, body: Value) -> Answer {
    client
        .send_json(method, &format!("/api/v1{path}"), body)
        .await
}

/// A board with the id 1.
pub async fn with_board(server: &TestServer) {
    let mut staff = server.program(Role::Staff).await;
    let answer = send(
        &mut staff,
        Method::POST,
        "/boards",
        json!({ "name": "Shop" }),
    )
    .await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::CREATED, "/api/v1/boards/1")
    );
}

pub async fn make(client: &mut Client, body: Value) -> Value {
    let answer = send(client, Method::POST, "/tasks", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.data()
}

pub async fn read(client: &mut Client, id: i64) -> Value {
    client.api(&format!("/api/v1/tasks/{id}")).await.data()
}
