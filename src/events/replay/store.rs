//! SQL for replays.

use crate::clock::Timestamp;
use crate::events::delivery::{Consumer, DeliveryState};
use crate::events::outbox::{EVENT, OutboxEvent};
use crate::server::{Conn, fetch_all, rows_affected};
use serde_json::json;
use sqlx::AssertSqlSafe;

/// Lists the events between the times with a seq above `after`, oldest first.
pub async fn list_events(
    conn: &mut Conn,
    (since, until): (Timestamp, Timestamp),
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<OutboxEvent>> {
    let query = AssertSqlSafe(format!(
        "SELECT {EVENT} FROM outbox
         WHERE seq > $1 AND at >= $2 AND at < $3 AND dispatched_at IS NOT NULL
         ORDER BY seq LIMIT $4"
    ));
    fetch_all!(conn, query, after, since, until, limit)
}

/// Lists the consumer's deliveries of these events, each with its state.
pub async fn list_states(
    conn: &mut Conn,
    consumer: Consumer,
    seqs: &[i64],
) -> sqlx::Result<Vec<(i64, DeliveryState)>> {
    let query = conn.pick(
        "SELECT seq, state FROM deliveries WHERE consumer = $1
             AND seq IN (SELECT value FROM json_each($2))",
        "SELECT seq, state FROM deliveries WHERE consumer = $1
             AND seq IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS JSON)))",
    );
    fetch_all!(conn, query, consumer.to_string(), json!(seqs).to_string())
}

/// Has these deliveries made again, each with its try count reset.
pub async fn update_to_waiting(
    conn: &mut Conn,
    consumer: Consumer,
    seqs: &[i64],
) -> sqlx::Result<u64> {
    let query = conn.pick(
        "UPDATE deliveries SET state = 'waiting', tries = 0, settled_at = NULL
         WHERE consumer = $1 AND state <> 'waiting'
             AND seq IN (SELECT value FROM json_each($2))",
        "UPDATE deliveries SET state = 'waiting', tries = 0, settled_at = NULL
         WHERE consumer = $1 AND state <> 'waiting'
             AND seq IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS JSON)))",
    );
    rows_affected!(conn, query, consumer.to_string(), json!(seqs).to_string())
}
