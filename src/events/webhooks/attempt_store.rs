//! SQL for the log of a webhook's deliveries: how each try went.

use crate::clock::Timestamp;
use crate::server::{Conn, execute};
use sqlx::FromRow;

/// How one try went.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Attempt {
    /// The answer's status; none where there was no answer.
    pub status: Option<i64>,
    pub milliseconds: i64,
    /// The beginning of the answer.
    pub answer: String,
    /// Why it failed; empty where it did not.
    pub error: String,
    pub at: Timestamp,
}

/// The most tries of one delivery that are kept: the last ones.
pub const KEPT: i64 = 20;

/// Writes the try to the log, and drops the oldest where there are too many.
pub async fn create_attempt(conn: &mut Conn, delivery: i64, attempt: &Attempt) -> sqlx::Result<()> {
    execute!(
        conn,
        "INSERT INTO delivery_attempts (delivery_id, status, milliseconds, answer, error, at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        delivery,
        attempt.status,
        attempt.milliseconds,
        &attempt.answer,
        &attempt.error,
        attempt.at
    )?;
    execute!(
        conn,
        "DELETE FROM delivery_attempts WHERE delivery_id = $1 AND id <=
             (SELECT id FROM delivery_attempts WHERE delivery_id = $1
              ORDER BY id DESC LIMIT 1 OFFSET $2)",
        delivery,
        KEPT
    )
}
