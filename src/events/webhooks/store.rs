//! SQL for webhooks: subscriptions, and the log of deliveries to them.

use super::attempt_store::Attempt;
use crate::clock::Timestamp;
use crate::events::delivery::DeliveryState;
use crate::events::rules::Filter;
use crate::server::{Conn, execute, fetch_all, fetch_scalar, fetch_scalars, rows_affected};
use serde_json::json;
use sqlx::{AssertSqlSafe, FromRow};

/// A subscriber. Must not be printed: it contains its secrets.
#[derive(Clone, FromRow)]
pub struct Webhook {
    pub id: i64,
    pub url: String,
    pub description: String,
    /// The words of a [`Filter`].
    pub events: String,
    pub secret: String,
    pub old_secret: String,
    pub old_secret_until: Option<Timestamp>,
    pub paused_at: Option<Timestamp>,
    pub paused_because: String,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Webhook {
    pub fn filter(&self) -> Filter {
        Filter::stored(&self.events)
    }

    pub fn path(&self) -> String {
        format!("/webhooks/{}", self.id)
    }
}

const WEBHOOK: &str = "id, url, description, events, secret, old_secret, old_secret_until, \
     paused_at, paused_because, version, created_at, updated_at";

/// The part of a subscriber that dispatching needs.
pub struct Subscription {
    pub webhook_id: i64,
    pub filter: Filter,
}

/// Lists every subscriber, paused or not: events wait while one is paused.
pub async fn list_subscriptions(conn: &mut Conn) -> sqlx::Result<Vec<Subscription>> {
    let rows: Vec<(i64, String)> = fetch_all!(
        conn,
        "SELECT id, events FROM webhooks WHERE deleted_at IS NULL ORDER BY id"
    )?;
    let read = |(webhook_id, events): (i64, String)| Subscription {
        webhook_id,
        filter: Filter::stored(&events),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Lists the ids of the subscribers that events are sent to just now.
pub async fn list_pulled(conn: &mut Conn) -> sqlx::Result<Vec<i64>> {
    fetch_scalars!(
        conn,
        "SELECT id FROM webhooks WHERE deleted_at IS NULL AND paused_at IS NULL ORDER BY id"
    )
}

/// Lists the subscribers with an id above `after`, in the order they were registered.
pub async fn list_webhooks(conn: &mut Conn, after: i64, limit: i64) -> sqlx::Result<Vec<Webhook>> {
    let query = AssertSqlSafe(format!(
        "SELECT {WEBHOOK} FROM webhooks WHERE deleted_at IS NULL AND id > $1 ORDER BY id LIMIT $2"
    ));
    fetch_all!(conn, query, after, limit)
}

pub async fn find_webhook(conn: &mut Conn, id: i64) -> sqlx::Result<Option<Webhook>> {
    let found = list_webhooks(conn, id.saturating_sub(1), 1).await?;
    Ok(found.into_iter().find(|webhook| webhook.id == id))
}

pub async fn count_webhooks(conn: &mut Conn) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "SELECT COUNT(*) FROM webhooks WHERE deleted_at IS NULL"
    )
}

/// Inserts a subscriber and returns its id; the `id` of `webhook` is ignored.
pub async fn insert_webhook(
    conn: &mut Conn,
    webhook: &Webhook,
    created_by: i64,
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO webhooks (url, description, events, secret, created_by, created_at,
                               updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id",
        &webhook.url,
        &webhook.description,
        &webhook.events,
        &webhook.secret,
        created_by,
        webhook.created_at
    )
}

/// Updates every column that may change. Returns false if `webhook.version` is stale.
pub async fn update_webhook(
    conn: &mut Conn,
    webhook: &Webhook,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let written = rows_affected!(
        conn,
        "UPDATE webhooks SET url = $1, description = $2, events = $3, secret = $4,
             old_secret = $5, old_secret_until = $6, paused_at = $7, paused_because = $8,
             version = version + 1, updated_at = $9
         WHERE id = $10 AND version = $11 AND deleted_at IS NULL",
        &webhook.url,
        &webhook.description,
        &webhook.events,
        &webhook.secret,
        &webhook.old_secret,
        webhook.old_secret_until,
        webhook.paused_at,
        &webhook.paused_because,
        now,
        webhook.id,
        webhook.version
    )?;
    Ok(written == 1)
}

/// Pauses the subscriber, unless it is paused already.
pub async fn pause_webhook(
    conn: &mut Conn,
    id: i64,
    because: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE webhooks SET paused_at = $1, paused_because = $2, version = version + 1,
             updated_at = $1
         WHERE id = $3 AND paused_at IS NULL AND deleted_at IS NULL",
        now,
        because,
        id
    )
}

/// Marks the subscriber deleted, clears its secrets and discards its unsent deliveries. Returns
/// false if there is no such subscriber.
pub async fn delete_webhook(conn: &mut Conn, id: i64, now: Timestamp) -> sqlx::Result<bool> {
    let deleted = rows_affected!(
        conn,
        "UPDATE webhooks SET deleted_at = $1, secret = '', old_secret = ''
         WHERE id = $2 AND deleted_at IS NULL",
        now,
        id
    )?;
    execute!(
        conn,
        "UPDATE deliveries SET state = 'discarded', settled_at = $1
         WHERE webhook_id = $2 AND state IN ('waiting', 'dead')",
        now,
        id
    )?;
    Ok(deleted == 1)
}

/// A delivery to a subscriber, made or pending.
#[derive(Clone, Debug, FromRow)]
pub struct LoggedDelivery {
    pub id: i64,
    pub seq: i64,
    pub topic: String,
    pub subject: String,
    pub state: DeliveryState,
    pub tries: i64,
    pub created_at: Timestamp,
    pub settled_at: Option<Timestamp>,
    /// The due time of its lane; `None` if that is closed.
    due_at: Option<Timestamp>,
    /// Newest first.
    #[sqlx(skip)]
    pub attempts: Vec<Attempt>,
}

impl LoggedDelivery {
    /// Returns the time of the next try, if it failed and is not dead.
    pub fn next_try(&self) -> Option<Timestamp> {
        let failed = self.state == DeliveryState::Waiting && self.tries > 0;
        self.due_at.filter(|_| failed)
    }
}

/// Lists the subscriber's deliveries with an id below `before`, newest first.
pub async fn list_deliveries(
    conn: &mut Conn,
    webhook: i64,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<LoggedDelivery>> {
    let mut found: Vec<LoggedDelivery> = fetch_all!(
        conn,
        "SELECT d.id, d.seq, o.topic, d.subject, d.state, d.tries,
                d.created_at, d.settled_at, l.due_at
         FROM deliveries d JOIN outbox o ON o.seq = d.seq
         LEFT JOIN delivery_lanes l ON l.consumer = d.consumer AND l.subject = d.subject
         WHERE d.webhook_id = $1 AND d.id < $2 ORDER BY d.id DESC LIMIT $3",
        webhook,
        before,
        limit
    )?;
    let ids: Vec<i64> = found.iter().map(|delivery| delivery.id).collect();
    for (delivery, attempt) in list_attempts(conn, &ids).await? {
        if let Some(place) = found.iter_mut().find(|it| it.id == delivery) {
            place.attempts.push(attempt);
        }
    }
    Ok(found)
}

async fn list_attempts(conn: &mut Conn, deliveries: &[i64]) -> sqlx::Result<Vec<(i64, Attempt)>> {
    #[derive(FromRow)]
    struct Row {
        delivery_id: i64,
        #[sqlx(flatten)]
        attempt: Attempt,
    }
    let from = conn.pick(
        "SELECT value FROM json_each($1)",
        "SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS JSON))",
    );
    let query = AssertSqlSafe(format!(
        "SELECT delivery_id, status, milliseconds, answer, error, at FROM delivery_attempts
         WHERE delivery_id IN ({from}) ORDER BY id DESC"
    ));
    let deliveries = json!(deliveries).to_string();
    let rows: Vec<Row> = fetch_all!(conn, query, deliveries)?;
    Ok(rows
        .into_iter()
        .map(|row| (row.delivery_id, row.attempt))
        .collect())
}
