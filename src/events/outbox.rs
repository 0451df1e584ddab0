//! The outbox: what happened, in the order it happened, until everybody concerned was told.

use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{Conn, trace_id, with_db};
use serde::Serialize;
use sqlx::AssertSqlSafe;
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
    record_all(conn, topic, &[(subject.to_owned(), data)], now).await
}

/// The same of several things at once, of one topic.
pub async fn record_all(
    conn: &mut Conn,
    topic: &str,
    happened: &[(String, impl Serialize)],
    now: Timestamp,
) -> Result<(), AppError> {
    if happened.is_empty() {
        return Ok(());
    }
    let trace_id = trace_id();
    let row = |index: usize| {
        let [subject, data] = [4, 5].map(|column| 2 * index + column);
        format!("($1, ${subject}, ${data}, $2, $3)")
    };
    let rows: Vec<String> = (0..happened.len()).map(row).collect();
    let text = format!(
        "INSERT INTO outbox (topic, subject, data, trace_id, at) VALUES {}",
        rows.join(", ")
    );
    let mut subjects = Vec::with_capacity(happened.len());
    for (subject, data) in happened {
        let data = serde_json::to_string(data).map_err(|_| AppError::internal())?;
        subjects.push((subject, data));
    }
    let common = happened.len() == 1;
    Ok(with_db!(conn, |c| {
        let mut query = sqlx::query(AssertSqlSafe(text)).persistent(common);
        query = query.bind(topic).bind(&trace_id).bind(now);
        for (subject, data) in &subjects {
            query = query.bind(*subject).bind(data);
        }
        query.execute(c).await.map(drop)
    })
    .map(|()| ring())?)
}
