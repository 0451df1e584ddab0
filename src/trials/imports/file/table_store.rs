//! SQL for a table of another database, read as a source of rows.
//!
//! The table is read twice in one transaction, once for its hash and once for its rows, so that both are of the same
//! rows. Each cell is asked for as a text: a number in figures, a time as RFC 3339 or as it was stored, nothing as an
//! empty text.

use crate::i18n::t;
use crate::importing::{CellRows, Cells, DataSource};
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Executor, Row};
use std::io;
use std::str::FromStr;
use tokio::sync::mpsc;

/// The rows that are handed on at once.
const AT_ONCE: usize = 1_000;

/// The lots of rows that may wait to be checked.
const WAITING: usize = 4;

/// A table of another database.
#[derive(Clone, Debug)]
pub struct TableName {
    /// `sqlite:…` or `postgres://…`
    pub url: String,
    /// The name, with its schema before a point where it has one.
    pub name: String,
}

type Rows = Vec<Vec<String>>;

/// The rows of a table on their way here.
pub struct Table {
    engine: &'static str,
    columns: Vec<String>,
    lots: mpsc::Receiver<sqlx::Result<Rows>>,
    read: u64,
}

impl Table {
    /// Returns the word for the kind of database.
    pub const fn engine(&self) -> &'static str {
        self.engine
    }
}

impl DataSource for Table {
    type Block = Cells;
    type Rows = CellRows;

    fn columns(&self) -> Vec<String> {
        self.columns.clone()
    }

    fn rows(&self) -> CellRows {
        CellRows
    }

    fn fill(&mut self, block: &mut Cells) -> io::Result<bool> {
        block.begin(self.read + 1);
        let Some(lot) = self.lots.blocking_recv() else {
            return Ok(false);
        };
        for row in lot.map_err(io::Error::other)? {
            block.push(row.iter().map(String::as_str));
        }
        self.read += block.len() as u64;
        Ok(true)
    }
}

/// A table that is open, the hash of all that is in it, and how many bytes that is.
pub struct Opened {
    pub table: Table,
    pub hash: String,
    pub bytes: i64,
}

/// Returns true if this names a database, and not a file.
pub fn is_database(name: &str) -> bool {
    ["sqlite:", "postgres:", "postgresql:"]
        .iter()
        .any(|scheme| name.starts_with(scheme))
}

/// Opens the table, which has to be there.
pub async fn open_table(wanted: &TableName) -> sqlx::Result<Opened> {
    match wanted.url.starts_with("sqlite:") {
        true => {
            let options = SqliteConnectOptions::from_str(&wanted.url)?;
            let options = options.read_only(true).create_if_missing(false);
            let mut conn = SqliteConnection::connect_with(&options).await?;
            conn.execute("BEGIN").await?;
            let columns = sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
                .bind(&wanted.name)
                .fetch_all(&mut conn)
                .await?;
            let query = select(&wanted.name, &columns, |name| {
                format!("CAST({name} AS TEXT)")
            });
            open_with(conn, "sqlite", columns, query).await
        }
        false => {
            let options = PgConnectOptions::from_str(&wanted.url)?;
            let mut conn = PgConnection::connect_with(&options).await?;
            conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                .await?;
            let columns = sqlx::query_scalar(
                "SELECT CAST(attname AS TEXT) FROM pg_attribute
                 WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            )
            .bind(quoted(&wanted.name))
            .fetch_all(&mut conn)
            .await?;
            let query = select(&wanted.name, &columns, |name| {
                format!("to_jsonb({name}) #>> '{{}}'")
            });
            open_with(conn, "postgres", columns, query).await
        }
    }
}

/// Returns the query for all rows, in an order that is the same each time.
fn select(table: &str, columns: &[String], text: impl Fn(&str) -> String) -> String {
    let texts = columns.iter().map(|column| text(&quoted_part(column)));
    let texts = texts.collect::<Vec<_>>().join(", ");
    let places = (1..=columns.len()).map(|place| place.to_string());
    let places = places.collect::<Vec<_>>().join(", ");
    format!("SELECT {texts} FROM {} ORDER BY {places}", quoted(table))
}

/// Quotes a name, and its schema apart.
fn quoted(name: &str) -> String {
    let parts = name.split('.').map(quoted_part);
    parts.collect::<Vec<_>>().join(".")
}

fn quoted_part(part: &str) -> String {
    format!("\"{}\"", part.replace('"', "\"\""))
}

/// Reads all rows for their hash, and begins to read them once more.
async fn open_with<C>(
    mut conn: C,
    engine: &'static str,
    columns: Vec<String>,
    query: String,
) -> sqlx::Result<Opened>
where
    C: Connection + Send + 'static,
    for<'c> &'c mut C: Executor<'c, Database = C::Database>,
    for<'q> <C::Database as sqlx::Database>::Arguments: sqlx::IntoArguments<C::Database>,
    usize: sqlx::ColumnIndex<<C::Database as sqlx::Database>::Row>,
    for<'r> Option<String>: sqlx::Decode<'r, C::Database> + sqlx::Type<C::Database>,
{
    if columns.is_empty() {
        return Err(sqlx::Error::Protocol(t!("trials-no-such-table").to_owned()));
    }
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut rows = (&mut conn).fetch(AssertSqlSafe(query.clone()));
    while let Some(row) = rows.try_next().await? {
        for cell in cells::<C>(&row)? {
            // With its length, so that no two tables are told alike whose cells end elsewhere.
            hash.update((cell.len() as u64).to_be_bytes());
            hash.update(&cell);
            bytes += cell.len() as i64;
        }
    }
    drop(rows);
    let (send, lots) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        if let Err(error) = hand_on(&mut conn, query, &send).await {
            // Whoever reads the rows learns of it, if somebody still does.
            let _ = send.send(Err(error)).await;
        }
    });
    let table = Table {
        engine,
        columns,
        lots,
        read: 0,
    };
    Ok(Opened {
        table,
        hash: hex::encode(hash.finalize()),
        bytes,
    })
}

fn cells<C: Connection>(row: &<C::Database as sqlx::Database>::Row) -> sqlx::Result<Vec<String>>
where
    usize: sqlx::ColumnIndex<<C::Database as sqlx::Database>::Row>,
    for<'r> Option<String>: sqlx::Decode<'r, C::Database> + sqlx::Type<C::Database>,
{
    let cell = |place| {
        row.try_get::<Option<String>, usize>(place)
            .map(Option::unwrap_or_default)
    };
    (0..row.len()).map(cell).collect()
}

/// Sends all rows, until nobody takes them any more.
async fn hand_on<C>(
    conn: &mut C,
    query: String,
    send: &mpsc::Sender<sqlx::Result<Rows>>,
) -> sqlx::Result<()>
where
    C: Connection + Send,
    for<'c> &'c mut C: Executor<'c, Database = C::Database>,
    usize: sqlx::ColumnIndex<<C::Database as sqlx::Database>::Row>,
    for<'r> Option<String>: sqlx::Decode<'r, C::Database> + sqlx::Type<C::Database>,
{
    let mut rows = conn.fetch(AssertSqlSafe(query));
    let mut lot = Vec::with_capacity(AT_ONCE);
    while let Some(row) = rows.try_next().await? {
        lot.push(cells::<C>(&row)?);
        if lot.len() == AT_ONCE && send.send(Ok(std::mem::take(&mut lot))).await.is_err() {
            return Ok(());
        }
    }
    if !lot.is_empty() {
        // Nobody may take them any more, and then nothing is lost.
        let _ = send.send(Ok(lot)).await;
    }
    Ok(())
}
