//! Moving, completing and assigning.
//!
//! Each request says where the task is to be, not in which direction to push it. If sent twice, by a double
//! click for example, the second finds it there already and changes nothing.

use super::access::{any_board, check_assignee, visible_task};
use super::create::{chosen_column, last_place};
use super::store::{self, Side};
use crate::accounts::User;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Conn};
use crate::tasks::board::{lock_column, make_room};
use crate::tasks::{DONE, Task, position_between};

/// A place in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Below all cards if the task is not in the column yet; otherwise where it is.
    Anywhere,
    Above(i64),
    Below(i64),
}

/// Moves the task to the column `status`, at `place`. A stale `version` is refused, unless the task is
/// already there.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn move_task(
    app: &App,
    user: &User,
    id: i64,
    status: &str,
    place: Place,
    version: Option<i64>,
) -> Result<Task, AppError> {
    let mut tx = app.db.write().await?;
    let before = visible_task(&mut tx, user, id).await?;
    let board = any_board(&mut tx, before.board_id).await?;
    let status = chosen_column(&board, Some(status))?;
    lock_column(&mut tx, board.id, &status).await?;
    if before.status == status && is_at(&mut tx, &before, place).await? {
        return Ok(before);
    }
    if version.is_some_and(|version| version != before.version) {
        return Err(AppError::stale("task"));
    }
    let mut after = before;
    after.status = status;
    after.position = match place {
        Place::Anywhere => last_place(&mut tx, board.id, &after.status).await?,
        Place::Above(other) => beside(&mut tx, user, &after, other, Side::Above).await?,
        Place::Below(other) => beside(&mut tx, user, &after, other, Side::Below).await?,
    };
    save(app, tx, after).await
}

/// Moves the task to the column for finished ones.
pub async fn complete_task(
    app: &App,
    user: &User,
    id: i64,
    version: Option<i64>,
) -> Result<Task, AppError> {
    move_task(app, user, id, DONE, Place::Anywhere, version).await
}

/// Assigns the task to somebody, or to nobody.
pub async fn assign_task(
    app: &App,
    user: &User,
    id: i64,
    assignee: Option<i64>,
    version: Option<i64>,
) -> Result<Task, AppError> {
    let mut tx = app.db.write().await?;
    let mut task = visible_task(&mut tx, user, id).await?;
    if task.assignee_id == assignee {
        return Ok(task);
    }
    if version.is_some_and(|version| version != task.version) {
        return Err(AppError::stale("task"));
    }
    check_assignee(&mut tx, user, assignee).await?;
    task.assignee_id = assignee;
    save(app, tx, task).await
}

async fn save(app: &App, mut tx: crate::server::Tx, mut task: Task) -> Result<Task, AppError> {
    let now = app.clock.now();
    if !store::update_task(&mut tx, &task, now).await? {
        return Err(AppError::stale("task"));
    }
    tx.commit().await?;
    task.version += 1;
    task.updated_at = now;
    Ok(task)
}

async fn is_at(conn: &mut Conn, task: &Task, place: Place) -> Result<bool, AppError> {
    let (side, other) = match place {
        Place::Anywhere => return Ok(true),
        // Above another means that the other is below.
        Place::Above(other) => (Side::Below, other),
        Place::Below(other) => (Side::Above, other),
    };
    let neighbour = store::find_neighbour(conn, task, side).await?;
    Ok(neighbour.is_some_and(|(id, _)| id == other))
}

/// Returns the position next to the card `other` in the target column.
async fn beside(
    conn: &mut Conn,
    user: &User,
    task: &Task,
    other: i64,
    side: Side,
) -> Result<i64, AppError> {
    if let Some(place) = gap_beside(conn, user, task, other, side).await? {
        return Ok(place);
    }
    let beside = visible_task(conn, user, other).await?;
    make_room(conn, &beside).await?;
    let place = gap_beside(conn, user, task, other, side).await?;
    place.ok_or_else(AppError::internal)
}

async fn gap_beside(
    conn: &mut Conn,
    user: &User,
    task: &Task,
    other: i64,
    side: Side,
) -> Result<Option<i64>, AppError> {
    let other = AppError::found(visible_task(conn, user, other).await)?;
    let other = other.filter(|other| {
        other.id != task.id && (other.board_id, &other.status) == (task.board_id, &task.status)
    });
    let Some(other) = other else {
        let message = t!("tasks-position-gone");
        return Err(AppError::conflict(crate::error::STALE, message));
    };
    let mut neighbour = store::find_neighbour(conn, &other, side).await?;
    if neighbour.is_some_and(|(id, _)| id == task.id) {
        // The task itself is no neighbour: it leaves its place.
        let own = Task {
            position: neighbour.map_or(0, |(_, position)| position),
            ..task.clone()
        };
        neighbour = store::find_neighbour(conn, &own, side).await?;
    }
    let neighbour = neighbour.map(|(_, position)| position);
    Ok(match side {
        Side::Above => position_between(neighbour, Some(other.position)),
        Side::Below => position_between(Some(other.position), neighbour),
    })
}
