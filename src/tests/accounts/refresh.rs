//! Reused refresh tokens: an answer was lost, or somebody has a copy.

use crate::support::{Answer, PASSWORD, TestServer, number};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::{Value, json};

pub async fn login(server: &TestServer, email: &str) -> Value {
    let body = json!({ "email": email, "password": PASSWORD });
    let path = "/api/v1/auth/login";
    let answer = server.visitor().send_json(Method::POST, path, body).await;
    answer.data()
}

pub async fn refresh(server: &TestServer, token: &Value) -> Answer {
    let body = json!({ "refresh_token": token });
    let path = "/api/v1/auth/refresh";
    server.visitor().send_json(Method::POST, path, body).await
}

pub async fn works(server: &TestServer, tokens: &Value) -> bool {
    let mut client = server.visitor();
    client.token = tokens["access_token"].as_str().map(str::to_owned);
    client.api("/api/v1/me").await.status == StatusCode::OK
}

/// Two sign-ins of one person: what becomes of the first is nothing to the second.
async fn scene() -> (TestServer, Value, Value) {
    let server = TestServer::start().await;
    let user = server.person(Role::Customer).await;
    let first = login(&server, &user.email).await;
    let other = login(&server, &user.email).await;
    (server, first, other)
}

async fn is_over(server: &TestServer, tokens: &[&Value]) {
    for tokens in tokens {
        assert!(!works(server, tokens).await);
        let again = refresh(server, &tokens["refresh_token"]).await;
        assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_client_whose_answer_was_lost_is_given_the_same_once_more() {
    let (server, first, other) = scene().await;
    let lost = refresh(&server, &first["refresh_token"]).await.data();
    server.app.clock.advance(9);
    let again = refresh(&server, &first["refresh_token"]).await.data();
    assert_eq!(again["refresh_token"], lost["refresh_token"]);
    assert!(works(&server, &again).await);
    let next = refresh(&server, &again["refresh_token"]).await.data();
    assert_ne!(next["refresh_token"], again["refresh_token"]);
    assert!(works(&server, &next).await);
    assert!(works(&server, &other).await);
    // No usable token is stored.
    for tokens in [&first, &lost, &next] {
        let token = tokens["refresh_token"].as_str().expect("a token");
        let kept = format!("SELECT COUNT(*) FROM refresh_tokens WHERE hash = '{token}'");
        assert_eq!(number(&server.app, &kept).await, 0);
    }
}

#[tokio::test]
async fn a_lost_answer_is_repeated_only_once() {
    let (server, first, other) = scene().await;
    let lost = refresh(&server, &first["refresh_token"]).await.data();
    let again = refresh(&server, &first["refresh_token"]).await.data();
    let third = refresh(&server, &first["refresh_token"]).await;
    assert_eq!(third.status, StatusCode::UNAUTHORIZED);
    is_over(&server, &[&first, &lost, &again]).await;
    assert!(works(&server, &other).await, "another sign-in goes on");
}

#[tokio::test]
async fn a_refresh_token_that_comes_late_ends_its_family() {
    let (server, first, other) = scene().await;
    let second = refresh(&server, &first["refresh_token"]).await.data();
    server.app.clock.advance(10);
    let late = refresh(&server, &first["refresh_token"]).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    is_over(&server, &[&first, &second]).await;
    assert!(works(&server, &other).await, "another sign-in goes on");
}

#[tokio::test]
async fn a_refresh_token_whose_answer_was_used_ends_its_family() {
    let (server, first, other) = scene().await;
    let second = refresh(&server, &first["refresh_token"]).await.data();
    let third = refresh(&server, &second["refresh_token"]).await.data();
    let copied = refresh(&server, &first["refresh_token"]).await;
    assert_eq!(copied.status, StatusCode::UNAUTHORIZED);
    is_over(&server, &[&first, &second, &third]).await;
    assert!(works(&server, &other).await, "another sign-in goes on");
}

#[tokio::test]
async fn refreshes_made_at_once_get_one_successor() {
    let (server, first, _) = scene().await;
    let token = &first["refresh_token"];
    let (a, b) = tokio::join!(refresh(&server, token), refresh(&server, token));
    assert_eq!(a.data()["refresh_token"], b.data()["refresh_token"]);
    let count = "SELECT COUNT(*) FROM refresh_tokens WHERE used_at IS NULL";
    assert_eq!(
        number(&server.app, count).await,
        2,
        "and the other sign-in's"
    );
}

#[tokio::test]
async fn a_lost_answer_revives_nothing_that_has_ended() {
    let (server, first, other) = scene().await;
    refresh(&server, &first["refresh_token"]).await.data();
    let body = json!({ "refresh_token": first["refresh_token"] });
    let path = "/api/v1/auth/logout";
    let out = server.visitor().send_json(Method::POST, path, body).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    let again = refresh(&server, &first["refresh_token"]).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    assert!(works(&server, &other).await);
}
