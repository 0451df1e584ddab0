//! `POST /webhooks/{payments, inventory, shipping, risk}`: receives messages from other systems.
//!
//! A message is stored and acknowledged at once, and applied later: see [`super::apply`]. The
//! routes use no session and no cookie, so they are outside the guard against cross-site forms; the
//! signature authenticates the sender.

use super::bell::ring_inbox;
use super::message::{Outline, Source};
use super::signed::Signed;
use super::store::{Arrival, create_message};
use crate::error::AppError;
use crate::events::webhooks::Secret;
use crate::i18n::t;
use crate::server::{App, ok};
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::json;

/// The maximum size of a message, in bytes.
const LARGEST: usize = 64 << 10;

pub fn receive_router() -> Router<App> {
    let route = |router: Router<App>, source: Source| {
        let handler =
            async move |State(app), headers, body| receive(app, source, headers, body).await;
        router.route(&format!("/webhooks/{source}"), post(handler))
    };
    Source::ALL
        .into_iter()
        .fold(Router::new(), route)
        .method_not_allowed_fallback(async || AppError::method_not_allowed())
        .layer(DefaultBodyLimit::max(LARGEST))
}

async fn receive(
    app: App,
    source: Source,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, AppError> {
    let secret = secret_of(&app, source)?;
    let (body, now) = (body?, app.clock.now());
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let signed = Signed {
        id: header("webhook-id").unwrap_or_default(),
        timestamp: header("webhook-timestamp").unwrap_or_default(),
        signatures: header("webhook-signature").unwrap_or_default(),
        body: &body,
    };
    signed
        .verify(&secret, now.seconds())
        .map_err(AppError::expired)?;
    let unreadable = || AppError::unreadable(t!("events-inbox-unreadable"));
    let text = std::str::from_utf8(&body).map_err(|_| unreadable())?;
    let outline = Outline::read(text).ok_or_else(unreadable)?;
    let arrival = Arrival {
        source,
        message_id: signed.id.to_owned(),
        topic: outline.topic,
        subject: outline.subject,
        body: text.to_owned(),
        happened_at: outline.happened_at.unwrap_or(now),
    };
    let work = app.db.write_grouped(move |conn| {
        Box::pin(async move { Ok(create_message(conn, &arrival, now).await?) })
    });
    let fresh = work.await?;
    ring_inbox();
    let answer = ok(json!({ "duplicate": !fresh }));
    Ok((StatusCode::ACCEPTED, answer).into_response())
}

/// Returns the source's signing secret, or an error if none is configured.
fn secret_of(app: &App, source: Source) -> Result<Secret, AppError> {
    let secret = app.config.webhooks.secret(source);
    if secret.is_empty() {
        let variable = source.as_str().to_uppercase();
        let message = t!(
            "events-inbox-not-set-up",
            source = source.as_str(),
            variable = format!("GUILDHALL_WEBHOOKS_{variable}_SECRET")
        );
        return Err(AppError::forbidden(message));
    }
    Secret::parse(secret).map_err(|_| AppError::internal())
}
