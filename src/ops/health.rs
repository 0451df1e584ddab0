//! `/livez`, `/readyz` and `/api/health`.

use super::store::count_nobody;
use crate::server::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::time::Duration;

/// The timeout of the database check.
const PATIENCE: Duration = Duration::from_millis(1_500);

pub fn router() -> Router<App> {
    Router::new()
        .route("/livez", get(async || "ok"))
        .route("/readyz", get(ready))
        .route("/api/health", get(health))
}

/// Reports readiness for traffic: not while stopping, nor without a writable database.
async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.is_draining() {
        return (StatusCode::SERVICE_UNAVAILABLE, "draining");
    }
    match look_at(&app).await {
        Database::Connected => (StatusCode::OK, "ok"),
        Database::ReadOnly => (StatusCode::SERVICE_UNAVAILABLE, "database read-only"),
        Database::Disconnected => (StatusCode::SERVICE_UNAVAILABLE, "database disconnected"),
    }
}

/// Returns true if the server is ready for traffic.
pub async fn is_ready(app: &App) -> bool {
    !app.is_draining() && matches!(look_at(app).await, Database::Connected)
}

async fn health(State(app): State<App>) -> (StatusCode, Json<Value>) {
    let (status, word, database) = match look_at(&app).await {
        Database::Connected => (StatusCode::OK, "ok", "connected"),
        Database::ReadOnly => (StatusCode::SERVICE_UNAVAILABLE, "degraded", "read-only"),
        Database::Disconnected => (StatusCode::SERVICE_UNAVAILABLE, "degraded", "disconnected"),
    };
    (
        status,
        Json(json!({ "status": word, "database": database })),
    )
}

enum Database {
    Connected,
    /// It responds, but writes are not saved.
    ReadOnly,
    Disconnected,
}

async fn look_at(app: &App) -> Database {
    let both = Box::pin(async { tokio::join!(database_answers(app), app.db.takes_writes()) });
    match tokio::time::timeout(PATIENCE, both).await {
        Ok((true, true)) => Database::Connected,
        Ok((true, false)) => Database::ReadOnly,
        _ => Database::Disconnected,
    }
}

async fn database_answers(app: &App) -> bool {
    let ask = async {
        let mut conn = app.db.read().await?;
        count_nobody(&mut conn).await
    };
    ask.await.is_ok()
}
