//! The addresses of `/debug/pprof`.

use super::in_progress::list;
use super::sample::take;
use super::{flamegraph, protobuf};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Query};
use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Deserialize;
use std::io::Write;
use std::time::Duration;

/// The shortest and the longest profile, in seconds.
const SECONDS: std::ops::RangeInclusive<f64> = 0.01..=60.0;

/// The routes; none unless the settings ask for them.
pub fn router(app: &App) -> Router<App> {
    if !app.config.telemetry.profiling {
        return Router::new();
    }
    Router::new()
        .route("/debug/pprof/", get(index))
        .route("/debug/pprof/profile", get(profile))
        .route("/debug/pprof/flamegraph", get(flame_graph))
        .route("/debug/pprof/tasks", get(tasks))
        .merge(super::heap_router())
}

#[derive(Deserialize)]
struct Length {
    seconds: Option<f64>,
}

impl Length {
    /// As Go's handler has it: half a minute, unless asked otherwise.
    fn read(&self) -> Result<Duration, AppError> {
        let seconds = self.seconds.unwrap_or(30.0);
        if SECONDS.contains(&seconds) {
            return Ok(Duration::from_secs_f64(seconds));
        }
        let said = t!("ops-profile-seconds", most = SECONDS.end().to_string());
        Err(AppError::invalid("seconds", said))
    }
}

async fn index() -> impl IntoResponse {
    text(format!("{}\n", t!("ops-profile-index")))
}

async fn profile(Query(length): Query<Length>) -> Result<impl IntoResponse, AppError> {
    let profile = take(length.read()?).await?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // To a buffer in memory nothing can fail to be written.
    let _ = encoder.write_all(&protobuf::encode(&profile));
    Ok((
        [
            (CONTENT_TYPE, "application/octet-stream"),
            (
                CONTENT_DISPOSITION,
                "attachment; filename=\"profile.pb.gz\"",
            ),
            (CACHE_CONTROL, "no-store"),
        ],
        encoder.finish().unwrap_or_default(),
    ))
}

async fn flame_graph(Query(length): Query<Length>) -> Result<impl IntoResponse, AppError> {
    let profile = take(length.read()?).await?;
    let headers = [(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "no-store")];
    Ok((headers, flamegraph::draw(&profile)))
}

async fn tasks() -> impl IntoResponse {
    text(list())
}

fn text(text: String) -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, text)
}
