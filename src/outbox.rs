//! The outbox: events, in the order they happened, until every recipient has been told.

use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::telemetry::traces;
use crate::server::{Conn, execute, from_json, trace_id};
use serde::Serialize;
use sqlx::AssertSqlSafe;
use tokio::sync::Notify;
use tracing::Instrument;

/// Notified when an event is recorded, so that this process dispatches it soon. Events recorded by
/// another server are found by polling.
static NOTED: Notify = Notify::const_new();

/// Wakes the dispatcher for what is due at once, though nothing new happened.
pub fn ring() {
    NOTED.notify_one();
}

/// Waits until an event was recorded. It may not be committed yet.
pub async fn noted() {
    NOTED.notified().await;
}

/// Records an event in the caller's transaction. Of events with the same `subject` (an order, a
/// product), the first is dispatched first.
pub async fn record(
    conn: &mut Conn,
    topic: &str,
    subject: &str,
    data: &impl Serialize,
    now: Timestamp,
) -> Result<(), AppError> {
    let span = tracing::debug_span!(
        "publish",
        otel.name = format!("publish {topic}"),
        otel.kind = "producer"
    );
    let happened = Happened {
        subject: subject.to_owned(),
        data,
        trace_id: trace_id(),
        span_id: traces::point(&span).span_id,
    };
    record_all(conn, topic, &[happened], now)
        .instrument(span)
        .await
}

/// An event to record.
pub struct Happened<T> {
    /// The subject of the event: an order, a product, a transfer.
    pub subject: String,
    pub data: T,
    /// The trace id of the request that caused it.
    pub trace_id: String,
    /// The span that what consumers do belongs to; empty without traces.
    pub span_id: String,
}

/// Records several events of one topic at once.
pub async fn record_all(
    conn: &mut Conn,
    topic: &str,
    happened: &[Happened<impl Serialize>],
    now: Timestamp,
) -> Result<(), AppError> {
    if happened.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = happened
        .iter()
        .map(|one| (&one.subject, &one.data, &one.trace_id, &one.span_id))
        .collect();
    let rows = serde_json::to_string(&rows).map_err(|_| AppError::internal())?;
    let query = format!(
        "INSERT INTO outbox (topic, subject, data, trace_id, span_id, at)
         SELECT $2, value ->> 0, CAST(value -> 1 AS TEXT), value ->> 2, value ->> 3, $3
         FROM {}",
        from_json(conn)
    );
    execute!(conn, AssertSqlSafe(query), rows, topic, now)?;
    ring();
    Ok(())
}
