//! A query built at run time: sqlx's `QueryBuilder` over both engines.
//!
//! For lists with filters, where a condition that is present but switched off would keep an
//! engine from the index that serves the rest, and for inserts of many rows at once. User input
//! is only ever bound.

use super::connection::Conn;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Encode, FromRow, Postgres, Row, Sqlite, Type};
use std::fmt::Display;

/// The text so far with its bound values, for the engine of the connection it was begun for.
pub struct QueryBuilder {
    of: Either,
    persistent: bool,
}

enum Either {
    Sqlite(sqlx::QueryBuilder<Sqlite>),
    Postgres(sqlx::QueryBuilder<Postgres>),
}

/// Runs a piece of code with the engine's own builder, whichever engine it is.
macro_rules! on_either {
    ($of:expr, |$builder:ident| $body:expr) => {
        match $of {
            Either::Sqlite($builder) => $body,
            Either::Postgres($builder) => $body,
        }
    };
}

/// Runs the query on the connection it was begun for.
macro_rules! run {
    ($query:expr, $conn:expr, |$builder:ident, $c:ident| $body:expr) => {
        match ($query, $conn) {
            (Either::Sqlite(mut $builder), Conn::Sqlite(connection)) => {
                let $c = &mut **connection;
                let result = $body;
                connection.note(&result);
                result
            }
            (Either::Postgres(mut $builder), Conn::Postgres(connection)) => {
                let $c = &mut **connection;
                let result = $body;
                connection.note(&result);
                result
            }
            _ => Err(sqlx::Error::Configuration(
                "the query is for the other engine".into(),
            )),
        }
    };
}

impl QueryBuilder {
    pub fn new(conn: &Conn, begin: impl Into<String>) -> Self {
        Self {
            of: match conn {
                Conn::Sqlite(_) => Either::Sqlite(sqlx::QueryBuilder::new(begin)),
                Conn::Postgres(_) => Either::Postgres(sqlx::QueryBuilder::new(begin)),
            },
            persistent: true,
        }
    }

    /// Begins a query that only returns the engine's plan: see [`QueryBuilder::fetch_plan`].
    pub fn explaining(conn: &Conn) -> Self {
        Self::new(conn, conn.pick("EXPLAIN QUERY PLAN ", "EXPLAIN "))
    }

    /// Sets whether the engine keeps the statement prepared. Not for one of many lengths, each
    /// rarely used: it would evict those used often.
    pub fn persistent(&mut self, persistent: bool) -> &mut Self {
        self.persistent = persistent;
        self
    }

    pub fn push(&mut self, text: impl Display) -> &mut Self {
        on_either!(&mut self.of, |builder| {
            builder.push(text);
        });
        self
    }

    /// Appends a placeholder with its value.
    pub fn push_bind<'t, T>(&mut self, value: T) -> &mut Self
    where
        T: Encode<'t, Sqlite> + Type<Sqlite> + Encode<'t, Postgres> + Type<Postgres>,
    {
        on_either!(&mut self.of, |builder| {
            builder.push_bind(value);
        });
        self
    }

    /// Appends `VALUES (…), (…)`: a row for each item. Do not pass more than a few hundred: an
    /// engine takes only so many placeholders.
    pub fn push_values<I>(
        &mut self,
        items: impl IntoIterator<Item = I>,
        mut row: impl FnMut(&mut RowOfValues, I),
    ) -> &mut Self {
        self.push("VALUES ");
        for (index, item) in items.into_iter().enumerate() {
            self.push(if index == 0 { "(" } else { ", (" });
            row(
                &mut RowOfValues {
                    query: self,
                    first: true,
                },
                item,
            );
            self.push(")");
        }
        self
    }

    pub async fn execute(self, conn: &mut Conn) -> sqlx::Result<()> {
        let persistent = self.persistent;
        run!(self.of, conn, |builder, c| builder
            .build()
            .persistent(persistent)
            .execute(c)
            .await
            .map(drop))
    }

    pub async fn fetch_all<R>(self, conn: &mut Conn) -> sqlx::Result<Vec<R>>
    where
        R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let persistent = self.persistent;
        run!(self.of, conn, |builder, c| builder
            .build_query_as()
            .persistent(persistent)
            .fetch_all(c)
            .await)
    }

    /// Returns the engine's plan, a line per step, of a query begun by [`QueryBuilder::explaining`].
    pub async fn fetch_plan(self, conn: &mut Conn) -> sqlx::Result<Vec<String>> {
        let column = conn.pick("detail", "QUERY PLAN");
        run!(self.of, conn, |builder, c| {
            let rows = builder.build().fetch_all(c).await;
            rows.and_then(|rows| rows.iter().map(|row| row.try_get(column)).collect())
        })
    }
}

/// A row of `VALUES` being built.
pub struct RowOfValues<'q> {
    query: &'q mut QueryBuilder,
    first: bool,
}

impl RowOfValues<'_> {
    /// Appends a column that is the same text in every row.
    pub fn push(&mut self, text: impl Display) -> &mut Self {
        self.separate().push(text);
        self
    }

    /// Appends a column with a value of its own.
    pub fn push_bind<'t, T>(&mut self, value: T) -> &mut Self
    where
        T: Encode<'t, Sqlite> + Type<Sqlite> + Encode<'t, Postgres> + Type<Postgres>,
    {
        self.separate().push_bind(value);
        self
    }

    /// Appends a value whose type PostgreSQL could not infer from the statement.
    pub fn push_bind_as<'t, T>(&mut self, value: T, kind: &str) -> &mut Self
    where
        T: Encode<'t, Sqlite> + Type<Sqlite> + Encode<'t, Postgres> + Type<Postgres>,
    {
        self.separate().push("CAST(").push_bind(value);
        self.query.push(" AS ").push(kind).push(")");
        self
    }

    fn separate(&mut self) -> &mut QueryBuilder {
        if !std::mem::take(&mut self.first) {
            self.query.push(", ");
        }
        self.query
    }
}
