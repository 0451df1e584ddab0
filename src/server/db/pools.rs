//! The database: one type over both engines.
//!
//! A use case asks [`Db`] for a connection to read from or a transaction to write in, and hands it
//! to the functions of a `store`.

use super::connection::{Conn, Engine, Epochs, Handle, Tx};
use super::group::{Group, Work};
use super::hosts;
use super::sqlite::{DatabaseFile, Writer, fit_for_use};
use crate::error::AppError;
use crate::server::config::DatabaseConfig;
use crate::server::deadline::{self, wait_once};
use crate::server::telemetry::Waiting;
use anyhow::{Context, Result, bail};
use log::LevelFilter;
use sqlx::pool::{PoolConnection, PoolOptions};
use sqlx::postgres::{PgConnectOptions, PgPool};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};
use sqlx::{ConnectOptions, Database, Postgres, SqlSafeStr, Transaction};
use std::ops::Deref;
use std::path::Path;
use std::time::{Duration, Instant};

/// The pools. Cheap to clone.
///
/// SQLite has one writer and several readers: writers would only wait for each other inside the
/// engine, where waiting costs more and ends in `SQLITE_BUSY`.
#[derive(Clone, Debug)]
pub enum Db {
    Sqlite {
        writer: Writer,
        readers: SqlitePool,
        /// Those that wait for a reader.
        reading: Waiting,
        group: Group,
    },
    Postgres(PostgresPool),
}

/// The connections to PostgreSQL. Dereferences to the pool.
#[derive(Clone, Debug)]
pub struct PostgresPool {
    pool: PgPool,
    epochs: Epochs,
    pub waiting: Waiting,
}

impl Deref for PostgresPool {
    type Target = PgPool;

    fn deref(&self) -> &PgPool {
        &self.pool
    }
}

impl PostgresPool {
    async fn wait(&self) -> sqlx::Result<PoolConnection<Postgres>> {
        let _waiting = self.waiting.begin();
        wait_once(self.pool.acquire()).await
    }
}

/// The time limit of a single statement on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementLimit {
    /// For a server: as long as a request may take.
    Within(Duration),
    /// For a command (migrate, seed): no limit.
    None,
}

impl Db {
    /// Opens the pools. The database itself may be unavailable until it is first needed, except
    /// that a missing SQLite file is created, with its folder.
    pub fn open(config: &DatabaseConfig, limit: StatementLimit) -> Result<Self> {
        let url = config.url.as_str();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::open_postgres(config, limit)
        } else if let Some(path) = url.strip_prefix("sqlite:") {
            let path = Path::new(path.trim_start_matches("//"));
            Self::open_sqlite(config, path, limit)
        } else {
            bail!("DATABASE_URL must begin with sqlite: or postgres://");
        }
    }

    fn open_sqlite(config: &DatabaseConfig, path: &Path, limit: StatementLimit) -> Result<Self> {
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        // Nothing that could break lies between us and a file: testing each connection before use
        // would only cost two turns of its thread.
        let pool = || pool_options(config).test_before_acquire(false);
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // Checkpoints after four times the default number of pages: pages written often then
            // reach the file once for many writes, and its disk is waited for less.
            .pragma("wal_autocheckpoint", "4000")
            // The statement journal of a write to many rows is small; creating and deleting a
            // file for it is expensive.
            .pragma("temp_store", "MEMORY")
            // Without it REPLACE deletes rows without firing their delete triggers.
            .pragma("recursive_triggers", "ON")
            .busy_timeout(Duration::from_secs(config.acquire_timeout_seconds))
            .log_slow_statements(LevelFilter::Warn, slow(config, limit));
        let reading = options.clone().pragma("query_only", "ON");
        Ok(Self::Sqlite {
            writer: Writer::new(pool(), options),
            readers: fit_for_use(pool()).connect_lazy_with(reading),
            reading: Waiting::default(),
            group: Group::default(),
        })
    }

    fn open_postgres(config: &DatabaseConfig, limit: StatementLimit) -> Result<Self> {
        let addresses = hosts::each_address(&config.url).into_iter().map(|url| {
            let mut options: PgConnectOptions = url.parse().context("DATABASE_URL")?;
            if let StatementLimit::Within(limit) = limit {
                options = options.options([("statement_timeout", limit.as_millis().to_string())]);
            }
            Ok(options.log_slow_statements(LevelFilter::Warn, slow(config, limit)))
        });
        let mut addresses = addresses.collect::<Result<Vec<_>>>()?;
        Ok(Self::Postgres(PostgresPool {
            pool: match addresses.len() {
                1 => pool_options(config).connect_lazy_with(addresses.remove(0)),
                _ => hosts::open(pool_options(config), addresses),
            },
            epochs: Epochs::default(),
            waiting: Waiting::default(),
        }))
    }

    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Returns a connection to read from. Its statements end with the request's deadline.
    pub async fn read(&self) -> sqlx::Result<Conn> {
        Ok(match self {
            Self::Sqlite {
                readers, reading, ..
            } => {
                let waiting = reading.begin();
                let mut connection = readers.acquire().await?;
                drop(waiting);
                interrupt_at_deadline(&mut connection).await?;
                Conn::Sqlite(Handle::pooled(connection))
            }
            Self::Postgres(pool) => Conn::Postgres(Handle::pooled(pool.wait().await?)),
        })
    }

    /// Begins a transaction to write in. Dropped without [`Tx::commit`], it is rolled back.
    ///
    /// For writes by staff and the program itself: rare, or large. What customers and programs
    /// write all the time (carts, orders and their steps, money, messages and deliveries) goes
    /// through [`Db::write_grouped`], where many share a commit.
    pub async fn write(&self) -> sqlx::Result<Tx> {
        match self {
            Self::Sqlite { writer, .. } => writer.begin().await,
            Self::Postgres(pool) => {
                let begun = begin_postgres(pool, "BEGIN").await?;
                Ok(Tx::of(begun, &pool.epochs).fenced())
            }
        }
    }

    /// Runs a short piece of work in a transaction, shared with others where the engine gains by
    /// it. On an error its writes are rolled back.
    pub async fn write_grouped<T, W>(&self, work: W) -> Result<T, AppError>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c mut Conn) -> Work<'c, T> + Send + 'static,
    {
        match self {
            Self::Sqlite { writer, group, .. } => group.run(writer, work).await,
            Self::Postgres(_) => {
                let mut tx = self.write().await?;
                let made = work(&mut tx).await?;
                tx.commit().await?;
                Ok(made)
            }
        }
    }

    /// Begins a read-only transaction, which sees one consistent state throughout.
    pub async fn snapshot(&self) -> sqlx::Result<Tx> {
        let conn = match self {
            Self::Sqlite {
                readers, reading, ..
            } => {
                let waiting = reading.begin();
                let mut transaction = readers.begin().await?;
                drop(waiting);
                interrupt_at_deadline(&mut transaction).await?;
                Conn::Sqlite(Handle::begun(transaction))
            }
            Self::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                begin_postgres(pool, begin).await?
            }
        };
        Ok(Tx::of(conn, self.epochs()))
    }

    /// Returns the epochs of what caches hold copies of.
    pub fn epochs(&self) -> &Epochs {
        match self {
            Self::Sqlite { writer, .. } => &writer.epochs,
            Self::Postgres(pool) => &pool.epochs,
        }
    }

    /// Returns the SQLite file; `None` on PostgreSQL.
    pub fn file(&self) -> Option<&DatabaseFile> {
        match self {
            Self::Sqlite { writer, .. } => Some(&writer.file),
            Self::Postgres(_) => None,
        }
    }

    /// Lets running work finish, then closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite {
                writer, readers, ..
            } => {
                readers.close().await;
                writer.pool.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Begins in one piece. Until the driver hears that the transaction has begun, it does not know
/// of it: a request given up there, at its deadline or by a client that hangs up, would return
/// the connection with it open, and the next user would unknowingly work in that. So this runs in
/// its own task, which outlives the request; what has begun is then rolled back at once.
async fn begin_postgres(pool: &PostgresPool, begin: &'static str) -> sqlx::Result<Conn> {
    let connection = pool.wait().await?;
    let begun = tokio::spawn(Transaction::begin(connection, Some(begin.into_sql_str())));
    let transaction = begun.await.map_err(|_| sqlx::Error::WorkerCrashed)??;
    Ok(Conn::Postgres(Handle::begun(transaction)))
}

/// Returns the time from which on a statement is slow: a command's take as long as they take.
fn slow(config: &DatabaseConfig, limit: StatementLimit) -> Duration {
    match limit {
        StatementLimit::Within(_) => Duration::from_millis(config.slow_query_milliseconds),
        StatementLimit::None => Duration::MAX,
    }
}

fn pool_options<DB: Database>(config: &DatabaseConfig) -> PoolOptions<DB> {
    PoolOptions::new()
        .max_connections(config.max_connections)
        // Slightly less, so that the response is there within that time.
        .acquire_timeout(Duration::from_secs(config.acquire_timeout_seconds).mul_f32(0.9))
        .max_lifetime(Duration::from_secs(config.max_lifetime_seconds))
}

/// Interrupts reads at the deadline: SQLite calls this handler every so many steps; PostgreSQL ends
/// a statement by itself. Never writes: an interrupted one would roll back its whole transaction.
async fn interrupt_at_deadline(connection: &mut sqlx::SqliteConnection) -> sqlx::Result<()> {
    const STEPS_BETWEEN_CHECKS: i32 = 10_000;
    let mut handle = connection.lock_handle().await?;
    match deadline::current() {
        Some(at) => handle.set_progress_handler(STEPS_BETWEEN_CHECKS, move || Instant::now() < at),
        None => handle.remove_progress_handler(),
    }
    Ok(())
}
