//! System tasks: put on a board, and taken off again, by the company itself. Nobody created them, and staff
//! see them.

use super::create::{chosen_column, last_place};
use super::{access, store};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::Multilingual;
use crate::server::Conn;
use crate::tasks::board::{create_missing_board, find_board_id, first_columns, save_columns};
use crate::tasks::{Board, DONE, Description, Labels, Priority, Task, Title};

/// A task that nobody had to write down.
#[derive(Clone, Debug)]
pub struct HouseTask<'a> {
    /// The board's name, entered in English. The board is created if missing.
    pub board: &'a Multilingual,
    pub title: String,
    /// Markdown.
    pub description: String,
    pub priority: Priority,
    pub labels: Vec<&'a str>,
}

/// Adds the task at the end of the board's first column and returns its id.
pub async fn open_house_task(
    conn: &mut Conn,
    task: HouseTask<'_>,
    now: Timestamp,
) -> Result<i64, AppError> {
    let wrong = |field: &'static str| move |message: String| AppError::invalid(field, message);
    let title: Title = task.title.parse().map_err(wrong("title"))?;
    let description: Description = task.description.parse().map_err(wrong("description"))?;
    let labels = Labels::parse(&task.labels).map_err(wrong("labels"))?;
    let board = find_or_make_board(conn, task.board, now).await?;
    let status = chosen_column(&board, None)?;
    let task = Task {
        id: 0,
        board_id: board.id,
        owner_id: None,
        title: title.as_str().to_owned(),
        description: description.as_str().to_owned(),
        position: last_place(conn, board.id, &status).await?,
        status,
        priority: task.priority,
        assignee_id: None,
        due_at: None,
        labels: labels.into_vec(),
        version: 1,
        created_by: None,
        created_at: now,
        updated_at: now,
    };
    Ok(store::insert_task(conn, &task).await?)
}

async fn find_or_make_board(
    conn: &mut Conn,
    name: &Multilingual,
    now: Timestamp,
) -> Result<Board, AppError> {
    if let Some(known) = find_board_id(conn, &name.first).await? {
        return access::any_board(conn, known).await;
    }
    // A concurrent request may be creating it: then theirs exists when this returns.
    if let Some(made) = create_missing_board(conn, name, now).await? {
        save_columns(conn, made, &first_columns()).await?;
    }
    let board = find_board_id(conn, &name.first).await?;
    access::any_board(conn, board.ok_or_else(AppError::internal)?).await
}

/// Moves the task to the finished ones, unless it is there or was deleted.
pub async fn close_house_task(conn: &mut Conn, id: i64, now: Timestamp) -> Result<(), AppError> {
    let Some((mut task, false)) = store::find_task(conn, id).await? else {
        return Ok(());
    };
    if task.is_done() {
        return Ok(());
    }
    task.status = DONE.to_owned();
    task.position = last_place(conn, task.board_id, DONE).await?;
    if store::update_task(conn, &task, now).await? {
        Ok(())
    } else {
        Err(AppError::stale("task"))
    }
}
