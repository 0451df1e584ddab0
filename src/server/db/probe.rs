//! Proof that the database takes writes, and not just answers.
//!
//! Only a write shows that there is room and that the disk works. What was written a moment ago is
//! proof enough; where nothing was, a small write is tried, at most once a second however many ask.

use super::pools::Db;
use super::run::{execute, fetch_scalar};
use sqlx::AssertSqlSafe;
use std::time::Duration;

/// How long a trial may take before the writer counts as busy.
const TRIAL: Duration = Duration::from_secs(1);

impl Db {
    /// Whether writes succeed. Asked of a writer that is merely busy, yes.
    pub async fn takes_writes(&self) -> bool {
        match self {
            Self::Sqlite { writer, .. } => {
                let writing = &writer.writing;
                if let Some(verdict) = writing.verdict() {
                    return verdict;
                }
                let _one = writing.trial.lock().await;
                if let Some(verdict) = writing.verdict() {
                    return verdict;
                }
                match tokio::time::timeout(TRIAL, self.try_writing()).await {
                    Ok(Ok(())) => true,
                    Ok(Err(error)) if !is_busy(&error) => {
                        tracing::error!(error.cause = %error, "The database takes no writes");
                        writing.judge(false);
                        false
                    }
                    _ => writing.judge_busy(),
                }
            }
            Self::Postgres(_) => matches!(self.is_writable().await, Ok(true)),
        }
    }

    /// Writes the one number in the file that nobody uses, as it is.
    async fn try_writing(&self) -> sqlx::Result<()> {
        let mut tx = self.write().await?;
        let number: i64 = fetch_scalar!(tx, "PRAGMA user_version")?;
        let same = AssertSqlSafe(format!("PRAGMA user_version = {number}"));
        execute!(tx, same)?;
        tx.commit().await
    }

    /// PostgreSQL that only follows another one answers, but writes nothing.
    async fn is_writable(&self) -> sqlx::Result<bool> {
        let mut conn = self.read().await?;
        fetch_scalar!(
            conn,
            "SELECT NOT pg_is_in_recovery()
                 AND current_setting('transaction_read_only') = 'off'"
        )
    }
}

fn is_busy(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut => true,
        error => super::errors::sqlite_code(error) == Some(super::errors::SQLITE_BUSY),
    }
}
