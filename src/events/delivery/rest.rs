//! `/api/v1/events/dead`.

use super::dead_letter_store::{self, DeadLetter};
use super::dead_letters;
use crate::accounts::Staff;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::events::webhooks::ListQuery;
use crate::server::{App, Cursor, PageOf, Path, Query, no_content, ok, page_size};
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn api_router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_dead))
        .routes(routes!(retry_dead))
        .routes(routes!(discard_dead))
}

/// A delivery that failed on every try.
#[derive(Serialize, ToSchema)]
struct DeadBody {
    id: i64,
    /// The event's sequence number.
    event: i64,
    #[serde(rename = "type")]
    topic: String,
    /// The event's subject, e.g. `order-2026-000001`.
    subject: String,
    /// The recipient: `mail`, `fulfilment` or `webhook-ID`.
    consumer: String,
    tries: i64,
    /// The error of the last try.
    error: String,
    /// The time of the event.
    at: Timestamp,
    /// The time of the last try.
    died_at: Option<Timestamp>,
}

impl From<DeadLetter> for DeadBody {
    fn from(letter: DeadLetter) -> Self {
        Self {
            id: letter.id,
            event: letter.seq,
            consumer: letter
                .consumer()
                .map_or_else(String::new, |it| it.to_string()),
            topic: letter.topic,
            subject: letter.subject,
            tries: letter.tries,
            error: letter.last_error,
            at: letter.at,
            died_at: letter.settled_at,
        }
    }
}

/// Dead letters, newest first. Staff only.
#[utoipa::path(get, path = "/events/dead", tag = "events", security(("bearer" = ["staff"])), params(ListQuery),
    responses((status = 200, body = PageOf<DeadBody>), (status = 403, description = "Not staff")))]
async fn list_dead(
    State(app): State<App>,
    _: Staff,
    Query(query): Query<ListQuery>,
) -> Result<Response, AppError> {
    let before = Cursor::before(&query.cursor)?;
    let size = page_size(query.limit);
    let mut conn = app.db.read().await?;
    let letters = dead_letter_store::list_dead(&mut conn, before, size + 1).await?;
    let page = PageOf::from_rows(letters, size, |last| Cursor::new([&last.id]));
    Ok(ok(page.map(DeadBody::from)))
}

/// Retry a dead letter, with its try count reset. Staff only.
#[utoipa::path(post, path = "/events/dead/{id}/retry", tag = "events", security(("bearer" = ["staff"])), params(("id" = i64, Path)),
    responses((status = 204, description = "It is on its way"), (status = 403, description = "Not staff"),
              (status = 404, description = "No such dead letter")))]
async fn retry_dead(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    dead_letters::retry_dead(&app, &user, id).await?;
    Ok(no_content())
}

/// Discard a dead letter. Staff only.
#[utoipa::path(delete, path = "/events/dead/{id}", tag = "events", security(("bearer" = ["staff"])), params(("id" = i64, Path)),
    responses((status = 204, description = "Discarded"), (status = 403, description = "Not staff"),
              (status = 404, description = "No such dead letter")))]
async fn discard_dead(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    dead_letters::discard_dead(&app, &user, id).await?;
    Ok(no_content())
}
