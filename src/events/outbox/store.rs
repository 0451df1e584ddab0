//! SQL for reading the outbox.

use crate::clock::Timestamp;
use crate::events::delivery::DeliveryState;
use crate::server::telemetry::traces::SpanPoint;
use crate::server::{Conn, Engine, execute, fetch_all, fetch_one, fetch_scalar, rows_affected};
use serde_json::json;
use sqlx::{AssertSqlSafe, FromRow};

/// An event in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct OutboxEvent {
    pub seq: i64,
    pub topic: String,
    pub subject: String,
    /// The payload, as JSON.
    pub data: String,
    pub trace_id: String,
    pub span_id: String,
    pub at: Timestamp,
    pub dispatched_at: Option<Timestamp>,
}

impl OutboxEvent {
    /// Returns the span that recorded it.
    pub fn recorded_at(&self) -> SpanPoint {
        SpanPoint {
            trace_id: self.trace_id.clone(),
            span_id: self.span_id.clone(),
        }
    }
}

/// The columns of an event.
pub const EVENT: &str = "seq, topic, subject, data, trace_id, span_id, at, dispatched_at";

/// Returns true if any event waits to be dispatched.
pub async fn has_undispatched(conn: &mut Conn) -> sqlx::Result<bool> {
    fetch_scalar!(
        conn,
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE dispatched_at IS NULL)"
    )
}

/// The key of the dispatch lock, distinct from other advisory locks of the same database.
const OUTBOX: i64 = 0x6f75_7462_6f78;

/// Waits until no dispatch is running, and blocks any other until the transaction ends.
pub async fn await_dispatch(conn: &mut Conn) -> sqlx::Result<()> {
    if conn.engine() == Engine::Sqlite {
        return Ok(());
    }
    execute!(conn, "SELECT pg_advisory_xact_lock($1)", OUTBOX)
}

/// Keeps other servers from dispatching until the transaction ends. Returns false if one already
/// is: two at once could dispatch the later of two events first. SQLite has one writer anyway.
pub async fn lock_dispatch(conn: &mut Conn) -> sqlx::Result<bool> {
    if conn.engine() == Engine::Sqlite {
        return Ok(true);
    }
    fetch_scalar!(conn, "SELECT pg_try_advisory_xact_lock($1)", OUTBOX)
}

/// An event to dispatch: what decides to whom.
#[derive(FromRow)]
pub struct Undispatched {
    pub seq: i64,
    pub topic: String,
    pub subject: String,
}

/// Lists the undispatched events, oldest first.
pub async fn list_undispatched(conn: &mut Conn, limit: i64) -> sqlx::Result<Vec<Undispatched>> {
    fetch_all!(
        conn,
        "SELECT seq, topic, subject FROM outbox WHERE dispatched_at IS NULL ORDER BY seq LIMIT $1",
        limit
    )
}

/// Marks these events as dispatched, and not a range: on PostgreSQL one in between may be about to
/// be committed.
pub async fn mark_dispatched(conn: &mut Conn, seqs: &[i64], now: Timestamp) -> sqlx::Result<()> {
    update_time(conn, "dispatched_at", seqs, Some(now)).await
}

/// Sets or clears a time of these events.
pub async fn update_time(
    conn: &mut Conn,
    column: &'static str,
    seqs: &[i64],
    time: Option<Timestamp>,
) -> sqlx::Result<()> {
    let among = conn.pick(
        "(SELECT value FROM json_each($2))",
        "(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS JSON)))",
    );
    let query = format!("UPDATE outbox SET {column} = $1 WHERE seq IN {among}");
    execute!(conn, AssertSqlSafe(query), time, json!(seqs).to_string())
}

/// Lists the events with a seq below `before`, newest first.
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

/// Deletes up to `limit` events dispatched before `before` that have no deliveries left, and
/// returns their number.
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

/// Lists the deliveries of these events: event, consumer and state.
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

/// Returns the number of undispatched events, and the time of the oldest.
pub async fn count_undispatched(conn: &mut Conn) -> sqlx::Result<(i64, Option<Timestamp>)> {
    fetch_one!(
        conn,
        "SELECT COUNT(*), MIN(at) FROM outbox WHERE dispatched_at IS NULL"
    )
}

/// Returns the number of deliveries waiting since `before` and not paused, and the oldest one's start.
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

/// Returns the number of deliveries waiting for paused webhooks, and of dead ones.
pub async fn count_paused_and_dead(conn: &mut Conn) -> sqlx::Result<(i64, i64)> {
    fetch_one!(
        conn,
        "SELECT
         (SELECT COUNT(*) FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
          WHERE d.state = 'waiting' AND w.paused_at IS NOT NULL),
         (SELECT COUNT(*) FROM deliveries WHERE state = 'dead')"
    )
}
