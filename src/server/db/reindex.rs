//! Reindexing: rebuilds the search index and comparison keys of rows written in an older form.
//!
//! Words and keys are made by the program, not by the database, so no migration can make them.
//! The version of their form is stored beside them; if it is not the program's, migrating the
//! database makes all of them again, in batches. Repeated, or interrupted and restarted, it comes
//! to the same.

use super::connection::Conn;
use super::pools::Db;
use super::run::{execute, fetch_optional_scalar};
use crate::{accounts, catalog, ledger, tasks};
use anyhow::{Context, Result};

/// The version of how words and keys are made: raise it with each change.
const FORM: i64 = 3;

/// The number of rows per batch: others can write in between.
const BATCH: i64 = 500;

/// The kinds of rows found by words or a key.
#[derive(Clone, Copy, Debug)]
enum Found {
    People,
    Products,
    Tasks,
    Accounts,
    Transfers,
}

impl Found {
    const ALL: [Self; 5] = [
        Self::People,
        Self::Products,
        Self::Tasks,
        Self::Accounts,
        Self::Transfers,
    ];

    /// Indexes a batch of rows after this id and returns the id of its last; `None` at the end.
    async fn index(self, conn: &mut Conn, after: i64) -> sqlx::Result<Option<i64>> {
        match self {
            Self::People => accounts::index_people_again(conn, after, BATCH).await,
            Self::Products => catalog::index_products_again(conn, after, BATCH).await,
            Self::Tasks => tasks::index_tasks_again(conn, after, BATCH).await,
            Self::Accounts => ledger::index_accounts_again(conn, after, BATCH).await,
            Self::Transfers => ledger::index_transfers_again(conn, after, BATCH).await,
        }
    }
}

/// Rebuilds everything if its form is not the program's.
pub async fn catch_up(db: &Db) -> Result<()> {
    let mut conn = db.read().await?;
    let form: Option<i64> = fetch_optional_scalar!(conn, "SELECT form FROM text_form")?;
    drop(conn);
    if form == Some(FORM) {
        return Ok(());
    }
    rebuild(db).await
}

/// Rebuilds everything.
pub async fn rebuild(db: &Db) -> Result<()> {
    for found in Found::ALL {
        let mut after = i64::MIN;
        let mut tx = db.write().await?;
        while let Some(last) = found
            .index(&mut tx, after)
            .await
            .with_context(|| format!("cannot index {found:?} after {after}"))?
        {
            tx.commit().await?;
            after = last;
            tx = db.write().await?;
        }
    }
    let mut tx = db.write().await?;
    execute!(
        tx,
        "INSERT INTO text_form (one, form) VALUES (1, $1)
         ON CONFLICT (one) DO UPDATE SET form = EXCLUDED.form",
        FORM
    )?;
    tx.commit().await?;
    tracing::info!(index.form = FORM, "Words and keys are made anew");
    Ok(())
}
