//! SQLite's one writer: fit for use when handed out, and committed only on purpose.
//!
//! SQLite rolls a transaction back by itself if it runs out of room or memory, cannot read or write, or
//! is interrupted. The driver still counts it as open, so no other could ever begin on that connection;
//! and a use case that went on regardless would have each further statement committed by itself.

use super::file::DatabaseFile;
use super::writing::Writing;
use crate::server::db::connection::{Conn, Epochs, Handle, Seal, Tx};
use crate::server::deadline;
use crate::server::telemetry::Waiting;
use sqlx::pool::PoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{Connection, Sqlite, Transaction};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use tracing::{Instrument, Span};

/// The pool of the single writing connection. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Writer {
    pub pool: SqlitePool,
    pub file: DatabaseFile,
    pub writing: Writing,
    pub epochs: Epochs,
    pub waiting: Waiting,
    sealed: Arc<AtomicBool>,
}

impl Writer {
    pub fn new(options: PoolOptions<Sqlite>, connect: SqliteConnectOptions) -> Self {
        let file = DatabaseFile::new(connect.get_filename());
        let opened = file.clone();
        let sealed = Arc::new(AtomicBool::new(false));
        let looked_at = Arc::clone(&sealed);
        let pool = fit_for_use(options)
            .max_connections(1)
            .after_connect(move |connection, _| {
                let sealed = Arc::clone(&looked_at);
                opened.note_opened();
                Box::pin(async move {
                    let mut handle = connection.lock_handle().await?;
                    handle.set_commit_hook(move || !sealed.load(Ordering::Acquire));
                    Ok(())
                })
            })
            .connect_lazy_with(connect);
        Self {
            pool,
            file,
            writing: Writing::default(),
            epochs: Epochs::default(),
            waiting: Waiting::default(),
            sealed,
        }
    }

    /// Begins a transaction. It begins in time or not at all, and once begun is not interrupted.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        let span = waiting_for_writer();
        self.begin_now().instrument(span).await
    }

    async fn begin_now(&self) -> sqlx::Result<Tx> {
        let waiting = self.waiting.begin();
        let connection = self.pool.acquire().await?;
        drop(waiting);
        if deadline::current().is_some_and(|at| at <= Instant::now()) {
            return Err(sqlx::Error::PoolTimedOut);
        }
        if self.file.is_gone() {
            let gone = format!("{} was deleted or replaced", self.file.path().display());
            return Err(std::io::Error::other(gone).into());
        }
        let begin = sqlx::SqlSafeStr::into_sql_str("BEGIN IMMEDIATE");
        let transaction = Transaction::begin(connection, Some(begin)).await?;
        let seal = Seal::set(&self.sealed);
        let written = self.writing.clone();
        Ok(Tx::sealed(
            Conn::Sqlite(Handle::begun(transaction)),
            &self.epochs,
            seal,
            written,
        ))
    }
}

/// Returns the span of a wait for the writer, where it is a part of something: only one at a time may write.
pub fn waiting_for_writer() -> Span {
    match Span::current().is_none() {
        true => Span::none(),
        false => tracing::debug_span!("lock", otel.name = "lock writer"),
    }
}

/// Discards connections stuck in an abandoned transaction before their next use.
pub fn fit_for_use(options: PoolOptions<Sqlite>) -> PoolOptions<Sqlite> {
    options.before_acquire(|connection, _| {
        let stuck = connection.is_in_transaction();
        if stuck {
            tracing::warn!("A connection whose transaction the database ended is replaced");
        }
        Box::pin(async move { Ok(!stuck) })
    })
}
