//! Saved views: filters of the list of orders that somebody gave a name.

use super::filter::OrderQuery;
use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::{App, Conn, Engine, execute, fetch_all, fetch_optional_scalar, fetch_scalar};
use crate::text::Line;
use sqlx::FromRow;

/// How many a person may keep.
pub const MOST_VIEWS: i64 = 20;

/// The person keeps as many as one may.
const TOO_MANY_VIEWS: u16 = 3411;

const LONGEST_NAME: usize = 40;

const LONGEST_QUERY: usize = 1_000;

/// A filter with a name.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SavedView {
    pub id: i64,
    pub name: String,
    /// As in the address of the list; empty where nothing is narrowed.
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

/// Keeps the filter under this name.
pub async fn create_view(
    app: &App,
    user: &User,
    name: &str,
    query: &OrderQuery,
) -> Result<SavedView, AppError> {
    let mut faults = Faults::default();
    let name = faults.check("name", check_name(name)).unwrap_or_default();
    faults.finish()?;
    query.check(app.config.shop.currency)?;
    let href = query.href("");
    let text = href.trim_start_matches('?');
    if text.len() > LONGEST_QUERY {
        let message = t!("orders-view-too-long");
        return Err(AppError::invalid("query", message));
    }
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    lock_views(&mut tx, user.id).await?;
    let views = list_views(&mut tx, user.id).await?;
    if let Some(view) = views.iter().find(|view| view.name == name) {
        // Sent twice by a double click: it is kept already.
        if view.query == text {
            return Ok(view.clone());
        }
        let message = t!("orders-view-taken");
        return Err(AppError::invalid("name", message));
    }
    if views.len() as i64 >= MOST_VIEWS {
        let message = t!("orders-views-full", most = MOST_VIEWS);
        return Err(AppError::conflict(TOO_MANY_VIEWS, message));
    }
    let id = insert_view(&mut tx, user.id, &name, text, now).await?;
    tx.commit().await?;
    let query = text.to_owned();
    Ok(SavedView { id, name, query })
}

/// Forgets one of the person's own views, and gives its name.
pub async fn delete_view(app: &App, user: &User, id: i64) -> Result<String, AppError> {
    let mut tx = app.db.write().await?;
    let name: Option<String> = fetch_optional_scalar!(
        tx,
        "DELETE FROM saved_views WHERE id = $1 AND user_id = $2 RETURNING name",
        id,
        user.id
    )?;
    let name = name.ok_or_else(|| AppError::not_found("view"))?;
    tx.commit().await?;
    Ok(name)
}

/// The person's views, by name.
pub async fn list_views(conn: &mut Conn, user: i64) -> sqlx::Result<Vec<SavedView>> {
    fetch_all!(
        conn,
        "SELECT id, name, query FROM saved_views WHERE user_id = $1 ORDER BY name",
        user
    )
}

/// Keeps the person from adding another at the same moment. SQLite has one writer at a time anyway.
async fn lock_views(conn: &mut Conn, user: i64) -> sqlx::Result<()> {
    if conn.engine() == Engine::Sqlite {
        return Ok(());
    }
    execute!(
        conn,
        "SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE",
        user
    )
}

async fn insert_view(
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

fn check_name(name: &str) -> Result<String, String> {
    let missing = t!("orders-view-name-wrong", most = LONGEST_NAME);
    Line::read(name, LONGEST_NAME, &missing).map(String::from)
}
