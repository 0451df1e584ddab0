//! `/api/v1/webhooks/{id}/deliveries`.

use super::attempt_store::Attempt;
use super::rest::ListQuery;
use super::store::LoggedDelivery;
use super::{manage as webhooks, store as webhook_store};
use crate::accounts::Staff;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::events::delivery::DeliveryState;
use crate::events::rules::message_id;
use crate::server::{App, Cursor, PageOf, Path, Query, no_content, ok, page_size};
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn log_router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_deliveries))
        .routes(routes!(redeliver))
}

/// The outcome of one try.
#[derive(Serialize, ToSchema)]
struct AttemptBody {
    /// The response's status; absent if there was no response.
    status: Option<i64>,
    milliseconds: i64,
    /// The beginning of the response body.
    answer: String,
    /// The error; empty if it succeeded.
    error: String,
    at: Timestamp,
}

impl From<Attempt> for AttemptBody {
    fn from(attempt: Attempt) -> Self {
        let Attempt {
            status,
            milliseconds,
            answer,
            error,
            at,
        } = attempt;
        Self {
            status,
            milliseconds,
            answer,
            error,
            at,
        }
    }
}

/// A delivery to a subscriber, made or pending.
#[derive(Serialize, ToSchema)]
struct DeliveryBody {
    id: i64,
    /// The id it is sent with, in the `webhook-id` header.
    webhook_id: String,
    #[serde(rename = "type")]
    topic: String,
    subject: String,
    /// `waiting`, `done`, `dead` or `discarded`.
    state: DeliveryState,
    tries: i64,
    /// The tries that are kept, latest first.
    attempts: Vec<AttemptBody>,
    created_at: Timestamp,
    settled_at: Option<Timestamp>,
}

impl From<LoggedDelivery> for DeliveryBody {
    fn from(delivery: LoggedDelivery) -> Self {
        Self {
            id: delivery.id,
            webhook_id: message_id(delivery.seq),
            topic: delivery.topic,
            subject: delivery.subject,
            state: delivery.state,
            tries: delivery.tries,
            attempts: delivery
                .attempts
                .into_iter()
                .map(AttemptBody::from)
                .collect(),
            created_at: delivery.created_at,
            settled_at: delivery.settled_at,
        }
    }
}

/// Deliveries to a subscriber and their tries, newest first. Staff only.
#[utoipa::path(get, path = "/webhooks/{id}/deliveries", tag = "events", security(("bearer" = ["staff"])), params(("id" = i64, Path), ListQuery),
    responses((status = 200, body = PageOf<DeliveryBody>), (status = 403, description = "Not staff"),
              (status = 404, description = "No such webhook")))]
async fn list_deliveries(
    State(app): State<App>,
    _: Staff,
    Path(id): Path<i64>,
    Query(query): Query<ListQuery>,
) -> Result<Response, AppError> {
    let before = Cursor::before(&query.cursor)?;
    let size = page_size(query.limit);
    let mut conn = app.db.read().await?;
    webhooks::read_webhook(&mut conn, id).await?;
    let deliveries = webhook_store::list_deliveries(&mut conn, id, before, size + 1).await?;
    let page = PageOf::from_rows(deliveries, size, |last| Cursor::new([&last.id]));
    Ok(ok(page.map(DeliveryBody::from)))
}

/// Repeat a delivery or, if it waits for its next try, send it now. Staff only.
#[utoipa::path(post, path = "/webhooks/{id}/deliveries/{delivery}/redeliver", tag = "events", security(("bearer" = ["staff"])), params(("id" = i64, Path), ("delivery" = i64, Path)),
    responses((status = 204, description = "It is on its way"), (status = 403, description = "Not staff"),
              (status = 404, description = "No such webhook or delivery")))]
async fn redeliver(
    State(app): State<App>,
    _: Staff,
    Path((id, delivery)): Path<(i64, i64)>,
) -> Result<Response, AppError> {
    webhooks::redeliver(&app, id, delivery).await?;
    Ok(no_content())
}
