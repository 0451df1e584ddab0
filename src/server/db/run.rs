//! Macros that run one SQL text on a connection of either engine: `execute!` and the `fetch_*!` family.
//!
//! Each takes the connection (a [`Conn`], a [`Tx`], or a `&mut` to either), the SQL with its `$1`
//! placeholders, and their values in order:
//!
//! ```text
//! execute!(conn, "DELETE FROM sessions WHERE user_id = $1", user)?
//! ```
//!
//! | macro | returns |
//! |---|---|
//! | `execute!` | nothing |
//! | `rows_affected!` | the number of rows changed |
//! | `fetch_one!`, `fetch_optional!`, `fetch_all!` | rows, as a `FromRow` type or a tuple |
//! | `fetch_scalar!`, `fetch_optional_scalar!`, `fetch_scalars!` | the first column of the rows |
//!
//! A statement for any number of rows takes them as one JSON array: see [`from_json`].
//!
//! What these cannot express (a statement whose values are counted at run time, or one that is
//! not to be kept prepared) uses [`with_db!`] itself.
//!
//! [`Tx`]: super::Tx

use super::connection::Conn;
use serde::Serialize;
use sqlx::AssertSqlSafe;

/// Returns SQL for the elements of the JSON array in `$1`, each a row with the column `value`. However many
/// there are, it is one text, and one statement that stays prepared.
pub fn from_json(conn: &Conn) -> &'static str {
    conn.pick(
        "jsonb_each($1)",
        "json_array_elements(CAST($1 AS JSON)) AS r (value)",
    )
}

/// Runs a statement for all of these rows: `query` makes it, given the SQL that reads them. See [`from_json`].
pub async fn execute_rows<R: Serialize>(
    conn: &mut Conn,
    query: impl FnOnce(&'static str) -> String,
    rows: Vec<R>,
) -> sqlx::Result<()> {
    let rows = serde_json::to_string(&rows).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let query = query(from_json(conn));
    execute!(conn, AssertSqlSafe(query), rows)
}

/// Runs a piece of code with the engine's own connection, whichever engine it is, and notes whether it
/// failed: see [`Tx::commit`].
///
/// [`Tx::commit`]: super::Tx::commit
///
/// ```text
/// with_db!(conn, |c| sqlx::query(query).persistent(false).execute(c).await)
/// ```
macro_rules! with_db {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn.as_conn() {
            $crate::server::Conn::Sqlite(connection) => {
                let $c = &mut **connection;
                let result = $body;
                connection.note(&result);
                result
            }
            $crate::server::Conn::Postgres(connection) => {
                let $c = &mut **connection;
                let result = $body;
                connection.note(&result);
                result
            }
        }
    };
}

macro_rules! execute {
    ($conn:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::server::with_db!($conn, |c| sqlx::query($sql)
            $(.bind($value))*
            .execute(c)
            .await
            .map(drop))
    };
}

macro_rules! rows_affected {
    ($conn:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::server::with_db!($conn, |c| sqlx::query($sql)
            $(.bind($value))*
            .execute(c)
            .await
            .map(|done| done.rows_affected()))
    };
}

/// Defines `fetch_one!` and its siblings: a macro for one way to make a query and one way to fetch.
macro_rules! fetching {
    ($dollar:tt $($name:ident = $query:ident $fetch:ident;)+) => {
        $(
            macro_rules! $name {
                ($dollar conn:expr, $dollar sql:expr $dollar(, $dollar value:expr)* $dollar(,)?) => {
                    $crate::server::with_db!($dollar conn, |c| sqlx::$query($dollar sql)
                        $dollar(.bind($dollar value))*
                        .$fetch(c)
                        .await)
                };
            }
            pub(crate) use $name;
        )+
    };
}

fetching! { $
    fetch_one = query_as fetch_one;
    fetch_optional = query_as fetch_optional;
    fetch_all = query_as fetch_all;
    fetch_scalar = query_scalar fetch_one;
    fetch_optional_scalar = query_scalar fetch_optional;
    fetch_scalars = query_scalar fetch_all;
}

pub(crate) use {execute, rows_affected, with_db};
