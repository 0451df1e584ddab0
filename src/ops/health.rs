//! `/livez`, `/readyz` and `/api/health`.

use crate::server::{App, with_db};
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::time::Duration;

/// How long the database may take to show that it is there.
const PATIENCE: Duration = Duration::from_millis(1_500);

pub fn router() -> Router<App> {
    Router::new()
        .route("/livez", get(async || "ok"))
        .route("/readyz", get(ready))
        .route("/api/health", get(health))
}

/// Whether to send people here: not while stopping, nor without the database.
async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.is_draining() {
        (StatusCode::SERVICE_UNAVAILABLE, "draining")
    } else if !database_answers(&app).await {
        (StatusCode::SERVICE_UNAVAILABLE, "database disconnected")
    } else {
        (StatusCode::OK, "ok")
    }
}

async fn health(State(app): State<App>) -> (StatusCode, Json<Value>) {
    if database_answers(&app).await {
        (
            StatusCode::OK,
            Json(json!({ "status": "ok", "database": "connected" })),
        )
    } else {
        let body = json!({ "status": "degraded", "database": "disconnected" });
        (StatusCode::SERVICE_UNAVAILABLE, Json(body))
    }
}

async fn database_answers(app: &App) -> bool {
    let ask = async {
        let mut conn = app.db.read().await?;
        let query = "SELECT COUNT(*) FROM users WHERE id = 0";
        with_db!(&mut conn, |c| sqlx::query_scalar::<_, i64>(query)
            .fetch_one(c)
            .await)
    };
    matches!(tokio::time::timeout(PATIENCE, ask).await, Ok(Ok(_)))
}
