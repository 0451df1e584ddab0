//! Deadlines: every request has one, and all it waits for ends by then.

use super::App;
use crate::error::AppError;
use crate::i18n::t;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

#[derive(Clone)]
pub struct Deadline {
    at: Instant,
    patience: Patience,
}

/// That somebody waited for a connection in vain. Shared by a request and that for the page which shows
/// how it ended.
#[derive(Clone, Default)]
pub struct Patience(Arc<AtomicBool>);

tokio::task_local! {
    static DEADLINE: Deadline;
}

/// When the present request must be answered; nothing outside one.
pub fn current() -> Option<Instant> {
    DEADLINE.try_with(|deadline| deadline.at).ok()
}

/// The present request's deadline, to be taken along to work that is done in a task of its own.
pub fn present() -> Option<Deadline> {
    DEADLINE.try_with(Clone::clone).ok()
}

/// Does the work by that deadline, wherever it is done.
pub async fn within<F: Future>(deadline: Option<Deadline>, work: F) -> F::Output {
    match deadline {
        Some(deadline) => DEADLINE.scope(deadline, work).await,
        None => work.await,
    }
}

/// Waits for a connection, unless the present request has done so in vain: a database that is away would
/// otherwise be waited for once for who it is, once for what is asked, and once for the page that says so.
pub async fn wait_once<T>(connection: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    if DEADLINE.try_with(|deadline| deadline.patience.0.load(Ordering::Relaxed)) == Ok(true) {
        return Err(sqlx::Error::PoolTimedOut);
    }
    let got = connection.await;
    if matches!(got, Err(sqlx::Error::PoolTimedOut)) {
        // Outside a request there is nothing to note it in.
        let _ = DEADLINE.try_with(|deadline| deadline.patience.0.store(true, Ordering::Relaxed));
    }
    got
}

/// Middleware: past the deadline the work is dropped, its transaction with it, and the answer is 503.
///
/// What shares a commit with others, or was being committed, may be done all the same, but never by
/// halves: so only those who asked for nothing to be changed are told to simply try again.
pub async fn enforce(State(app): State<App>, request: Request, next: Next) -> Response {
    let message = if request.method().is_safe() {
        t!("server-too-long")
    } else {
        t!("server-too-long-write")
    };
    let at = Instant::now() + app.config.server.request_timeout();
    let patience = request.extensions().get::<Patience>().cloned();
    let patience = patience.unwrap_or_default();
    let deadline = Deadline { at, patience };
    let answer = DEADLINE.scope(deadline, next.run(request));
    match tokio::time::timeout_at(at.into(), answer).await {
        Ok(response) => response,
        Err(_) => AppError::unavailable(message).into_response(),
    }
}
