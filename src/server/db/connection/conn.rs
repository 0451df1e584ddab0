//! A connection of either engine, and a transaction on one.
//!
//! The functions of a `store` take one. They write one portable SQL text with `$1` placeholders
//! and run it on either engine by `execute!` and the `fetch_*!` macros of `run.rs`.

use super::epochs::{Changed, Epochs, Subject};
use super::fence::Fence;
use crate::server::db::sqlite::Writing;
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
    /// Returns itself: the macros of `run.rs` call this so that they take a `Conn` and a `Tx` alike.
    pub fn as_conn(&mut self) -> &mut Self {
        self
    }

    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Notes a change to the subject: once it is committed, copies from before are out of date.
    pub fn note_change(&mut self, subject: Subject) {
        match self {
            Self::Sqlite(handle) => handle.changed.note(subject),
            Self::Postgres(handle) => handle.changed.note(subject),
        }
    }

    fn changed(&self) -> Changed {
        match self {
            Self::Sqlite(handle) => handle.changed,
            Self::Postgres(handle) => handle.changed,
        }
    }

    /// True if a statement has failed since the transaction began or the last rollback to a savepoint.
    pub(crate) fn has_failed(&self) -> bool {
        match self {
            Self::Sqlite(handle) => handle.failed,
            Self::Postgres(handle) => handle.failed,
        }
    }

    pub(crate) fn set_failed(&mut self, failed: bool) {
        match self {
            Self::Sqlite(handle) => handle.failed = failed,
            Self::Postgres(handle) => handle.failed = failed,
        }
    }

    /// Fails if another server has taken over the work that is behind this fence.
    pub(crate) async fn check(&mut self, fence: &Fence) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(handle) => fence.check_on_sqlite(handle).await,
            Self::Postgres(handle) => fence.check_on_postgres(handle).await,
        }
    }

    /// Picks the value for this connection's engine, where the two cannot share one.
    pub fn pick<T>(&self, sqlite: T, postgres: T) -> T {
        match self {
            Self::Sqlite(_) => sqlite,
            Self::Postgres(_) => postgres,
        }
    }
}

/// The engine's own connection, whether a statement on it failed, and what was changed on it.
pub struct Handle<DB: Database> {
    loan: Loan<DB>,
    failed: bool,
    changed: Changed,
}

/// A pooled connection, or a transaction on one.
enum Loan<DB: Database> {
    Pooled(PoolConnection<DB>),
    Begun(Transaction<'static, DB>),
}

impl<DB: Database> Handle<DB> {
    pub(crate) fn pooled(connection: PoolConnection<DB>) -> Self {
        Self {
            loan: Loan::Pooled(connection),
            failed: false,
            changed: Changed::default(),
        }
    }

    pub(crate) fn begun(transaction: Transaction<'static, DB>) -> Self {
        Self {
            loan: Loan::Begun(transaction),
            failed: false,
            changed: Changed::default(),
        }
    }

    /// Records a failure if the engine refused a statement. A missing row, say, is no failure.
    pub fn note<T>(&mut self, result: &sqlx::Result<T>) {
        self.failed |= matches!(result, Err(sqlx::Error::Database(_)));
    }

    async fn commit(self) -> sqlx::Result<()> {
        // PostgreSQL would answer COMMIT with ROLLBACK, which the driver takes for success.
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
    // Dropped before the connection, whose next user seals it anew.
    seal: Option<Seal>,
    writing: Option<Writing>,
    epochs: Epochs,
    fence: Option<Fence>,
    conn: Conn,
}

impl Tx {
    pub(crate) fn of(conn: Conn, epochs: &Epochs) -> Self {
        Self {
            seal: None,
            writing: None,
            epochs: epochs.clone(),
            fence: None,
            conn,
        }
    }

    /// Checks the fence around the current work, if there is one, before the commit.
    pub(crate) fn fenced(self) -> Self {
        Self {
            fence: Fence::current(),
            ..self
        }
    }

    /// Creates a transaction that nothing but [`Tx::commit`] commits.
    pub(crate) fn sealed(conn: Conn, epochs: &Epochs, seal: Seal, writing: Writing) -> Self {
        Self {
            seal: Some(seal),
            writing: Some(writing),
            ..Self::of(conn, epochs).fenced()
        }
    }

    /// Commits the transaction as a change to the subject.
    pub async fn commit_change(mut self, subject: Subject) -> sqlx::Result<()> {
        self.note_change(subject);
        self.commit().await
    }

    /// Commits the transaction. An error on both engines if a statement failed and was not rolled
    /// back to a savepoint.
    pub async fn commit(self) -> sqlx::Result<()> {
        let Self {
            seal,
            writing,
            epochs,
            fence,
            mut conn,
        } = self;
        if let Some(fence) = fence {
            conn.check(&fence).await?;
        }
        drop(seal);
        let changed = conn.changed();
        let committed = match conn {
            Conn::Sqlite(handle) => handle.commit().await,
            Conn::Postgres(handle) => handle.commit().await,
        };
        // Even after an error: the connection may have broken after the commit.
        epochs.advance(changed);
        committed?;
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

/// A seal that blocks every commit for as long as it exists.
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
