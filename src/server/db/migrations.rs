//! Schema migrations: the same numbered steps for both engines, each reversible.

use super::connection::Engine;
use super::pools::Db;
use super::reindex;
use super::run::{fetch_scalar, fetch_scalars};
use crate::server::config::DatabaseConfig;
use anyhow::{Context, Result};
use sqlx::migrate::{MigrationType, Migrator};
use std::fs::File;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

fn migrator(engine: Engine) -> &'static Migrator {
    match engine {
        Engine::Sqlite => &SQLITE,
        Engine::Postgres => &POSTGRES,
    }
}

/// A step, and whether it has been applied.
#[derive(Debug, PartialEq, Eq)]
pub struct Status {
    pub version: i64,
    pub name: String,
    pub applied: bool,
}

/// Applies every pending step and rebuilds outdated search words and keys; safe for two servers at once.
pub async fn up(db: &Db, config: &DatabaseConfig) -> Result<()> {
    let _lock = file_lock(config).await?;
    let migrator = migrator(db.engine());
    match db {
        Db::Sqlite { writer, .. } => migrator.run(&writer.pool).await,
        Db::Postgres(pool) => migrator.run(&**pool).await,
    }
    .context("cannot bring the database up to date")?;
    reindex::catch_up(db).await
}

/// Reverts every step after `target`; 0 leaves an empty database.
pub async fn down(db: &Db, config: &DatabaseConfig, target: i64) -> Result<()> {
    let _lock = file_lock(config).await?;
    let migrator = migrator(db.engine());
    match db {
        Db::Sqlite { writer, .. } => migrator.undo(&writer.pool, target).await,
        Db::Postgres(pool) => migrator.undo(&**pool, target).await,
    }
    .with_context(|| format!("cannot take the database back to step {target}"))
}

/// Returns every step, in order, and whether the database has it.
pub async fn status(db: &Db) -> Result<Vec<Status>> {
    let applied = applied_versions(db).await?;
    Ok(migrator(db.engine())
        .iter()
        .filter(|step| step.migration_type == MigrationType::ReversibleUp)
        .map(|step| Status {
            version: step.version,
            name: step.description.replace(' ', "_"),
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

/// Locks SQLite by a file beside its own; on PostgreSQL the migrator itself takes an advisory lock.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_databases_have_of_the_first_and_a_late_step_is_what_we_have() {
        let postgres_1 = "77e2fa6158a6abe42029875854a6a5036cfc91d94cc782d0f110f0de62b36f1fcc0f8214274bb0387cd9a19f2ff5a670";
        let sqlite_1 = "89f043f134060543088c35957bfb85c5b1d553a4faf31dea32f104028fbb53248e3d476d07469fb00f110a4aec554a2b";
        let both_22 = "590872192678c49565737936e409467b8b3db6984588e95236ca8337c9a1c594b822b0b760eb215b4861619335d0ed0d";
        for (engine, version, name, checksum) in [
            (Engine::Sqlite, 1, "accounts", sqlite_1),
            (Engine::Sqlite, 22, "languages", both_22),
            (Engine::Postgres, 1, "accounts", postgres_1),
            (Engine::Postgres, 22, "languages", both_22),
        ] {
            let step = migrator(engine).iter().find(|step| {
                step.version == version && step.migration_type == MigrationType::ReversibleUp
            });
            let step = step.expect("a step");
            assert_eq!(
                hex::encode(&step.checksum),
                checksum,
                "{engine:?} {version}"
            );
            assert_eq!(step.description, name);
        }
    }
}
