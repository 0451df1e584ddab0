//! SQL for dead letters.

use super::consumer::{Consumer, DeliveryState};
use crate::clock::Timestamp;
use crate::server::{Conn, fetch_all, rows_affected};
use sqlx::FromRow;

/// A delivery that failed on every try.
#[derive(Clone, Debug, FromRow)]
pub struct DeadLetter {
    pub id: i64,
    pub seq: i64,
    pub topic: String,
    pub subject: String,
    consumer: String,
    /// The webhook's URL, if it was meant for one.
    pub url: Option<String>,
    pub tries: i64,
    pub last_error: String,
    /// The time of the event.
    pub at: Timestamp,
    /// The time of the last try.
    pub settled_at: Option<Timestamp>,
}

impl DeadLetter {
    pub fn consumer(&self) -> Option<Consumer> {
        self.consumer.parse().ok()
    }

    /// Returns the recipient as shown to people.
    pub fn recipient(&self) -> String {
        match (&self.url, self.consumer()) {
            (Some(url), _) => url.clone(),
            (None, Some(consumer)) => consumer.label(),
            (None, None) => self.consumer.clone(),
        }
    }
}

/// Lists the dead letters with an id below `before`, newest first.
pub async fn list_dead(conn: &mut Conn, before: i64, limit: i64) -> sqlx::Result<Vec<DeadLetter>> {
    fetch_all!(
        conn,
        "SELECT d.id, d.seq, o.topic, d.subject, d.consumer, w.url, d.tries, d.last_error,
                o.at, d.settled_at
         FROM deliveries d JOIN outbox o ON o.seq = d.seq
         LEFT JOIN webhooks w ON w.id = d.webhook_id
         WHERE d.state = 'dead' AND d.id < $1 ORDER BY d.id DESC LIMIT $2",
        before,
        limit
    )
}

/// Discards a dead letter. Returns false if it is no longer one.
pub async fn discard_dead_delivery(conn: &mut Conn, id: i64, now: Timestamp) -> sqlx::Result<bool> {
    let discarded = rows_affected!(
        conn,
        "UPDATE deliveries SET state = $1, settled_at = $2 WHERE id = $3 AND state = 'dead'",
        DeliveryState::Discarded,
        now,
        id
    )?;
    Ok(discarded > 0)
}
