//! Saved views: named filters of the order list.

use super::filter::OrderQuery;
use super::view_store::{self as store, SavedView};
use crate::accounts::User;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::App;
use crate::text::Line;

/// The maximum number of views per user.
pub const MOST_VIEWS: i64 = 20;

/// Error code: the user already has the maximum number of views.
const TOO_MANY_VIEWS: u16 = 3411;

const LONGEST_NAME: usize = 40;

const LONGEST_QUERY: usize = 1_000;

/// Saves the filter under this name.
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
    store::lock_views(&mut tx, user.id).await?;
    let views = store::list_views(&mut tx, user.id).await?;
    if let Some(view) = views.iter().find(|view| view.name == name) {
        // Sent twice by a double click: it is saved already.
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
    let id = store::insert_view(&mut tx, user.id, &name, text, now).await?;
    tx.commit().await?;
    let query = text.to_owned();
    Ok(SavedView { id, name, query })
}

/// Deletes one of the user's own views, and returns its name.
pub async fn delete_view(app: &App, user: &User, id: i64) -> Result<String, AppError> {
    let mut tx = app.db.write().await?;
    let name = store::delete_view(&mut tx, user.id, id).await?;
    let name = name.ok_or_else(|| AppError::not_found("view"))?;
    tx.commit().await?;
    Ok(name)
}

fn check_name(name: &str) -> Result<String, String> {
    let missing = t!("orders-view-name-wrong", most = LONGEST_NAME);
    Line::read(name, LONGEST_NAME, &missing).map(String::from)
}
