//! SQL for a webhook's delivery log: the outcome of each try.

use crate::clock::Timestamp;
use crate::server::{Conn, execute};
use sqlx::FromRow;

/// The outcome of one try.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Attempt {
    /// The response's status; `None` if there was no response.
    pub status: Option<i64>,
    pub milliseconds: i64,
    /// The beginning of the response body.
    pub answer: String,
    /// The error; empty if it succeeded.
    pub error: String,
    pub at: Timestamp,
}

/// The maximum number of tries kept per delivery: the latest ones.
pub const KEPT: i64 = 20;

/// Logs the try, and deletes the oldest ones beyond [`KEPT`].
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
