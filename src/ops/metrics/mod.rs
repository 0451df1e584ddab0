//! `/metrics`: everything that the server measures, for Prometheus.

mod read;
mod store;

use crate::error::AppError;
use crate::server::App;
use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;

pub fn router() -> Router<App> {
    Router::new().route("/metrics", get(show))
}

async fn show(State(app): State<App>) -> Result<impl IntoResponse, AppError> {
    read::read_figures(&app).await?;
    app.metrics.note_places(app.overload.in_progress());
    app.metrics.note_cached(app.shop.sizes().await);
    let mut text = String::new();
    let written = app.metrics.write(&mut text);
    written.map_err(|_| AppError::internal())?;
    Ok((
        [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        text,
    ))
}
