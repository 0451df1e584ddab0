//! The outbox: what happened, in the order it happened, until everybody concerned was told.

use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{Conn, QueryBuilder, trace_id};
use serde::Serialize;
use tokio::sync::Notify;

/// Rings when something was noted, so that this process tells of it soon. What another server noted
/// is found by looking now and then.
static NOTED: Notify = Notify::const_new();

/// Rings for what is due at once, though nothing new happened.
pub fn ring() {
    NOTED.notify_one();
}

/// Waits until something was noted. It may not be committed yet.
pub async fn noted() {
    NOTED.notified().await;
}

/// Notes in the caller's transaction that something happened. Of what has the same `subject` (an
/// order, a product), the first is told first.
pub async fn record(
    conn: &mut Conn,
    topic: &str,
    subject: &str,
    data: &impl Serialize,
    now: Timestamp,
) -> Result<(), AppError> {
    let happened = Happened {
        subject: subject.to_owned(),
        data,
        trace_id: trace_id(),
    };
    record_all(conn, topic, &[happened], now).await
}

/// Something that happened.
pub struct Happened<T> {
    /// What it happened to: an order, a product, a transfer.
    pub subject: String,
    pub data: T,
    /// The request that made it happen.
    pub trace_id: String,
}

/// The same of several things at once, of one topic.
pub async fn record_all(
    conn: &mut Conn,
    topic: &str,
    happened: &[Happened<impl Serialize>],
    now: Timestamp,
) -> Result<(), AppError> {
    if happened.is_empty() {
        return Ok(());
    }
    let mut values = Vec::with_capacity(happened.len());
    for one in happened {
        let data = serde_json::to_string(&one.data).map_err(|_| AppError::internal())?;
        values.push((one.subject.as_str(), data, one.trace_id.as_str()));
    }
    let mut query = QueryBuilder::new(
        conn,
        "INSERT INTO outbox (topic, subject, data, trace_id, at) ",
    );
    query.push_values(values, |row, (subject, data, trace_id)| {
        row.push_bind(topic)
            .push_bind(subject)
            .push_bind(data)
            .push_bind(trace_id)
            .push_bind(now);
    });
    query.persistent(happened.len() == 1);
    query.execute(conn).await?;
    ring();
    Ok(())
}
