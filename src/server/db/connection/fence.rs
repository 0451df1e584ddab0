//! Fences: work that another server may have taken over is refused when it commits.
//!
//! Whoever works for all servers has a token from the database, greater than that of everybody before
//! (`server/lock/`). While it works, each of its transactions is checked right before the commit: if the database has
//! given out a greater one since, nothing of it is kept. The row stays locked until the commit has happened, so that
//! nobody takes over in between.

use sqlx::{PgConnection, SqliteConnection};
use std::io;

tokio::task_local! {
    static FENCE: Fence;
}

/// A lock's name, and the token of one of its holders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    pub name: &'static str,
    pub token: i64,
}

impl Fence {
    /// Does the work, whose transactions are checked.
    pub async fn around<F: Future>(self, work: F) -> F::Output {
        FENCE.scope(self, work).await
    }

    /// Returns the fence around the current work.
    pub fn current() -> Option<Self> {
        FENCE.try_with(Clone::clone).ok()
    }

    pub(super) async fn check_on_postgres(&self, conn: &mut PgConnection) -> sqlx::Result<()> {
        let last = sqlx::query_scalar("SELECT token FROM locks WHERE name = $1 FOR SHARE");
        self.compare(last.bind(self.name).fetch_optional(conn).await?)
    }

    /// SQLite has one writer at a time.
    pub(super) async fn check_on_sqlite(&self, conn: &mut SqliteConnection) -> sqlx::Result<()> {
        let last = sqlx::query_scalar("SELECT token FROM locks WHERE name = $1");
        self.compare(last.bind(self.name).fetch_optional(conn).await?)
    }

    fn compare(&self, last: Option<i64>) -> sqlx::Result<()> {
        if last == Some(self.token) {
            return Ok(());
        }
        let message = format!("another server has taken over: {}", self.name);
        Err(io::Error::other(message).into())
    }
}
