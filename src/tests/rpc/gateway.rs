//! The gateway: the JSON API of one server, answered by another's gRPC.

use super::listener::{free_address, serve};
use crate::support::company::post;
use crate::support::eventually::eventually;
use crate::support::process::Server;
use crate::support::{Answer, Client, app_on};
use crate::trials::registry::{Registry, faulty_fields};
use axum::Router;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::server::router;
use serde_json::{Value, json};
use std::net::SocketAddr;

/// A server without a key for names, so that it can register nobody by itself, before one that can.
struct Gateway {
    registry: Registry,
    behind: Server,
    address: SocketAddr,
    front: Router,
}

impl Gateway {
    async fn open() -> Self {
        let registry = Registry::open().await;
        let address = free_address();
        let behind = serve(&registry, address, &[]).await;
        let mut config = registry.server.app.config.clone();
        config.trials.name_key = String::new();
        config.trials.rpc_url = format!("http://{address}");
        let front = router(app_on(config));
        Self {
            registry,
            behind,
            address,
            front,
        }
    }
}

async fn read(client: &mut Client, subject: &Value) -> Answer {
    client
        .api(&format!("/api/v1/subjects/{}", subject["id"]))
        .await
}

#[tokio::test]
async fn the_api_is_the_same_before_and_behind_it() {
    let gateway = Gateway::open().await;
    let mut coordinator = gateway.registry.coordinator.at(&gateway.front);
    let mut own = gateway.registry.coordinator.clone();
    let body = gateway.registry.subject("Mei Chen", "01");
    let headers = [
        ("idempotency-key", "monday-1"),
        ("content-type", "application/json"),
    ];
    let sent = coordinator.send(
        Method::POST,
        "/api/v1/subjects",
        &headers,
        body.to_string().into(),
    );
    let made = sent.await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let subject = made.data();
    assert_eq!(
        made.header("location"),
        format!("/api/v1/subjects/{}", subject["id"])
    );
    assert_eq!(
        read(&mut coordinator, &subject).await.data(),
        read(&mut own, &subject).await.data()
    );
    let path = format!("/api/v1/subjects/{}", subject["id"]);
    let change = json!({ "version": 1, "reason": "Misheard", "age": 45, "arm": "Morning" });
    let changed = coordinator
        .send_json(Method::PATCH, &path, change.clone())
        .await;
    assert_eq!(changed.data()["arm"], "Morning", "{}", changed.body);
    let stale = coordinator.send_json(Method::PATCH, &path, change).await;
    assert_eq!(
        (stale.status, stale.json()["code"].as_i64()),
        (StatusCode::CONFLICT, Some(3001))
    );
    for name in ["Noor Haddad", "Ada Obi"] {
        let body = gateway.registry.subject(name, "02");
        assert_eq!(
            post(&mut coordinator, "/api/v1/subjects", body)
                .await
                .status,
            201
        );
    }
    let mut cursor = String::new();
    for _ in 0..2 {
        let path = format!("/api/v1/subjects?limit=2&cursor={cursor}");
        let (front, behind) = (coordinator.api(&path).await, own.api(&path).await);
        assert_eq!(front.json()["data"], behind.json()["data"]);
        cursor = front.data()["next_cursor"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
    }
    let gone = coordinator
        .send_json(Method::DELETE, &path, json!(null))
        .await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.body);
    assert_eq!(read(&mut own, &subject).await.data()["status"], "withdrawn");
    gateway.registry.check().await;
}

#[tokio::test]
async fn a_refusal_comes_through_as_it_is() {
    let mut gateway = Gateway::open().await;
    let mut coordinator = gateway.registry.coordinator.at(&gateway.front);
    let mut own = gateway.registry.coordinator.clone();
    for wrong in [
        json!({}),
        json!({ "name": "", "age": 0, "project_id": gateway.registry.study }),
        json!({ "name": "Mei Chen", "age": 54, "project_id": 999 }),
        json!({ "name": 7, "age": "old", "project_id": "x" }),
        json!({ "name": "Mei Chen", "age": 54, "project_id": gateway.registry.study, "site": "09" }),
    ] {
        let front = post(&mut coordinator, "/api/v1/subjects", wrong.clone()).await;
        let behind = post(&mut own, "/api/v1/subjects", wrong).await;
        assert_eq!(faulty_fields(&front), faulty_fields(&behind));
        assert_eq!(front.json()["code"], behind.json()["code"]);
        assert_eq!(front.json()["errors"], behind.json()["errors"]);
    }
    let subject = gateway.registry.register("Mei Chen", "01").await;
    let path = format!("/api/v1/subjects/{}", subject["id"]);
    for wrong in [
        json!({}),
        json!({ "version": 1, "reason": "", "age": 0, "sex": "x", "status": "lost", "name": "" }),
        json!({ "version": 1, "reason": "As planned", "status": "completed" }),
        json!({ "version": 1, "reason": "As planned", "arm": "Noon" }),
    ] {
        let front = coordinator
            .send_json(Method::PATCH, &path, wrong.clone())
            .await;
        let behind = own.send_json(Method::PATCH, &path, wrong).await;
        assert_eq!(front.status, behind.status, "{}", front.body);
        let [front, behind] = [front, behind].map(|answer| {
            let told = answer.json();
            ["code", "message", "errors"].map(|key| told[key].clone())
        });
        assert_eq!(front, behind);
    }
    for path in [
        "/api/v1/subjects/999",
        "/api/v1/subjects?status=lost",
        "/api/v1/subjects?project_id=999",
        "/api/v1/subjects?cursor=nonsense",
    ] {
        let (front, behind) = (coordinator.api(path).await, own.api(path).await);
        assert_eq!(front.status, behind.status, "{path}");
        assert_eq!(front.json()["message"], behind.json()["message"], "{path}");
    }
    let stranger = gateway.registry.server.program(Role::Customer).await;
    let mut stranger = stranger.at(&gateway.front);
    let hidden = stranger.api("/api/v1/subjects/1").await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    let browser = gateway.registry.server.signed_in(Role::Admin).await;
    let mut browser = browser.at(&gateway.front);
    let unknown = browser.api("/api/v1/subjects").await;
    assert_eq!(unknown.status, StatusCode::UNAUTHORIZED, "{}", unknown.body);
    assert!(
        unknown.json()["message"]
            .as_str()
            .is_some_and(|it| it.contains("access token"))
    );
}

#[tokio::test]
async fn a_server_that_is_away_is_waited_for_no_longer_than_it_takes_to_notice() {
    let mut gateway = Gateway::open().await;
    let mut coordinator = gateway.registry.coordinator.at(&gateway.front);
    gateway.behind.kill();
    let mut told = Vec::new();
    for _ in 0..4 {
        let answer = coordinator.api("/api/v1/subjects").await;
        assert_eq!(
            answer.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "{}",
            answer.body
        );
        assert!(!answer.header("retry-after").is_empty());
        told.push(answer.json()["message"].clone());
    }
    assert!(
        told.iter()
            .all(|message| message.as_str().is_some_and(|it| it.contains("subjects")))
    );
    // It comes back, and so do the calls, once the breaker tries one.
    gateway.behind = serve(&gateway.registry, gateway.address, &[]).await;
    eventually(async || {
        let answer = coordinator.api("/api/v1/subjects").await;
        match answer.status {
            StatusCode::OK => Ok(()),
            _ => Err(answer.body),
        }
    })
    .await;
}
