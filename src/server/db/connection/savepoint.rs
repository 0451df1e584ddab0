//! A savepoint: part of a transaction that can be rolled back, including a failed statement in it.

use super::conn::Conn;
use crate::server::db::run::execute;

/// A savepoint, to be ended on the connection it was set on. Savepoints may be nested.
#[must_use = "a savepoint is released or gone back to"]
pub struct Savepoint {
    failed_before: bool,
}

impl Savepoint {
    pub async fn set(conn: &mut Conn) -> sqlx::Result<Self> {
        execute!(conn, "SAVEPOINT here")?;
        let failed_before = conn.has_failed();
        Ok(Self { failed_before })
    }

    /// Releases the savepoint: the work since is kept if the transaction is.
    pub async fn release(self, conn: &mut Conn) -> sqlx::Result<()> {
        execute!(conn, "RELEASE here")
    }

    /// Rolls back the work since the savepoint.
    pub async fn roll_back(self, conn: &mut Conn) -> sqlx::Result<()> {
        execute!(conn, "ROLLBACK TO here")?;
        conn.set_failed(self.failed_before);
        execute!(conn, "RELEASE here")
    }
}
