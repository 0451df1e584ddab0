//! Write probe: proof that the database accepts writes, and does not just answer.
//!
//! Only a write shows that there is room and that the disk works. A write a moment ago is proof
//! enough; otherwise a small one is tried, at most once a second however many ask.

use super::pools::Db;
use super::run::{execute, fetch_scalar};
use sqlx::AssertSqlSafe;
use std::time::Duration;

/// The timeout of a trial write, after which the writer counts as busy.
const TRIAL: Duration = Duration::from_secs(1);

impl Db {
    /// Returns true if writes succeed, or if the writer is merely busy.
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

    /// Rewrites `user_version`, the one number in the file that nobody uses, unchanged.
    async fn try_writing(&self) -> sqlx::Result<()> {
        let mut tx = self.write().await?;
        let number: i64 = fetch_scalar!(tx, "PRAGMA user_version")?;
        let same = AssertSqlSafe(format!("PRAGMA user_version = {number}"));
        execute!(tx, same)?;
        tx.commit().await
    }

    /// Returns false for a PostgreSQL standby, which answers but accepts no writes.
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
