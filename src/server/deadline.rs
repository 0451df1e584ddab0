//! Deadlines: every request has one, and everything it waits for ends by then.

use super::App;
use crate::error::AppError;
use crate::i18n::t;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

#[derive(Clone)]
pub struct Deadline {
    at: Instant,
    patience: Patience,
}

/// A note that a wait for a connection was in vain. Shared by a request and the request for the
/// page that shows its outcome.
#[derive(Clone, Default)]
pub struct Patience(Arc<AtomicBool>);

tokio::task_local! {
    static DEADLINE: Deadline;
    /// True where something is to be changed.
    static CHANGE: bool;
}

/// Server functions that only read. They are called by POST as all of them are.
const READING: [&str; 2] = ["/fn/read_meters", "/fn/suggest_products"];

/// Returns the time by which the current request must be answered; `None` outside one.
pub fn current() -> Option<Instant> {
    DEADLINE.try_with(|deadline| deadline.at).ok()
}

/// Returns the current request's deadline, to hand to work done in a task of its own.
pub fn present() -> Option<Deadline> {
    DEADLINE.try_with(Clone::clone).ok()
}

/// Runs the work under that deadline, in whatever task.
pub async fn within<F: Future>(deadline: Option<Deadline>, work: F) -> F::Output {
    match deadline {
        Some(deadline) => DEADLINE.scope(deadline, work).await,
        None => work.await,
    }
}

/// Returns true within a request or a write that is to change something: then it matters to whoever made it that it
/// was not saved.
pub fn is_of_change() -> bool {
    CHANGE.try_with(|change| *change) == Ok(true)
}

/// Runs the work as one that changes something, in whatever task.
pub async fn changing<F: Future>(work: F) -> F::Output {
    CHANGE.scope(true, work).await
}

/// Waits for a connection, unless the current request already did so in vain: an unavailable database would
/// otherwise be waited for once to authenticate, once for the request itself and once for the error page.
pub async fn wait_once<T>(connection: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    if DEADLINE.try_with(|deadline| deadline.patience.0.load(Ordering::Relaxed)) == Ok(true) {
        return Err(sqlx::Error::PoolTimedOut);
    }
    let got = connection.await;
    if matches!(got, Err(sqlx::Error::PoolTimedOut)) {
        // Outside a request there is nothing to record it in.
        let _ = DEADLINE.try_with(|deadline| deadline.patience.0.store(true, Ordering::Relaxed));
    }
    got
}

/// Gate: past the deadline the work is dropped, its transaction with it, and the response is 503.
///
/// Work that shares a commit with others, or was being committed, may still be done, but never by
/// halves: so only requests that change nothing are told to simply try again.
pub async fn enforce<F>(app: &App, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let message = if request.method().is_safe() {
        t!("server-too-long")
    } else {
        t!("server-too-long-write")
    };
    let path = request.uri().path();
    let change = !request.method().is_safe() && !READING.contains(&path);
    let at = Instant::now() + app.config.server.request_timeout();
    let patience = request.extensions().get::<Patience>().cloned();
    let patience = patience.unwrap_or_default();
    let deadline = Deadline { at, patience };
    let answer = CHANGE.scope(change, DEADLINE.scope(deadline, next(request)));
    match tokio::time::timeout_at(at.into(), answer).await {
        Ok(response) => response,
        Err(_) => AppError::unavailable(message).into_response(),
    }
}
