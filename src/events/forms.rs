//! Form handlers of the events pages.

use super::webhooks::{NewWebhook, WebhookChange};
use super::{delivery, inbox, webhooks};
use crate::accounts::Staff;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::forms::form;
use crate::server::pages::{Revealed, reveal};
use crate::server::{App, IdempotencyKey, Path, Posted, done};
use crate::ui::Flash;
use axum::Router;
use axum::extract::State;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

const WEBHOOKS: &str = "/webhooks";
const DEAD: &str = "/events/dead";
const INBOX: &str = "/webhooks/inbox";

pub fn router() -> Router<App> {
    Router::new()
        .route("/webhooks/new", post(create_form))
        .route("/webhooks/{id}", post(update_form))
        .route("/webhooks/{id}/pause", form(WEBHOOKS, pause_form))
        .route("/webhooks/{id}/resume", form(WEBHOOKS, resume_form))
        .route("/webhooks/{id}/rotate", form(WEBHOOKS, rotate_form))
        .route("/webhooks/{id}/delete", form(WEBHOOKS, delete_form))
        .route(
            "/webhooks/{id}/deliveries/{delivery}/redeliver",
            form(WEBHOOKS, redeliver_form),
        )
        .route(
            "/webhooks/inbox/{id}/retry",
            form(INBOX, retry_message_form),
        )
        .route(
            "/webhooks/inbox/{id}/discard",
            form(INBOX, discard_message_form),
        )
        .route("/events/dead/{id}/retry", form(DEAD, retry_form))
        .route("/events/dead/{id}/discard", form(DEAD, discard_form))
}

#[derive(Deserialize)]
struct NewForm {
    url: String,
    events: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    idempotency_key: String,
}

async fn create_form(
    State(app): State<App>,
    Staff(user): Staff,
    parts: Parts,
    Posted(form): Posted<NewForm>,
) -> Result<Response, AppError> {
    let once = IdempotencyKey::from_field(&form.idempotency_key);
    let input = NewWebhook {
        url: form.url,
        events: vec![form.events],
        description: form.description,
    };
    let (webhook, secret) = webhooks::create_webhook(&app, &user, &once, input).await?;
    let secret = Revealed(secret.reveal());
    Ok(reveal(app, parts, &webhook.path(), secret).await)
}

#[derive(Deserialize)]
struct ChangeForm {
    url: String,
    events: String,
    #[serde(default)]
    description: String,
    version: i64,
}

async fn update_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
    Posted(form): Posted<ChangeForm>,
) -> Result<Response, AppError> {
    let change = WebhookChange {
        url: Some(form.url),
        events: Some(vec![form.events]),
        description: Some(form.description),
        paused: None,
        version: Some(form.version),
    };
    let webhook = webhooks::update_webhook(&app, &user, id, change).await?;
    Ok(done(
        &webhook.path(),
        Flash::good(t!("events-webhook-saved")),
    ))
}

async fn pause_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let change = WebhookChange {
        paused: Some(true),
        ..WebhookChange::default()
    };
    let webhook = webhooks::update_webhook(&app, &user, id, change).await?;
    let said = Flash::good(t!("events-webhook-was-paused")).with_undo(
        format!("{}/resume", webhook.path()),
        t!("events-webhook-resume"),
    );
    Ok(done(&webhook.path(), said))
}

async fn resume_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let change = WebhookChange {
        paused: Some(false),
        ..WebhookChange::default()
    };
    let webhook = webhooks::update_webhook(&app, &user, id, change).await?;
    let said = Flash::good(t!("events-webhook-resumed"));
    Ok(done(&webhook.path(), said))
}

#[derive(Deserialize)]
struct OnceForm {
    #[serde(default)]
    idempotency_key: String,
}

async fn rotate_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
    parts: Parts,
    Posted(form): Posted<OnceForm>,
) -> Result<Response, AppError> {
    let once = IdempotencyKey::from_field(&form.idempotency_key);
    let (webhook, secret) = webhooks::rotate_secret(&app, &user, id, &once).await?;
    let secret = Revealed(secret.reveal());
    Ok(reveal(app, parts, &webhook.path(), secret).await)
}

async fn delete_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    webhooks::delete_webhook(&app, &user, id).await?;
    Ok(done(WEBHOOKS, Flash::good(t!("events-webhook-deleted"))))
}

async fn redeliver_form(
    State(app): State<App>,
    _: Staff,
    Path((id, delivery)): Path<(i64, i64)>,
) -> Result<Response, AppError> {
    webhooks::redeliver(&app, id, delivery).await?;
    let said = Flash::good(t!("events-delivery-sent"));
    Ok(done(&format!("{WEBHOOKS}/{id}"), said))
}

async fn retry_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    delivery::retry_dead(&app, &user, id).await?;
    Ok(done(DEAD, Flash::good(t!("events-dead-sent"))))
}

async fn discard_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    delivery::discard_dead(&app, &user, id).await?;
    Ok(done(DEAD, Flash::good(t!("events-dead-discarded"))))
}

async fn retry_message_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    inbox::retry_message(&app, &user, id).await?;
    Ok(done(INBOX, Flash::good(t!("events-message-was-retried"))))
}

async fn discard_message_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    inbox::discard_message(&app, &user, id).await?;
    Ok(done(INBOX, Flash::good(t!("events-message-was-discarded"))))
}
