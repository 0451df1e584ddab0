//! Registers and changes subscribers, and resends events to them. For staff; the callers check
//! that.

use super::destination::check_url;
use super::send::terms;
use super::signature::Secret;
use super::store::{self, Webhook};
use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::events::delivery::{Consumer, delete_lanes, revive_delivery};
use crate::events::outbox::await_dispatch;
use crate::events::rules::Filter;
use crate::i18n::t;
use crate::server::idempotency::{Attempt, complete, reserve};
use crate::server::{App, Conn, IdempotencyKey};
use crate::text::Line;
use crate::ui::moment;
use serde::{Deserialize, Serialize};

/// Error code: there are as many webhooks as the outbox is meant to serve.
pub const TOO_MANY_WEBHOOKS: u16 = 3501;

/// Error code: the previous secret still signs.
pub const ROTATED_LATELY: u16 = 3503;

const MOST_WEBHOOKS: i64 = 100;

/// The hours for which the old secret still signs after a rotation.
pub const OLD_SECRET_HOURS: i64 = 24;

/// A subscriber to register.
#[derive(Clone, Debug, Default, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewWebhook {
    /// An https URL of at most 500 characters, without username and password.
    #[schema(required, max_length = 500)]
    pub url: String,
    /// The events to send: `*`, `order.*`, or topics such as `order.paid`.
    pub events: Vec<String>,
    /// A note on the recipient; at most 200 characters.
    #[schema(max_length = 200)]
    pub description: String,
}

/// A change to a subscriber. Absent fields stay as they are.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookChange {
    #[schema(max_length = 500)]
    pub url: Option<String>,
    pub events: Option<Vec<String>>,
    #[schema(max_length = 200)]
    pub description: Option<String>,
    /// Pauses or resumes it. Events during a pause wait until it is resumed.
    pub paused: Option<bool>,
    /// The version the change is based on. If given and no longer the present one: 409.
    pub version: Option<i64>,
}

pub fn no_such_webhook() -> AppError {
    AppError::not_found("webhook")
}

pub async fn read_webhook(conn: &mut Conn, id: i64) -> Result<Webhook, AppError> {
    let found = store::find_webhook(conn, id).await?;
    found.ok_or_else(no_such_webhook)
}

fn check_description(text: &str) -> Result<String, String> {
    Line::optional(text, 200).map(String::from)
}

/// Registers a subscriber, once per idempotency key, and returns it with its secret.
pub async fn create_webhook(
    app: &App,
    user: &User,
    once: &IdempotencyKey,
    input: NewWebhook,
) -> Result<(Webhook, Secret), AppError> {
    let now = app.clock.now();
    let mut webhook = input.check(app, now)?;
    let mut tx = app.db.write().await?;
    let reserved = match reserve(&mut tx, user.id, once, &("webhook", &input), now).await? {
        Attempt::First(reserved) => reserved,
        Attempt::Repeat(id) => return with_secret(read_webhook(&mut tx, id).await?),
    };
    if store::count_webhooks(&mut tx).await? >= MOST_WEBHOOKS {
        let message = t!("events-webhook-too-many", count = MOST_WEBHOOKS);
        return Err(AppError::conflict(TOO_MANY_WEBHOOKS, message));
    }
    webhook.id = store::insert_webhook(&mut tx, &webhook, user.id).await?;
    complete(&mut tx, reserved, webhook.id).await?;
    tx.commit().await?;
    tracing::info!(
        webhook.id = webhook.id,
        user.id = user.id,
        "A webhook was registered"
    );
    with_secret(webhook)
}

impl NewWebhook {
    /// Returns the subscriber with a new secret, or all faults of the input.
    fn check(&self, app: &App, now: Timestamp) -> Result<Webhook, AppError> {
        let mut faults = Faults::default();
        let url = faults.check("url", check_url(&self.url, terms(app)));
        let filter = faults.check("events", Filter::parse(&self.events));
        let description = faults.check("description", check_description(&self.description));
        faults.finish()?;
        Ok(Webhook {
            id: 0,
            url: url.map_or_else(String::new, String::from),
            description: description.unwrap_or_default(),
            events: filter.map_or_else(String::new, |filter| filter.to_string()),
            secret: Secret::new().reveal(),
            old_secret: String::new(),
            old_secret_until: None,
            paused_at: None,
            paused_because: String::new(),
            version: 1,
            created_at: now,
            updated_at: now,
        })
    }
}

fn with_secret(webhook: Webhook) -> Result<(Webhook, Secret), AppError> {
    let secret = Secret::parse(&webhook.secret).map_err(|_| AppError::internal())?;
    Ok((webhook, secret))
}

/// Applies all of the change or nothing.
pub async fn update_webhook(
    app: &App,
    user: &User,
    id: i64,
    change: WebhookChange,
) -> Result<Webhook, AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let mut webhook = read_webhook(&mut tx, id).await?;
    let version = webhook.version;
    change.apply(app, &mut webhook)?;
    if change.version.is_some_and(|known| known != version) {
        return Err(AppError::stale("webhook"));
    }
    match change.paused {
        Some(true) if webhook.paused_at.is_none() => {
            webhook.paused_at = Some(now);
            webhook.paused_because = t!("events-webhook-paused-by", name = user.name.as_str());
        }
        Some(false) => {
            webhook.paused_at = None;
            webhook.paused_because = String::new();
        }
        _ => {}
    }
    if !store::update_webhook(&mut tx, &webhook, now).await? {
        return Err(AppError::stale("webhook"));
    }
    let webhook = read_webhook(&mut tx, id).await?;
    tx.commit().await?;
    tracing::info!(webhook.id = id, user.id = user.id, "A webhook was changed");
    Ok(webhook)
}

impl WebhookChange {
    /// Overwrites the fields that are given.
    fn apply(&self, app: &App, webhook: &mut Webhook) -> Result<(), AppError> {
        let mut faults = Faults::default();
        if let Some(url) = &self.url
            && let Some(url) = faults.check("url", check_url(url, terms(app)))
        {
            webhook.url = url.into();
        }
        if let Some(events) = &self.events
            && let Some(filter) = faults.check("events", Filter::parse(events))
        {
            webhook.events = filter.to_string();
        }
        if let Some(text) = &self.description {
            let text = faults.check("description", check_description(text));
            webhook.description = text.unwrap_or_default();
        }
        faults.finish()
    }
}

/// Gives the subscriber a new secret, once per idempotency key. The old one signs for another day,
/// so that the other side can switch in its own time; until then no third one is given.
pub async fn rotate_secret(
    app: &App,
    user: &User,
    id: i64,
    once: &IdempotencyKey,
) -> Result<(Webhook, Secret), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let mut webhook = read_webhook(&mut tx, id).await?;
    let reserved = match reserve(&mut tx, user.id, once, &("webhook secret", id), now).await? {
        Attempt::First(reserved) => reserved,
        Attempt::Repeat(_) => return with_secret(webhook),
    };
    if let Some(until) = webhook.old_secret_until.filter(|until| *until > now) {
        let message = t!("events-webhook-rotated-lately", until = moment(until));
        return Err(AppError::conflict(ROTATED_LATELY, message));
    }
    webhook.old_secret = std::mem::replace(&mut webhook.secret, Secret::new().reveal());
    webhook.old_secret_until = Some(now.plus_seconds(OLD_SECRET_HOURS * 3_600));
    if !store::update_webhook(&mut tx, &webhook, now).await? {
        return Err(AppError::stale("webhook"));
    }
    complete(&mut tx, reserved, id).await?;
    let webhook = read_webhook(&mut tx, id).await?;
    tx.commit().await?;
    tracing::info!(
        webhook.id = id,
        user.id = user.id,
        "A webhook's secret was changed"
    );
    with_secret(webhook)
}

/// Deletes a subscriber. Events not yet sent are never sent.
pub async fn delete_webhook(app: &App, user: &User, id: i64) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    // Otherwise events being dispatched right now would wait for it for good.
    await_dispatch(&mut tx).await?;
    // Lock order, as everywhere: the lanes before their deliveries.
    delete_lanes(&mut tx, Consumer::Webhook(id)).await?;
    if !store::delete_webhook(&mut tx, id, app.clock.now()).await? {
        return Err(no_such_webhook());
    }
    tx.commit().await?;
    tracing::info!(webhook.id = id, user.id = user.id, "A webhook was deleted");
    Ok(())
}

/// Sends the subscriber one event again or, if it waits for its next try, now.
pub async fn redeliver(app: &App, webhook: i64, delivery: i64) -> Result<(), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    read_webhook(&mut tx, webhook).await?;
    let missing = || AppError::not_found("delivery");
    let revived = revive_delivery(&mut tx, delivery, None, now)
        .await?
        .ok_or_else(missing)?;
    if revived != Consumer::Webhook(webhook) {
        return Err(missing());
    }
    tx.commit().await?;
    crate::outbox::ring();
    Ok(())
}
