//! SQL for lanes: the pending deliveries of one consumer about one subject, kept in order.

use super::consumer::Consumer;
use super::store::from_json;
use crate::clock::Timestamp;
use crate::server::{Conn, execute, fetch_optional_scalar, fetch_scalars, rows_affected};
use serde_json::json;
use sqlx::AssertSqlSafe;

/// Opens the lanes of these deliveries. A lane already open stays as it is, but locked until the
/// transaction ends, so that nobody closes it without having seen what was added.
pub async fn open_lanes(
    conn: &mut Conn,
    lanes: &[(Consumer, &str)],
    now: Timestamp,
) -> sqlx::Result<()> {
    upsert_lanes(conn, lanes, now, "delivery_lanes.due_at").await
}

/// Opens the lane, or makes it due at once if it waits for its next try.
pub async fn hurry_lane(
    conn: &mut Conn,
    consumer: Consumer,
    subject: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    let due =
        "CASE WHEN delivery_lanes.lease = 0 THEN excluded.due_at ELSE delivery_lanes.due_at END";
    upsert_lanes(conn, &[(consumer, subject)], now, due).await
}

async fn upsert_lanes(
    conn: &mut Conn,
    lanes: &[(Consumer, &str)],
    now: Timestamp,
    due: &'static str,
) -> sqlx::Result<()> {
    let from = from_json(conn);
    let query = AssertSqlSafe(format!(
        "INSERT INTO delivery_lanes (consumer, subject, due_at)
         SELECT value ->> 0, value ->> 1, $2 FROM {from} WHERE TRUE
         ON CONFLICT (consumer, subject) DO UPDATE SET due_at = {due}"
    ));
    let mut lanes: Vec<_> = lanes
        .iter()
        .map(|(who, what)| (who.to_string(), *what))
        .collect();
    // Deduplicated and always in the same order, so that no two transactions deadlock.
    lanes.sort_unstable();
    lanes.dedup();
    let lanes = json!(lanes).to_string();
    execute!(conn, query, lanes, now)
}

/// Lists the consumers with something due. A paused or deleted webhook has nothing due.
pub async fn list_due_consumers(conn: &mut Conn, now: Timestamp) -> sqlx::Result<Vec<String>> {
    fetch_scalars!(
        conn,
        "SELECT c.consumer FROM (
             SELECT 'mail' AS consumer UNION ALL SELECT 'fulfilment'
             UNION ALL SELECT 'webhook-' || CAST(w.id AS TEXT) FROM webhooks w
             WHERE w.paused_at IS NULL AND w.deleted_at IS NULL) AS c
         WHERE EXISTS (SELECT 1 FROM delivery_lanes l
                       WHERE l.consumer = c.consumer AND l.due_at <= $1)",
        now
    )
}

/// A worker's claim on a lane, and its expiry.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    pub id: i64,
    pub until: Timestamp,
}

/// Leases up to `limit` of the consumer's due lanes and returns their subjects.
pub async fn claim_lanes(
    conn: &mut Conn,
    consumer: Consumer,
    lease: Lease,
    now: Timestamp,
    limit: i64,
) -> sqlx::Result<Vec<String>> {
    let lock = conn.pick("", "FOR UPDATE SKIP LOCKED");
    let query = AssertSqlSafe(format!(
        "UPDATE delivery_lanes SET due_at = $1, lease = $2
         WHERE consumer = $3 AND subject IN
             (SELECT subject FROM delivery_lanes WHERE consumer = $3 AND due_at <= $4
              ORDER BY due_at LIMIT $5 {lock})
         RETURNING subject"
    ));
    fetch_scalars!(
        conn,
        query,
        lease.until,
        lease.id,
        consumer.to_string(),
        now,
        limit
    )
}

/// Locks the lane until the transaction ends. Returns false if the lease has passed to another worker.
pub async fn lock_lane(
    conn: &mut Conn,
    consumer: Consumer,
    subject: &str,
    lease: i64,
) -> sqlx::Result<bool> {
    let lock = conn.pick("", "FOR UPDATE");
    let query = AssertSqlSafe(format!(
        "SELECT lease FROM delivery_lanes WHERE consumer = $1 AND subject = $2 {lock}"
    ));
    let held: Option<i64> = fetch_optional_scalar!(conn, query, consumer.to_string(), subject)?;
    Ok(held == Some(lease))
}

/// Ends the lease. The lane becomes due at `due_at`, or is closed if nothing waits in it; the
/// caller has locked it.
pub async fn release_lane(
    conn: &mut Conn,
    consumer: Consumer,
    subject: &str,
    due_at: Timestamp,
) -> sqlx::Result<()> {
    let closed = rows_affected!(
        conn,
        "DELETE FROM delivery_lanes WHERE consumer = $1 AND subject = $2
             AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.consumer = $1
                             AND d.subject = $2 AND d.state = 'waiting')",
        consumer.to_string(),
        subject
    )?;
    if closed > 0 {
        return Ok(());
    }
    execute!(
        conn,
        "UPDATE delivery_lanes SET lease = 0, due_at = $3
         WHERE consumer = $1 AND subject = $2",
        consumer.to_string(),
        subject,
        due_at
    )
}

/// Closes all lanes of a deleted consumer.
pub async fn delete_lanes(conn: &mut Conn, consumer: Consumer) -> sqlx::Result<()> {
    execute!(
        conn,
        "DELETE FROM delivery_lanes WHERE consumer = $1",
        consumer.to_string()
    )
}
