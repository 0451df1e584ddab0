//! Deletes a task, and restores it.

use super::access::find_to_place;
use super::store;
use crate::accounts::User;
use crate::error::AppError;
use crate::server::App;
use crate::tasks::Task;

/// Deletes the task, unless it is deleted already.
pub async fn delete_task(app: &App, user: &User, id: i64) -> Result<Task, AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let task = find_to_place(&mut tx, user, id).await?;
    if store::mark_deleted(&mut tx, id, Some(now), now).await? {
        tx.commit().await?;
    }
    Ok(task)
}

/// Restores a deleted task to where it was.
pub async fn restore_task(app: &App, user: &User, id: i64) -> Result<Task, AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let task = find_to_place(&mut tx, user, id).await?;
    if store::mark_deleted(&mut tx, id, None, now).await? {
        tx.commit().await?;
    }
    Ok(task)
}
