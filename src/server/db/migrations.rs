//! The schema's history: the same numbered steps for both engines, each with its way back.

use super::connection::Engine;
use super::pools::Db;
use super::reindex;
use super::run::{fetch_scalar, fetch_scalars};
use crate::server::config::DatabaseConfig;
use anyhow::{Context, Result};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use std::borrow::Cow;
use std::fs::File;

/// Lists the steps of one engine's folder. A new step is two files there and a line in [`steps`].
macro_rules! folder {
    ($folder:literal: $($version:literal $name:literal),+ $(,)?) => {
        vec![$(
            step($version, $name, MigrationType::ReversibleUp, include_str!(
                concat!("../../../migrations/", $folder, "/", $version, "_", $name, ".up.sql"))),
            step($version, $name, MigrationType::ReversibleDown, include_str!(
                concat!("../../../migrations/", $folder, "/", $version, "_", $name, ".down.sql"))),
        )+]
    };
}

macro_rules! steps {
    ($($list:tt)+) => {
        fn steps(engine: Engine) -> Vec<Migration> {
            match engine {
                Engine::Sqlite => folder!("sqlite": $($list)+),
                Engine::Postgres => folder!("postgres": $($list)+),
            }
        }
    };
}

steps!(
    "0001" "accounts", "0002" "catalog", "0003" "tasks", "0004" "submissions", "0005" "categories",
    "0006" "registrations", "0007" "ledger", "0008" "orders", "0009" "events", "0010" "saved_views",
    "0011" "event_keeping", "0012" "nothing_truncated", "0013" "positions_in_bounds",
    "0014" "money_told_apart", "0015" "mail_addresses", "0016" "session_rows",
    "0017" "password_versions", "0018" "folded_texts", "0019" "email_keys", "0020" "own_boards",
    "0021" "wide_networks", "0022" "languages", "0023" "translations",
);

fn step(version: &str, name: &'static str, kind: MigrationType, sql: &'static str) -> Migration {
    let version = version.parse().expect("the file's number");
    let sql = sqlx::SqlSafeStr::into_sql_str(sql);
    Migration::new(version, Cow::Borrowed(name), kind, sql, false)
}

/// One step and whether it has been taken.
#[derive(Debug, PartialEq, Eq)]
pub struct Status {
    pub version: i64,
    pub name: String,
    pub applied: bool,
}

/// Takes every step not yet taken, and makes anew what rows are found by where that has changed. Two servers that start together do not disturb each other.
pub async fn up(db: &Db, config: &DatabaseConfig) -> Result<()> {
    let _lock = file_lock(config).await?;
    let migrator = Migrator::with_migrations(steps(db.engine()));
    match db {
        Db::Sqlite { writer, .. } => migrator.run(&writer.pool).await,
        Db::Postgres(pool) => migrator.run(pool).await,
    }
    .context("cannot bring the database up to date")?;
    reindex::catch_up(db).await
}

/// Takes back every step after `target`; 0 leaves an empty database.
pub async fn down(db: &Db, config: &DatabaseConfig, target: i64) -> Result<()> {
    let _lock = file_lock(config).await?;
    let migrator = Migrator::with_migrations(steps(db.engine()));
    match db {
        Db::Sqlite { writer, .. } => migrator.undo(&writer.pool, target).await,
        Db::Postgres(pool) => migrator.undo(pool, target).await,
    }
    .with_context(|| format!("cannot take the database back to step {target}"))
}

/// Every step, in order, and whether the database has it.
pub async fn status(db: &Db) -> Result<Vec<Status>> {
    let applied = applied_versions(db).await?;
    Ok(steps(db.engine())
        .into_iter()
        .filter(|step| step.migration_type == MigrationType::ReversibleUp)
        .map(|step| Status {
            version: step.version,
            name: step.description.into_owned(),
            applied: applied.contains(&step.version),
        })
        .collect())
}

async fn applied_versions(db: &Db) -> Result<Vec<i64>> {
    let mut conn = db.read().await?;
    let exists = conn.pick(
        "SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'",
        "SELECT COUNT(*) FROM pg_tables WHERE tablename = '_sqlx_migrations' \
         AND schemaname = current_schema()",
    );
    let exists: i64 = fetch_scalar!(conn, exists)?;
    if exists == 0 {
        return Ok(Vec::new());
    }
    Ok(fetch_scalars!(
        conn,
        "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version"
    )?)
}

/// PostgreSQL is locked by the migrator itself (an advisory lock); SQLite by a file beside its own.
async fn file_lock(config: &DatabaseConfig) -> Result<Option<File>> {
    let Some(path) = config.url.strip_prefix("sqlite:") else {
        return Ok(None);
    };
    let path = format!("{}.lock", path.trim_start_matches("//"));
    let locked = tokio::task::spawn_blocking(move || {
        let file = File::create(&path).with_context(|| format!("cannot make {path}"))?;
        file.lock().with_context(|| format!("cannot lock {path}"))?;
        anyhow::Ok(file)
    });
    Ok(Some(locked.await??))
}
