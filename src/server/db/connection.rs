//! A connection of either engine, and a transaction on one.
//!
//! The functions of a `store` take one. They write one portable SQL text with `$1` placeholders and run
//! it on whichever engine is behind, by `execute!` and the `fetch_*!` macros of `run.rs`.

use super::sqlite::Writing;
use sqlx::pool::PoolConnection;
use sqlx::{Database, Postgres, Sqlite, Transaction};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A connection of either engine. Dereferences to nothing: see `run.rs`.
pub enum Conn {
    Sqlite(Handle<Sqlite>),
    Postgres(Handle<Postgres>),
}

impl Conn {
    /// Itself: what the macros of `run.rs` call, so that they take a `Conn` and a `Tx` alike.
    pub fn as_conn(&mut self) -> &mut Self {
        self
    }

    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Whether a statement failed, since the transaction began or the last savepoint was gone back to.
    pub(super) fn has_failed(&self) -> bool {
        match self {
            Self::Sqlite(handle) => handle.failed,
            Self::Postgres(handle) => handle.failed,
        }
    }

    pub(super) fn set_failed(&mut self, failed: bool) {
        match self {
            Self::Sqlite(handle) => handle.failed = failed,
            Self::Postgres(handle) => handle.failed = failed,
        }
    }

    /// The text for the engine behind, where the two cannot share one.
    pub fn pick<T>(&self, sqlite: T, postgres: T) -> T {
        match self {
            Self::Sqlite(_) => sqlite,
            Self::Postgres(_) => postgres,
        }
    }
}

/// The engine's own connection, and whether a statement on it failed.
pub struct Handle<DB: Database> {
    loan: Loan<DB>,
    failed: bool,
}

/// A connection on loan, or a transaction on one.
enum Loan<DB: Database> {
    Pooled(PoolConnection<DB>),
    Begun(Transaction<'static, DB>),
}

impl<DB: Database> Handle<DB> {
    pub(super) fn pooled(connection: PoolConnection<DB>) -> Self {
        Self {
            loan: Loan::Pooled(connection),
            failed: false,
        }
    }

    pub(super) fn begun(transaction: Transaction<'static, DB>) -> Self {
        Self {
            loan: Loan::Begun(transaction),
            failed: false,
        }
    }

    /// Notes it where the engine refused a statement. That a row is missing, say, is no failure.
    pub fn note<T>(&mut self, result: &sqlx::Result<T>) {
        self.failed |= matches!(result, Err(sqlx::Error::Database(_)));
    }

    async fn commit(self) -> sqlx::Result<()> {
        // PostgreSQL answers COMMIT with ROLLBACK then, which the driver takes for success.
        if self.failed {
            let why = "A statement failed in this transaction, so nothing of it is kept";
            return Err(sqlx::Error::Protocol(why.to_owned()));
        }
        match self.loan {
            Loan::Begun(transaction) => transaction.commit().await,
            Loan::Pooled(_) => unreachable!("Db::write only hands out transactions"),
        }
    }
}

impl<DB: Database> Deref for Handle<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        match &self.loan {
            Loan::Pooled(connection) => connection,
            Loan::Begun(transaction) => transaction,
        }
    }
}

impl<DB: Database> DerefMut for Handle<DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        match &mut self.loan {
            Loan::Pooled(connection) => connection,
            Loan::Begun(transaction) => transaction,
        }
    }
}

/// A transaction. It is a [`Conn`] that can be committed.
pub struct Tx {
    // Before the connection: whoever has that next seals it anew.
    seal: Option<Seal>,
    writing: Option<Writing>,
    conn: Conn,
}

impl Tx {
    pub(super) fn of(conn: Conn) -> Self {
        Self {
            seal: None,
            writing: None,
            conn,
        }
    }

    /// One that nothing but [`Tx::commit`] commits.
    pub(super) fn sealed(conn: Conn, seal: Seal, writing: Writing) -> Self {
        Self {
            seal: Some(seal),
            writing: Some(writing),
            conn,
        }
    }

    /// Keeps what was written. An error on both engines where a statement failed and was not taken back
    /// to a savepoint.
    pub async fn commit(self) -> sqlx::Result<()> {
        let Self {
            seal,
            writing,
            conn,
        } = self;
        drop(seal);
        match conn {
            Conn::Sqlite(handle) => handle.commit().await?,
            Conn::Postgres(handle) => handle.commit().await?,
        }
        if let Some(writing) = writing {
            writing.note_written();
        }
        Ok(())
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

/// While it is there, nothing is committed.
pub struct Seal(Arc<AtomicBool>);

impl Seal {
    pub fn set(sealed: &Arc<AtomicBool>) -> Self {
        sealed.store(true, Ordering::Release);
        Self(Arc::clone(sealed))
    }
}

impl Drop for Seal {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}
