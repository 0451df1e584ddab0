//! Every request has a deadline, and all it waits for ends by then.

use super::App;
use crate::error::AppError;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Instant;

tokio::task_local! {
    static DEADLINE: Instant;
}

/// When the present request must be answered; nothing outside one.
pub fn current() -> Option<Instant> {
    DEADLINE.try_with(|at| *at).ok()
}

/// Middleware: past the deadline the work is dropped, its transaction with it, and the answer is 503.
pub async fn enforce(State(app): State<App>, request: Request, next: Next) -> Response {
    let at = Instant::now() + app.config.server.request_timeout();
    let answer = DEADLINE.scope(at, next.run(request));
    match tokio::time::timeout_at(at.into(), answer).await {
        Ok(response) => response,
        Err(_) => AppError::unavailable(
            "This took too long and was stopped. Nothing was changed; please try again.",
        )
        .into_response(),
    }
}
