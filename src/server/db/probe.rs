//! Proof that the database takes writes, and not just answers.
//!
//! Only a write shows that there is room and that the disk works. What was written a moment ago is
//! proof enough; where nothing was, a small write is tried, at most once a second however many ask.

use super::connection::Db;
use super::run::{execute, fetch_scalar};
use sqlx::AssertSqlSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// As long as this a verdict stands.
const FRESH: Duration = Duration::from_secs(1);

/// How long a trial may take before the writer counts as busy.
const TRIAL: Duration = Duration::from_secs(1);

/// A writer that is busy is well as long as something was written within this time.
const BUSY: Duration = Duration::from_secs(10);

#[derive(Clone, Debug, Default)]
pub struct Writing {
    state: Arc<Mutex<State>>,
    trial: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug)]
struct State {
    written: Instant,
    judged: Option<(Instant, bool)>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            written: Instant::now(),
            judged: None,
        }
    }
}

impl Writing {
    /// Something was committed.
    pub(super) fn note_written(&self) {
        self.judge(true);
    }

    fn judge(&self, well: bool) {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if well {
            state.written = now;
        }
        state.judged = Some((now, well));
    }

    /// The verdict, while it is fresh.
    fn verdict(&self) -> Option<bool> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, well) = state.judged?;
        (at.elapsed() < FRESH).then_some(well)
    }

    /// Somebody else has the writer. That is no fault, unless nothing comes of it for long.
    fn judge_busy(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let well = state.written.elapsed() < BUSY;
        state.judged = Some((Instant::now(), well));
        well
    }
}

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
