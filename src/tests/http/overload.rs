//! More requests than can be in progress: visitors are turned away first, in the plainest way, and staff get
//! through.

use crate::support::TestServer;
use crate::support::eventually::in_time;
use axum::Router;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use guildhall::accounts::Role;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;
use tokio::task::yield_now;

#[tokio::test]
async fn the_last_places_are_for_those_who_work_here() {
    let server = TestServer::start_with(|config| config.limits.requests_in_progress = 10).await;
    let (begun, end) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let hanging = {
        let (begun, end) = (Arc::clone(&begun), Arc::clone(&end));
        get(async move || {
            let ended = end.notified();
            begun.fetch_add(1, Ordering::SeqCst);
            ended.await;
        })
    };
    let slow = server.client_with(Router::new().route("/slow", hanging));
    let router = slow.router();
    let mut visitor = server.visitor().at(&router);
    let mut customer = server.signed_in(Role::Customer).await.at(&router);
    let mut staff = server.signed_in(Role::Staff).await.at(&router);

    let mut waiting = Vec::new();
    for expected in 1..=7 {
        let mut client = slow.clone();
        waiting.push(tokio::spawn(
            async move { client.get("/slow").await.status },
        ));
        while begun.load(Ordering::SeqCst) < expected {
            yield_now().await;
        }
    }
    for path in ["/login", "/products", "/slow"] {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(answer.header("retry-after"), "1");
        assert!(
            answer.body.contains("The service is busy"),
            "{}",
            answer.body
        );
        assert!(!answer.body.contains("<script"), "a page is work too");
    }
    let answer = visitor.api("/api/v1/products").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!((answer.code(), answer.header("retry-after")), (1504, "1"));
    assert_eq!(answer.json()["trace_id"], answer.header("x-request-id"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    // Nobody is looked for, nor is a session that was made up: each is told in the language asked for.
    let chinese = [("accept", "text/html"), ("accept-language", "zh-CN")];
    for cookie in ["theme=dark", "session=AAAAAAAAAAAAAAAAAAAAAA"] {
        let headers = [&chinese[..], &[("cookie", cookie)]].concat();
        let answer = visitor
            .send(Method::GET, "/login", &headers, Body::empty())
            .await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{cookie}");
        assert_eq!(answer.header("retry-after"), "1");
        assert!(answer.body.contains("服务繁忙"), "{}", answer.body);
    }
    for path in ["/readyz", "/api/health", "/pkg/none.css", "/none.svg"] {
        let answer = visitor.get(path).await;
        assert_ne!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    let refused = server.app.metrics.refusals.overload.get();
    assert_eq!(refused, 6, "each is counted once");
    // Whoever sends something, or is signed in, and those who watch over the server.
    let sent = visitor
        .post("/login", &[("email", "a@b.test"), ("password", "x")])
        .await;
    assert_eq!(sent.status, StatusCode::UNAUTHORIZED);
    assert_eq!(customer.get("/account").await.status, StatusCode::OK);
    assert_eq!(visitor.api("/livez").await.status, StatusCode::OK);

    let mut client = customer.clone();
    waiting.push(tokio::spawn(
        async move { client.get("/slow").await.status },
    ));
    while begun.load(Ordering::SeqCst) < 8 {
        yield_now().await;
    }
    assert_eq!(
        customer.get("/account").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(staff.get("/orders/all").await.status, StatusCode::OK);

    end.notify_waiters();
    for one in waiting {
        assert_eq!(in_time(one).await.expect("no panic"), StatusCode::OK);
    }
    assert_eq!(visitor.get("/login").await.status, StatusCode::OK);
    assert_eq!(server.app.overload.in_progress(), (0, 10));
}
