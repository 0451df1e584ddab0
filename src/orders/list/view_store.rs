//! SQL for saved views.

use crate::clock::Timestamp;
use crate::i18n::{current, sort_key};
use crate::server::{Conn, Engine, execute, fetch_all, fetch_optional_scalar, fetch_scalar};
use sqlx::FromRow;

/// A named filter.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SavedView {
    pub id: i64,
    pub name: String,
    /// The query string, as in the list's URL; empty without filters.
    pub query: String,
}

impl SavedView {
    pub fn href(&self) -> String {
        match self.query.as_str() {
            "" => "/orders/all".to_owned(),
            query => format!("/orders/all?{query}"),
        }
    }
}

/// Returns the user's views, sorted by name.
pub async fn list_views(conn: &mut Conn, user: i64) -> sqlx::Result<Vec<SavedView>> {
    let mut views: Vec<SavedView> = fetch_all!(
        conn,
        "SELECT id, name, query FROM saved_views WHERE user_id = $1 ORDER BY name",
        user
    )?;
    let language = current();
    views.sort_by_cached_key(|view| sort_key(&view.name, language));
    Ok(views)
}

/// Locks the user's row, so that no view is added concurrently. SQLite has one writer at a time anyway.
pub async fn lock_views(conn: &mut Conn, user: i64) -> sqlx::Result<()> {
    if conn.engine() == Engine::Sqlite {
        return Ok(());
    }
    execute!(
        conn,
        "SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE",
        user
    )
}

pub async fn insert_view(
    conn: &mut Conn,
    user: i64,
    name: &str,
    text: &str,
    now: Timestamp,
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO saved_views (user_id, name, query, created_at)
         VALUES ($1, $2, $3, $4) RETURNING id",
        user,
        name,
        text,
        now
    )
}

/// Deletes one of the user's own views, and returns its name; `None` if there is no such view.
pub async fn delete_view(conn: &mut Conn, user: i64, id: i64) -> sqlx::Result<Option<String>> {
    fetch_optional_scalar!(
        conn,
        "DELETE FROM saved_views WHERE id = $1 AND user_id = $2 RETURNING name",
        id,
        user
    )
}
