//! SQL for lanes: the pending deliveries of one consumer about one subject, kept in order.

use super::consumer::Consumer;
use crate::clock::Timestamp;
use crate::server::{
    Conn, execute, fetch_optional, fetch_optional_scalar, fetch_scalars, from_json, rows_affected,
};
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

/// The longest that a lane which is due is left to the broker, in seconds: `nats.fallback_seconds` is no more.
const LONGEST_FALLBACK: i64 = 600;

/// Opens the lanes, or makes them due at once if they wait for their next try. The broker is not asked for them.
pub async fn hurry_lanes(
    conn: &mut Conn,
    lanes: &[(Consumer, &str)],
    now: Timestamp,
) -> sqlx::Result<()> {
    let due =
        "CASE WHEN delivery_lanes.lease = 0 THEN excluded.due_at ELSE delivery_lanes.due_at END";
    let long_due = now.plus_seconds(-LONGEST_FALLBACK);
    upsert_lanes(conn, lanes, long_due, due).await
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

/// Leases this lane if it is due. Returns false if it is not, or if another worker has it.
pub async fn claim_lane(
    conn: &mut Conn,
    consumer: Consumer,
    subject: &str,
    lease: Lease,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let claimed = rows_affected!(
        conn,
        "UPDATE delivery_lanes SET due_at = $1, lease = $2
         WHERE consumer = $3 AND subject = $4 AND due_at <= $5",
        lease.until,
        lease.id,
        consumer.to_string(),
        subject,
        now
    )?;
    Ok(claimed == 1)
}

/// Returns the time at which the lane is due next, and whether a worker has it until then.
pub async fn find_lane_due(
    conn: &mut Conn,
    consumer: Consumer,
    subject: &str,
) -> sqlx::Result<Option<(Timestamp, bool)>> {
    fetch_optional!(
        conn,
        "SELECT due_at, lease <> 0 FROM delivery_lanes WHERE consumer = $1 AND subject = $2",
        consumer.to_string(),
        subject
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
