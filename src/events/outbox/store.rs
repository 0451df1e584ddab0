//! SQL for reading the outbox.

use crate::clock::Timestamp;
use crate::events::delivery::DeliveryState;
use crate::server::{Conn, Engine, execute, fetch_all, fetch_one, fetch_scalar, rows_affected};
use serde_json::json;
use sqlx::{AssertSqlSafe, FromRow};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct OutboxEvent {
    pub seq: i64,
    pub topic: String,
    pub subject: String,
    /// JSON.
    pub data: String,
    pub trace_id: String,
    pub at: Timestamp,
    pub dispatched_at: Option<Timestamp>,
}

const EVENT: &str = "seq, topic, subject, data, trace_id, at, dispatched_at";

/// Whether anything waits to be given to those who are told of it.
pub async fn has_undispatched(conn: &mut Conn) -> sqlx::Result<bool> {
    fetch_scalar!(
        conn,
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE dispatched_at IS NULL)"
    )
}

/// Tells the lock of those who dispatch from others of the same database.
const OUTBOX: i64 = 0x6f75_7462_6f78;

/// Waits until nobody dispatches, and keeps everybody from it until the transaction ends.
pub async fn await_dispatch(conn: &mut Conn) -> sqlx::Result<()> {
    if conn.engine() == Engine::Sqlite {
        return Ok(());
    }
    execute!(conn, "SELECT pg_advisory_xact_lock($1)", OUTBOX)
}

/// Keeps other servers from dispatching until the transaction ends; false where one is at it. Two at
/// once could give away the later of two events before the earlier one. SQLite has one writer anyway.
pub async fn lock_dispatch(conn: &mut Conn) -> sqlx::Result<bool> {
    if conn.engine() == Engine::Sqlite {
        return Ok(true);
    }
    fetch_scalar!(conn, "SELECT pg_try_advisory_xact_lock($1)", OUTBOX)
}

/// What was not dispatched yet, the first of it first.
pub async fn list_undispatched(conn: &mut Conn, limit: i64) -> sqlx::Result<Vec<OutboxEvent>> {
    let query = AssertSqlSafe(format!(
        "SELECT {EVENT} FROM outbox WHERE dispatched_at IS NULL ORDER BY seq LIMIT $1"
    ));
    fetch_all!(conn, query, limit)
}

/// Notes that these were dispatched: these and no range, since on PostgreSQL one between them may
/// be about to be committed.
pub async fn mark_dispatched(conn: &mut Conn, seqs: &[i64], now: Timestamp) -> sqlx::Result<()> {
    let query = conn.pick(
        "UPDATE outbox SET dispatched_at = $1 WHERE seq IN (SELECT value FROM json_each($2))",
        "UPDATE outbox SET dispatched_at = $1 WHERE seq IN
             (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS JSON)))",
    );
    let seqs = json!(seqs).to_string();
    execute!(conn, query, now, seqs)
}

/// The events before the one with the seq `before`, the newest first.
pub async fn list_outbox(
    conn: &mut Conn,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<OutboxEvent>> {
    let query = AssertSqlSafe(format!(
        "SELECT {EVENT} FROM outbox WHERE seq < $1 ORDER BY seq DESC LIMIT $2"
    ));
    fetch_all!(conn, query, before, limit)
}

/// Drops some of what was dispatched before `before` and is no longer on its way to anybody, and
/// says how much it was.
pub async fn delete_old_events(
    conn: &mut Conn,
    before: Timestamp,
    limit: i64,
) -> sqlx::Result<u64> {
    rows_affected!(
        conn,
        "DELETE FROM outbox WHERE seq IN
             (SELECT o.seq FROM outbox o WHERE o.dispatched_at < $1
              AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.seq = o.seq)
              ORDER BY o.dispatched_at LIMIT $2)",
        before,
        limit
    )
}

/// How each delivery of these events stands: event, consumer and state.
pub async fn list_delivery_states(
    conn: &mut Conn,
    oldest: i64,
    newest: i64,
) -> sqlx::Result<Vec<(i64, String, DeliveryState)>> {
    fetch_all!(
        conn,
        "SELECT seq, consumer, state FROM deliveries WHERE seq BETWEEN $1 AND $2
         ORDER BY seq, id",
        oldest,
        newest
    )
}

/// How many events were not dispatched, and when the oldest of them happened.
pub async fn count_undispatched(conn: &mut Conn) -> sqlx::Result<(i64, Option<Timestamp>)> {
    fetch_one!(
        conn,
        "SELECT COUNT(*), MIN(at) FROM outbox WHERE dispatched_at IS NULL"
    )
}

/// How many deliveries wait since `before` without being paused, and since when the oldest of them does.
pub async fn count_overdue(
    conn: &mut Conn,
    before: Timestamp,
) -> sqlx::Result<(i64, Option<Timestamp>)> {
    fetch_one!(
        conn,
        "SELECT COUNT(*), MIN(d.created_at) FROM deliveries d
         LEFT JOIN webhooks w ON w.id = d.webhook_id
         WHERE d.state = 'waiting' AND d.created_at <= $1 AND w.paused_at IS NULL",
        before
    )
}

/// How many deliveries wait for a paused webhook, and how many are dead.
pub async fn count_paused_and_dead(conn: &mut Conn) -> sqlx::Result<(i64, i64)> {
    fetch_one!(
        conn,
        "SELECT
         (SELECT COUNT(*) FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
          WHERE d.state = 'waiting' AND w.paused_at IS NOT NULL),
         (SELECT COUNT(*) FROM deliveries WHERE state = 'dead')"
    )
}
