//! `/api/v1/webhooks/inbox`.

use super::manage;
use super::store::{InboxMessage, InboxState, list_messages};
use crate::accounts::Staff;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{App, Cursor, PageOf, Path, Query, no_content, ok, page_size};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn api_router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_inbox))
        .routes(routes!(retry_message))
        .routes(routes!(discard_message))
}

/// An incoming message and its outcome.
#[derive(Serialize, ToSchema)]
struct InboxBody {
    id: i64,
    /// `payments`, `inventory`, `shipping` or `risk`.
    source: &'static str,
    /// The sender's message id, from the `webhook-id` header.
    webhook_id: String,
    #[serde(rename = "type")]
    topic: String,
    /// The message's subject, e.g. `order-2026-000001`.
    subject: String,
    /// The payload; null once it has been settled for longer than payloads are kept.
    #[schema(value_type = Option<Object>)]
    body: Value,
    /// `waiting`, `applied`, `parked` or `discarded`.
    state: InboxState,
    /// The reason it waits or was parked, or the result of applying it.
    outcome: String,
    /// The time of the event, according to the sender.
    happened_at: Timestamp,
    received_at: Timestamp,
    settled_at: Option<Timestamp>,
}

impl From<InboxMessage> for InboxBody {
    fn from(message: InboxMessage) -> Self {
        Self {
            id: message.id,
            source: message.source().map_or("", super::message::Source::as_str),
            webhook_id: message.message_id,
            topic: message.topic,
            subject: message.subject,
            body: serde_json::from_str(&message.body).unwrap_or_default(),
            state: message.state,
            outcome: message.outcome,
            happened_at: message.happened_at,
            received_at: message.received_at,
            settled_at: message.settled_at,
        }
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct InboxQuery {
    /// `waiting`, `applied`, `parked` or `discarded`; all if absent.
    #[param(value_type = InboxState)]
    state: String,
    /// 1 to 100; 50 by default.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

/// Incoming messages, newest first. Staff only.
#[utoipa::path(get, path = "/webhooks/inbox", tag = "events", security(("bearer" = ["staff"])), params(InboxQuery),
    responses((status = 200, body = PageOf<InboxBody>), (status = 403, description = "Not staff"),
              (status = 422, description = "There is no such state")))]
async fn list_inbox(
    State(app): State<App>,
    _: Staff,
    Query(query): Query<InboxQuery>,
) -> Result<Response, AppError> {
    let wrong = |message: String| AppError::invalid("state", message);
    let state: Option<InboxState> = match query.state.as_str() {
        "" => None,
        word => Some(word.parse().map_err(wrong)?),
    };
    let before = Cursor::before(&query.cursor)?;
    let size = page_size(query.limit);
    let mut conn = app.db.read().await?;
    let messages = list_messages(&mut conn, state, before, size + 1).await?;
    let page = PageOf::from_rows(messages, size, |last| Cursor::new([&last.id]));
    Ok(ok(page.map(InboxBody::from)))
}

/// Retry a message that is waiting or parked. Staff only.
#[utoipa::path(post, path = "/webhooks/inbox/{id}/retry", tag = "events", security(("bearer" = ["staff"])), params(("id" = i64, Path)),
    responses((status = 204, description = "It is tried"), (status = 403, description = "Not staff"),
              (status = 404, description = "No such message"), (status = 409, description = "3502 dealt with before")))]
async fn retry_message(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    manage::retry_message(&app, &user, id).await?;
    Ok(no_content())
}

/// Discard a message that is waiting or parked. Staff only.
#[utoipa::path(delete, path = "/webhooks/inbox/{id}", tag = "events", security(("bearer" = ["staff"])), params(("id" = i64, Path)),
    responses((status = 204, description = "Discarded"), (status = 403, description = "Not staff"),
              (status = 404, description = "No such message"), (status = 409, description = "3502 dealt with before")))]
async fn discard_message(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    manage::discard_message(&app, &user, id).await?;
    Ok(no_content())
}
