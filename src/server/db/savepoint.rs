//! A savepoint: part of a transaction that can be taken back, the failed statement in it included.

use super::connection::Conn;
use super::run::execute;

/// Set on a connection, and to be ended on the same one. Several may be set within each other.
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

    /// Keeps what was done since, as far as the transaction is kept.
    pub async fn release(self, conn: &mut Conn) -> sqlx::Result<()> {
        execute!(conn, "RELEASE here")
    }

    /// Takes back what was done since.
    pub async fn roll_back(self, conn: &mut Conn) -> sqlx::Result<()> {
        execute!(conn, "ROLLBACK TO here")?;
        conn.set_failed(self.failed_before);
        execute!(conn, "RELEASE here")
    }
}
