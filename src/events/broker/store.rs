//! SQL for publishing to the broker.

use crate::clock::Timestamp;
use crate::events::outbox::{EVENT, OutboxEvent, update_time};
use crate::server::{Conn, execute, fetch_all, fetch_one, rows_affected};
use sqlx::AssertSqlSafe;

/// Since when an event waits for the broker; NULL once it has it.
const UNPUBLISHED: &str = "unpublished_since";

/// Marks these events as waiting for the broker.
pub async fn mark_unpublished(conn: &mut Conn, seqs: &[i64], now: Timestamp) -> sqlx::Result<()> {
    update_time(conn, UNPUBLISHED, seqs, Some(now)).await
}

/// Marks these events as published.
pub async fn mark_published(conn: &mut Conn, seqs: &[i64]) -> sqlx::Result<()> {
    update_time(conn, UNPUBLISHED, seqs, None).await
}

/// Has everything published again that was not delivered to all its consumers: the broker may have lost it.
/// Returns the number of events.
pub async fn republish_unfinished(conn: &mut Conn, now: Timestamp) -> sqlx::Result<u64> {
    rows_affected!(
        conn,
        "UPDATE outbox SET unpublished_since = $1 WHERE unpublished_since IS NULL AND seq IN
             (SELECT seq FROM deliveries WHERE state = 'waiting')",
        now
    )
}

/// Lists the events that wait for the broker, oldest first.
pub async fn list_unpublished(conn: &mut Conn, limit: i64) -> sqlx::Result<Vec<OutboxEvent>> {
    let query = AssertSqlSafe(format!(
        "SELECT {EVENT} FROM outbox WHERE unpublished_since IS NOT NULL ORDER BY seq LIMIT $1"
    ));
    fetch_all!(conn, query, limit)
}

/// Returns the number of events that wait for the broker, and since when the first of them does.
pub async fn count_unpublished(conn: &mut Conn) -> sqlx::Result<(i64, Option<Timestamp>)> {
    fetch_one!(
        conn,
        "SELECT COUNT(*), MIN(unpublished_since) FROM outbox WHERE unpublished_since IS NOT NULL"
    )
}

/// Makes the holder of `lease` the one that publishes. Returns false while another is.
pub async fn claim_publishing(
    conn: &mut Conn,
    lease: i64,
    until: Timestamp,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let claimed = rows_affected!(
        conn,
        "UPDATE outbox_publisher SET lease = $1, until = $2 WHERE until <= $3 OR lease = $1",
        lease,
        until,
        now
    )?;
    Ok(claimed == 1)
}

/// Ends the lease, unless it has passed to another server.
pub async fn release_publishing(conn: &mut Conn, lease: i64) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE outbox_publisher SET lease = 0, until = 0 WHERE lease = $1",
        lease
    )
}
