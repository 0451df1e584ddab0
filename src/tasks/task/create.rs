//! Creates a task.

use super::access::{check_assignee, visible_board};
use super::store;
use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::{AppError, Faults, Kind};
use crate::i18n::t;
use crate::server::idempotency::{Attempt, complete, reserve};
use crate::server::{App, Conn, IdempotencyKey};
use crate::tasks::board::{first_columns, list_boards, lock_column};
use crate::tasks::{
    Board, Description, DueDate, Labels, Priority, Task, Title, board, chosen_position,
    position_between,
};
use serde::{Deserialize, Serialize};

/// A task to be created.
#[derive(Debug, Default, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewTask {
    /// 1 to 200 characters.
    #[schema(required, max_length = 200)]
    pub title: String,
    /// Markdown, at most 20,000 characters.
    #[schema(max_length = 20_000)]
    pub description: String,
    /// If absent, the company's first board, or, for a customer, their own, which is created with their first
    /// task.
    pub board_id: Option<i64>,
    /// The key of a column; the board's first if absent.
    #[schema(max_length = 80)]
    pub status: Option<String>,
    /// `none`, `low`, `medium`, `high` or `urgent`; `none` if absent.
    #[schema(value_type = Option<Priority>)]
    pub priority: Option<String>,
    pub assignee_id: Option<i64>,
    /// RFC 3339, or a date alone, which means its last second in UTC.
    pub due_at: Option<String>,
    /// At most 10, of 1 to 30 characters each.
    #[schema(max_items = 10)]
    pub labels: Vec<String>,
    /// The position in the column; the last if absent.
    #[schema(minimum = -9007199254740991_i64, maximum = 9007199254740991_i64)]
    pub position: Option<i64>,
}

/// Creates the task, once per idempotency key.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn create_task(
    app: &App,
    user: &User,
    once: &IdempotencyKey,
    input: NewTask,
) -> Result<Task, AppError> {
    let mut faults = Faults::default();
    let title = faults.check("title", input.title.parse::<Title>());
    let description = faults.check("description", input.description.parse::<Description>());
    let priority = input.priority.as_deref().unwrap_or("none");
    let priority = faults.check("priority", priority.parse::<Priority>());
    let due = input.due_at.as_deref();
    let due = due.map(|text| faults.check("due_at", text.parse::<DueDate>()));
    let labels = faults.check("labels", Labels::parse(&input.labels));
    let position = input.position;
    let position = position.and_then(|it| faults.check("position", chosen_position(it)));
    faults.finish()?;

    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let reserved = match reserve(&mut tx, user.id, once, &input, now).await? {
        Attempt::First(reserved) => reserved,
        Attempt::Repeat(id) => {
            let made = store::find_task(&mut tx, id).await?;
            return made
                .map(|(task, _)| task)
                .ok_or_else(|| AppError::not_found("task"));
        }
    };
    check_assignee(&mut tx, user, input.assignee_id).await?;
    let board = chosen_board(&mut tx, user, input.board_id, now).await?;
    let status = chosen_column(&board, input.status.as_deref())?;
    let position = match position {
        Some(position) => position,
        None => last_place(&mut tx, board.id, &status).await?,
    };
    let mut task = Task {
        id: 0,
        board_id: board.id,
        owner_id: board.owner_id,
        title: title.map_or_else(String::new, |title| title.as_str().to_owned()),
        description: description.map_or_else(String::new, |text| text.as_str().to_owned()),
        status,
        priority: priority.unwrap_or_default(),
        assignee_id: input.assignee_id,
        due_at: due.flatten().map(|DueDate(at)| at),
        labels: labels.map(Labels::into_vec).unwrap_or_default(),
        position,
        version: 1,
        created_by: Some(user.id),
        created_at: now,
        updated_at: now,
    };
    task.id = store::insert_task(&mut tx, &task).await?;
    complete(&mut tx, reserved, task.id).await?;
    tx.commit().await?;
    Ok(task)
}

async fn chosen_board(
    conn: &mut Conn,
    user: &User,
    id: Option<i64>,
    now: Timestamp,
) -> Result<Board, AppError> {
    if let Some(id) = id {
        return named_board(conn, user, id).await;
    }
    if !user.role.is_staff() {
        return own_board(conn, user, now).await;
    }
    let first = list_boards(conn, 0, 1).await?.pop();
    first.ok_or_else(|| AppError::invalid("board_id", t!("tasks-board-missing")))
}

/// Returns the board with this id, to put a task on. To a customer, others' boards are indistinguishable from
/// missing ones.
pub async fn named_board(conn: &mut Conn, user: &User, id: i64) -> Result<Board, AppError> {
    let found = visible_board(conn, user, id).await;
    found.map_err(|error| match error.kind {
        Kind::NotFound if user.role.is_staff() => {
            AppError::invalid("board_id", t!("tasks-board-unknown"))
        }
        _ => error,
    })
}

/// Returns the customer's own board, creating it if missing. Two concurrent first tasks create one board: on
/// PostgreSQL the second waits here for the first.
async fn own_board(conn: &mut Conn, user: &User, now: Timestamp) -> Result<Board, AppError> {
    if let Some(id) = board::create_own_board(conn, user.id, now).await? {
        board::save_columns(conn, id, &first_columns()).await?;
    }
    let own = board::find_own_board(conn, user.id).await?;
    own.ok_or_else(AppError::internal)
}

/// Returns the key of the column `status`, or of the first if none is requested.
pub fn chosen_column(board: &Board, status: Option<&str>) -> Result<String, AppError> {
    let key = status.unwrap_or_else(|| board.first_column());
    match board.column(key) {
        Some(column) => Ok(column.key.clone()),
        None => {
            let keys: Vec<_> = board.columns.iter().map(|c| c.key.as_str()).collect();
            let message = t!("tasks-column-unknown", columns = keys.join(", "));
            Err(AppError::invalid("status", message))
        }
    }
}

/// Returns a position below all cards of a column, which stays locked until the transaction ends.
pub async fn last_place(conn: &mut Conn, board: i64, status: &str) -> Result<i64, AppError> {
    if !lock_column(conn, board, status).await? {
        let message = t!("tasks-column-gone");
        return Err(AppError::conflict(crate::error::STALE, message));
    }
    let last = store::find_last_position(conn, board, status).await?;
    // Chosen positions are so far from the end of the stored range that it is not reached.
    position_between(last, None).ok_or_else(AppError::internal)
}
