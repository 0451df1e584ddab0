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
///
/// What shares a commit with others, or was being committed, may be done all the same, but never by
/// halves: so only those who asked for nothing to be changed are told to simply try again.
pub async fn enforce(State(app): State<App>, request: Request, next: Next) -> Response {
    let message = if request.method().is_safe() {
        "This took too long and was stopped. Please try again in a moment."
    } else {
        "This took too long. It was done as a whole or not at all: look which, before you send it again."
    };
    let at = Instant::now() + app.config.server.request_timeout();
    let answer = DEADLINE.scope(at, next.run(request));
    match tokio::time::timeout_at(at.into(), answer).await {
        Ok(response) => response,
        Err(_) => AppError::unavailable(message).into_response(),
    }
}
