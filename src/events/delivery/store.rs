//! SQL for deliveries.

use super::consumer::{Consumer, DeliveryState};
use crate::clock::Timestamp;
use crate::events::outbox::OutboxEvent;
use crate::server::{
    Conn, execute, fetch_optional, fetch_optional_scalar, from_json, rows_affected, stored_as_word,
};
use serde_json::json;
use sqlx::{AssertSqlSafe, FromRow};

stored_as_word!(DeliveryState);

/// An event on its way to one consumer.
#[derive(Clone, Debug, FromRow)]
pub struct Delivery {
    pub id: i64,
    pub tries: i64,
    #[sqlx(flatten)]
    pub event: OutboxEvent,
}

/// Inserts the deliveries, each an event's seq, its consumer and its subject; existing ones are left as they are.
pub async fn create_deliveries(
    conn: &mut Conn,
    deliveries: &[(i64, Consumer, &str)],
    now: Timestamp,
) -> sqlx::Result<()> {
    let rows = |from: &str| {
        format!(
            "INSERT INTO deliveries (seq, consumer, webhook_id, subject, state, created_at)
             SELECT CAST(value ->> 0 AS BIGINT), value ->> 1, CAST(value ->> 2 AS BIGINT),
                    value ->> 3, 'waiting', $2 FROM {from} WHERE TRUE
             ON CONFLICT (consumer, seq) DO NOTHING"
        )
    };
    let query = AssertSqlSafe(rows(from_json(conn)));
    let values = deliveries.iter().map(|(seq, consumer, subject)| {
        json!([seq, consumer.to_string(), consumer.webhook(), subject])
    });
    let values = json!(values.collect::<Vec<_>>()).to_string();
    execute!(conn, query, values, now)
}

/// Returns the first waiting delivery of the lane.
pub async fn find_next_delivery(
    conn: &mut Conn,
    consumer: Consumer,
    subject: &str,
) -> sqlx::Result<Option<Delivery>> {
    fetch_optional!(
        conn,
        "SELECT d.id, d.tries, o.seq, o.topic, o.subject, o.data, o.trace_id, o.span_id, o.at,
                o.dispatched_at
         FROM deliveries d JOIN outbox o ON o.seq = d.seq
         WHERE d.consumer = $1 AND d.subject = $2 AND d.state = 'waiting'
         ORDER BY d.seq LIMIT 1",
        consumer.to_string(),
        subject
    )
}

/// Returns the state of the event's delivery to the consumer; `None` if there is none to make.
pub async fn find_delivery_state(
    conn: &mut Conn,
    consumer: Consumer,
    seq: i64,
) -> sqlx::Result<Option<DeliveryState>> {
    fetch_optional_scalar!(
        conn,
        "SELECT state FROM deliveries WHERE consumer = $1 AND seq = $2",
        consumer.to_string(),
        seq
    )
}

/// Records a delivery's progress, unless it was settled in the meantime.
pub async fn update_delivery(
    conn: &mut Conn,
    id: i64,
    state: DeliveryState,
    tries: i64,
    error: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    let settled_at = (state != DeliveryState::Waiting).then_some(now);
    execute!(
        conn,
        "UPDATE deliveries SET state = $1, tries = $2, last_error = $3, settled_at = $4
         WHERE id = $5 AND state = 'waiting'",
        state,
        tries,
        error,
        settled_at,
        id
    )
}

/// Deletes up to `limit` deliveries done or discarded before `before` and returns their number.
/// Those that wait, however long, or are dead are still to be decided.
pub async fn delete_old_deliveries(
    conn: &mut Conn,
    before: Timestamp,
    limit: i64,
) -> sqlx::Result<u64> {
    // The state is checked again outside: on PostgreSQL somebody may revive one of them meanwhile.
    rows_affected!(
        conn,
        "DELETE FROM deliveries WHERE state IN ('done', 'discarded') AND id IN
             (SELECT id FROM deliveries
              WHERE settled_at < $1 AND state IN ('done', 'discarded')
              ORDER BY settled_at, id LIMIT $2)",
        before,
        limit
    )
}

/// Records the order's task.
pub async fn create_order_task(conn: &mut Conn, order: i64, task: i64) -> sqlx::Result<()> {
    execute!(
        conn,
        "INSERT INTO order_tasks (order_id, task_id) VALUES ($1, $2)",
        order,
        task
    )
}

pub async fn find_task_of_order(conn: &mut Conn, order: i64) -> sqlx::Result<Option<i64>> {
    fetch_optional_scalar!(
        conn,
        "SELECT task_id FROM order_tasks WHERE order_id = $1",
        order
    )
}

/// Returns the delivery's consumer and subject.
pub async fn find_lane_of(conn: &mut Conn, id: i64) -> sqlx::Result<Option<(String, String)>> {
    fetch_optional!(
        conn,
        "SELECT consumer, subject FROM deliveries WHERE id = $1",
        id
    )
}

/// Sets the delivery to waiting, with its try count reset. Returns false if it is not in the state `only`.
pub async fn update_to_waiting(
    conn: &mut Conn,
    id: i64,
    only: Option<DeliveryState>,
) -> sqlx::Result<bool> {
    let revived = rows_affected!(
        conn,
        "UPDATE deliveries SET state = 'waiting', tries = 0, settled_at = NULL
         WHERE id = $1 AND ($2 IS NULL OR state = $2)",
        id,
        only.map(DeliveryState::as_str)
    )?;
    Ok(revived == 1)
}
