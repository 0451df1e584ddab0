//! Sends an event to a subscriber, signed as Standard Webhooks specifies.

use super::attempt_store::Attempt;
use super::client::{cause, too_late};
use super::destination::{Terms, check_url};
use super::signature::Secret;
use super::store::{Webhook, find_webhook};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::events::delivery::{Outcome, Sent};
use crate::events::outbox::OutboxEvent;
use crate::events::rules::{VERSION, cut, message_id, retry_after};
use crate::i18n::t;
use crate::server::App;
use crate::server::config::Environment;
use crate::server::outbound::{Failure, Outbound};
use crate::server::telemetry::traces;
use reqwest::{RequestBuilder, Response, StatusCode, Url, header};
use serde_json::{Value, json};
use std::time::Instant;
use tracing::{Instrument, Span};

/// The maximum of a response that is read, in bytes, and kept, in characters.
const ANSWER_BYTES: usize = 4_096;
const ANSWER_KEPT: usize = 1_000;

/// Returns the requirements for URLs under this configuration.
pub fn terms(app: &App) -> Terms {
    Terms {
        allow_private: app.config.webhooks.allow_private,
        https_only: app.config.server.environment == Environment::Production,
    }
}

/// Sends the event, unless the subscriber is paused or gone, or failed too often of late. A delivery that was
/// tried before takes a retry from the subscriber's budget.
pub async fn send(app: &App, webhook: i64, event: &OutboxEvent, again: bool) -> Sent {
    let found = match read_webhook(app, webhook).await {
        Ok(found) => found.filter(|webhook| webhook.paused_at.is_none()),
        Err(error) => return Outcome::Failed(error.message).into(),
    };
    let Some(webhook) = found else {
        return Outcome::Postponed.into();
    };
    let way = app.webhook_client.way(webhook.id, &webhook.url);
    if again && !way.may_retry() {
        return Sent::postponed(1);
    }
    let (started, at) = (Instant::now(), app.clock.now());
    let answered = match check_url(&webhook.url, terms(app)) {
        Ok(url) => {
            let span = tracing::debug_span!(
                "webhook",
                otel.name = "POST webhook",
                otel.kind = "client",
                server.address = url.host_str(),
                webhook.id = webhook.id
            );
            let request = request(app, url, &webhook, event, at);
            post(way, request, at).instrument(span).await
        }
        Err(error) => Err(Failure::Failed(error)),
    };
    let (status, answer, wait, error) = match answered {
        Ok(Answered { status, text, .. }) if status.is_success() => {
            (Some(status), text, None, String::new())
        }
        Ok(Answered { status, text, wait }) => (
            Some(status),
            text,
            wait,
            t!("events-webhook-answered", status = status.to_string()),
        ),
        Err(Failure::Open) => return Sent::postponed(app.config.outbound.breaker_open_seconds),
        Err(Failure::TimedOut(_)) => (None, String::new(), None, too_late()),
        Err(Failure::Failed(error)) => (None, String::new(), None, error),
    };
    let attempt = Attempt {
        status: status.map(|status| status.as_u16().into()),
        milliseconds: i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX),
        answer: cut(&answer, ANSWER_KEPT),
        error: cut(&error, ANSWER_KEPT),
        at,
    };
    let outcome = match status {
        Some(StatusCode::GONE) => Outcome::Gone,
        _ if error.is_empty() => Outcome::Done,
        _ => Outcome::Failed(error),
    };
    Sent {
        outcome,
        attempt: Some(attempt),
        wait,
    }
}

/// A subscriber's response.
struct Answered {
    status: StatusCode,
    /// The beginning of the body.
    text: String,
    /// The wait it asked for, in seconds.
    wait: Option<i64>,
}

async fn read_webhook(app: &App, id: i64) -> Result<Option<Webhook>, AppError> {
    let mut conn = app.db.read().await?;
    Ok(find_webhook(&mut conn, id).await?)
}

/// Returns the body: `{"type": …, "version": …, "timestamp": …, "data": …}`.
fn body(event: &OutboxEvent) -> String {
    let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
    json!({ "type": event.topic, "version": VERSION, "timestamp": event.at, "data": data })
        .to_string()
}

/// Signs with the present secret, and with the previous one while it is valid: `v1,… v1,…`.
fn signatures(webhook: &Webhook, id: &str, body: &str, at: Timestamp) -> String {
    let old = webhook.old_secret_until.filter(|until| *until > at);
    let secrets = [Some(&webhook.secret), old.map(|_| &webhook.old_secret)];
    let signed = secrets.into_iter().flatten().filter_map(|secret| {
        let secret = Secret::parse(secret).ok()?;
        Some(secret.sign(id, at.seconds(), body.as_bytes()))
    });
    signed.collect::<Vec<_>>().join(" ")
}

fn request(
    app: &App,
    url: Url,
    webhook: &Webhook,
    event: &OutboxEvent,
    at: Timestamp,
) -> RequestBuilder {
    let (id, body) = (message_id(event.seq), body(event));
    let client = app.webhook_client.get(app.config.webhooks.allow_private);
    client
        .post(url)
        .header(header::CONTENT_TYPE, "application/json")
        .header("webhook-id", &id)
        .header("webhook-timestamp", at.seconds())
        .header("webhook-signature", signatures(webhook, &id, &body, at))
        .body(body)
}

/// A failure of the subscriber, as its breaker counts them.
enum Trouble {
    Unreachable(String),
    /// It answered that it is in trouble itself.
    Answered(Response),
}

async fn post(
    way: Outbound,
    request: RequestBuilder,
    at: Timestamp,
) -> Result<Answered, Failure<String>> {
    let request = match traces::traceparent(&Span::current()) {
        Some(parent) => request.header("traceparent", parent),
        None => request,
    };
    let posted = way.call(async move {
        let answer = request.send().await;
        let answer = answer.map_err(|error| Trouble::Unreachable(cause(&error)))?;
        let status = answer.status();
        let in_trouble = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        match in_trouble {
            true => Err(Trouble::Answered(answer)),
            false => Ok(answer),
        }
    });
    match posted.await {
        Ok(answer) | Err(Failure::Failed(Trouble::Answered(answer))) => Ok(read(answer, at).await),
        Err(Failure::Failed(Trouble::Unreachable(cause))) => Err(Failure::Failed(cause)),
        Err(Failure::TimedOut(after)) => Err(Failure::TimedOut(after)),
        Err(Failure::Open) => Err(Failure::Open),
    }
}

async fn read(answer: Response, at: Timestamp) -> Answered {
    let status = answer.status();
    let asked = answer.headers().get(header::RETRY_AFTER);
    let wait = asked.and_then(|value| retry_after(value.to_str().ok()?, at));
    // The body is worth keeping, but only the status counts, and that has arrived.
    let text = read_beginning(answer).await.unwrap_or_default();
    Answered { status, text, wait }
}

async fn read_beginning(mut answer: Response) -> reqwest::Result<String> {
    let mut bytes = Vec::new();
    while bytes.len() < ANSWER_BYTES
        && let Some(chunk) = answer.chunk().await?
    {
        bytes.extend_from_slice(&chunk[..chunk.len().min(ANSWER_BYTES - bytes.len())]);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
