//! `/api/v1/webhooks`.

use super::manage::{NewWebhook, WebhookChange};
use super::signature::Secret;
use super::store::Webhook;
use super::{manage as webhooks, store as webhook_store};
use crate::accounts::Staff;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{
    App, Cursor, IdempotencyKey, Json, PageOf, Path, Query, created, no_content, ok, page_size,
};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn api_router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_webhooks, create_webhook))
        .routes(routes!(read_webhook, update_webhook, delete_webhook))
        .routes(routes!(rotate_secret))
}

/// A subscriber.
#[derive(Serialize, ToSchema)]
struct WebhookBody {
    id: i64,
    url: String,
    /// The subscribed events: `*`, `order.*`, or topics.
    events: Vec<String>,
    description: String,
    paused: bool,
    /// The reason it is paused; empty if it is not.
    paused_because: String,
    /// The signing secret. Only in the response to creating the subscriber or rotating its secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// The time until which the previous secret signs as well.
    old_secret_until: Option<Timestamp>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Webhook> for WebhookBody {
    fn from(webhook: Webhook) -> Self {
        Self {
            id: webhook.id,
            events: webhook.filter().words().to_vec(),
            url: webhook.url,
            description: webhook.description,
            paused: webhook.paused_at.is_some(),
            paused_because: webhook.paused_because,
            secret: None,
            old_secret_until: webhook.old_secret_until,
            version: webhook.version,
            created_at: webhook.created_at,
            updated_at: webhook.updated_at,
        }
    }
}

impl WebhookBody {
    fn with(webhook: Webhook, secret: &Secret) -> Self {
        Self {
            secret: Some(secret.reveal()),
            ..webhook.into()
        }
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct ListQuery {
    /// 1 to 100; 50 by default.
    pub limit: Option<i64>,
    /// `next_cursor` of the previous page.
    pub cursor: String,
}

/// Subscribers, in the order they were registered. Staff only.
#[utoipa::path(get, path = "/webhooks", tag = "events", security(("bearer" = ["staff"])), params(ListQuery),
    responses((status = 200, body = PageOf<WebhookBody>), (status = 403, description = "Not staff")))]
async fn list_webhooks(
    State(app): State<App>,
    _: Staff,
    Query(query): Query<ListQuery>,
) -> Result<Response, AppError> {
    let after = Cursor::after(&query.cursor)?;
    let size = page_size(query.limit);
    let mut conn = app.db.read().await?;
    let webhooks = webhook_store::list_webhooks(&mut conn, after, size + 1).await?;
    let page = PageOf::from_rows(webhooks, size, |last| Cursor::new([&last.id]));
    Ok(ok(page.map(WebhookBody::from)))
}

/// Register a subscriber. The response has its secret, which is not shown again. Staff only. With
/// an `Idempotency-Key`, a repeated request gets the same response as the first.
#[utoipa::path(post, path = "/webhooks", tag = "events", security(("bearer" = ["staff"])), request_body = NewWebhook,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = WebhookBody), (status = 403, description = "Not staff"),
              (status = 409, description = "3501 too many"), (status = 422, description = "A field is at fault")))]
async fn create_webhook(
    State(app): State<App>,
    Staff(user): Staff,
    once: IdempotencyKey,
    Json(input): Json<NewWebhook>,
) -> Result<Response, AppError> {
    let (webhook, secret) = webhooks::create_webhook(&app, &user, &once, input).await?;
    let location = format!("/api/v1{}", webhook.path());
    Ok(created(&location, WebhookBody::with(webhook, &secret)))
}

/// One subscriber. Staff only.
#[utoipa::path(get, path = "/webhooks/{id}", tag = "events", security(("bearer" = ["staff"])), params(("id" = i64, Path)),
    responses((status = 200, body = WebhookBody), (status = 403, description = "Not staff"),
              (status = 404, description = "No such webhook")))]
async fn read_webhook(
    State(app): State<App>,
    _: Staff,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let webhook = webhooks::read_webhook(&mut conn, id).await?;
    Ok(ok(WebhookBody::from(webhook)))
}

/// Change, pause or resume a subscriber. Staff only.
#[utoipa::path(patch, path = "/webhooks/{id}", tag = "events", security(("bearer" = ["staff"])), params(("id" = i64, Path)),
    request_body = WebhookChange,
    responses((status = 200, body = WebhookBody), (status = 403, description = "Not staff"),
              (status = 404, description = "No such webhook"), (status = 409, description = "Stale version"),
              (status = 422, description = "A field is at fault")))]
async fn update_webhook(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
    Json(change): Json<WebhookChange>,
) -> Result<Response, AppError> {
    let webhook = webhooks::update_webhook(&app, &user, id, change).await?;
    Ok(ok(WebhookBody::from(webhook)))
}

/// Delete a subscriber. Events not yet sent are never sent. Staff only.
#[utoipa::path(delete, path = "/webhooks/{id}", tag = "events", security(("bearer" = ["staff"])), params(("id" = i64, Path)),
    responses((status = 204, description = "Deleted"), (status = 403, description = "Not staff"),
              (status = 404, description = "No such webhook")))]
async fn delete_webhook(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    webhooks::delete_webhook(&app, &user, id).await?;
    Ok(no_content())
}

/// Rotate the secret and return the new one. The old one signs as well for 24 more hours. Staff only.
#[utoipa::path(post, path = "/webhooks/{id}/rotate", tag = "events", security(("bearer" = ["staff"])), params(("id" = i64, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = WebhookBody), (status = 403, description = "Not staff"),
              (status = 404, description = "No such webhook"),
              (status = 409, description = "3503 the secret before the present one still signs")))]
async fn rotate_secret(
    State(app): State<App>,
    Staff(user): Staff,
    once: IdempotencyKey,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let (webhook, secret) = webhooks::rotate_secret(&app, &user, id, &once).await?;
    Ok(ok(WebhookBody::with(webhook, &secret)))
}
