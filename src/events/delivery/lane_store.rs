//! SQL for lanes, which keep deliveries in order: what one consumer is still to be told of one subject.

use super::consumer::Consumer;
use super::store::from_json;
use crate::clock::Timestamp;
use crate::server::{Conn, execute, fetch_optional_scalar, fetch_scalars, rows_affected};
use serde_json::json;
use sqlx::AssertSqlSafe;

/// Opens the lanes of these deliveries. One that is open stays as it is, but locked until the
/// transaction ends, so that nobody closes it who has not seen what was added to it.
pub async fn open_lanes(
    conn: &mut Conn,
    lanes: &[(Consumer, &str)],
    now: Timestamp,
) -> sqlx::Result<()> {
    upsert_lanes(conn, lanes, now, "delivery_lanes.due_at").await
}

/// Opens the lane, or has it tried at once where it waits for its next try.
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
    // Each once, and in one order for everybody, so that no two wait for each other.
    lanes.sort_unstable();
    lanes.dedup();
    let lanes = json!(lanes).to_string();
    execute!(conn, query, lanes, now)
}

/// The consumers with something due. A webhook that is paused or deleted has nothing due.
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

/// Who works on a lane, and until when others leave it alone.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    pub id: i64,
    pub until: Timestamp,
}

/// Takes up to `limit` of the consumer's lanes that are due, and gives their subjects.
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

/// Locks the lane until the transaction ends. False where the lease has passed to somebody else.
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

/// Ends the lease. The lane is due at `due_at`, or closed where nothing more waits in it; whoever
/// calls this has locked it.
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

/// Closes all lanes of a consumer who is gone.
pub async fn delete_lanes(conn: &mut Conn, consumer: Consumer) -> sqlx::Result<()> {
    execute!(
        conn,
        "DELETE FROM delivery_lanes WHERE consumer = $1",
        consumer.to_string()
    )
}
