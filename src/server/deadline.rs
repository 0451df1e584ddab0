//! Deadlines: every request has one, and everything it waits for ends by then.

use super::App;
use crate::error::AppError;
use crate::i18n::t;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

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

/// In the extensions of a request that only reads, though its method does not say so.
#[derive(Clone, Copy)]
pub struct OnlyReads;

/// In the extensions of the answer to a request whose deadline passed.
#[derive(Clone, Copy)]
pub struct Passed;

/// Returns the time by which the current request must be answered; `None` outside one.
pub fn current() -> Option<Instant> {
    DEADLINE.try_with(|deadline| deadline.at).ok()
}

/// Returns the current request's deadline, to hand to work done in a task of its own.
pub fn present() -> Option<Deadline> {
    DEADLINE.try_with(Clone::clone).ok()
}

/// Returns a deadline for a part of an answer that is streamed after its head.
pub fn by(at: Instant) -> Deadline {
    Deadline {
        at,
        patience: Patience::default(),
    }
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

/// Returns true if the request changes nothing.
pub fn only_reads(request: &Request) -> bool {
    request.method().is_safe()
        || request.extensions().get::<OnlyReads>().is_some()
        || READING.contains(&request.uri().path())
}

/// Returns the time that the client gives the request, if it says so as clients of gRPC do: a number of at most eight
/// digits and its unit.
pub fn asked(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let is_number = (1..=8).contains(&number.len()) && number.bytes().all(|it| it.is_ascii_digit());
    let number = number.parse().ok().filter(|_| is_number)?;
    match unit {
        "H" => Some(Duration::from_hours(number)),
        "M" => Some(Duration::from_mins(number)),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

/// Gate: past the deadline the work is dropped, its transaction with it, and the response is 503.
///
/// Work that shares a commit with others, or was being committed, may still be done, but never by
/// halves: so only requests that change nothing are told to simply try again.
pub async fn enforce<F>(app: &App, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let change = !only_reads(&request);
    let message = match change {
        false => t!("server-too-long"),
        true => t!("server-too-long-write"),
    };
    let most = app.config.server.request_timeout();
    let at = Instant::now() + asked(request.headers()).map_or(most, |asked| asked.min(most));
    let patience = request.extensions().get::<Patience>().cloned();
    let patience = patience.unwrap_or_default();
    let deadline = Deadline { at, patience };
    let answer = CHANGE.scope(change, DEADLINE.scope(deadline, next(request)));
    match tokio::time::timeout_at(at.into(), answer).await {
        Ok(response) => response,
        Err(_) => {
            let mut response = AppError::unavailable(message).into_response();
            response.extensions_mut().insert(Passed);
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::asked;
    use axum::http::{HeaderMap, HeaderValue};
    use std::time::Duration;

    #[test]
    fn a_client_gives_its_call_the_time_it_says_or_none() {
        let asked = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("grpc-timeout", HeaderValue::from_str(text).expect("text"));
            asked(&headers)
        };
        assert_eq!(asked("250m"), Some(Duration::from_millis(250)));
        assert_eq!(asked("99999999H"), Some(Duration::from_hours(99_999_999)));
        assert_eq!(asked("1S"), Some(Duration::from_secs(1)));
        assert_eq!(asked("7u"), Some(Duration::from_micros(7)));
        for wrong in [
            "",
            "S",
            "1",
            "1s",
            "-1S",
            "+1S",
            "123456789S",
            "1.5S",
            "1 S",
        ] {
            assert_eq!(asked(wrong), None, "{wrong}");
        }
        assert_eq!(super::asked(&HeaderMap::new()), None);
    }
}
