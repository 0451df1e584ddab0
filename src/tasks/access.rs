//! Who may see which task, and give it to whom.

use super::{Board, Task, board_store, store};
use crate::accounts::{User, find_user};
use crate::error::AppError;
use crate::server::Conn;

/// Staff see every task; a customer those assigned to or made by them.
pub fn sees(user: &User, task: &Task) -> bool {
    user.role.is_staff() || task.assignee_id == Some(user.id) || task.created_by == Some(user.id)
}

/// The task, if it is there and `user` may see it.
pub async fn visible_task(conn: &mut Conn, user: &User, id: i64) -> Result<Task, AppError> {
    match find_even_deleted(conn, user, id).await? {
        (task, false) => Ok(task),
        (_, true) => Err(AppError::not_found("task")),
    }
}

/// The same, also where it is deleted, and whether it is.
pub async fn find_even_deleted(
    conn: &mut Conn,
    user: &User,
    id: i64,
) -> Result<(Task, bool), AppError> {
    store::find_task(conn, id)
        .await?
        .filter(|(task, _)| sees(user, task))
        .ok_or_else(|| AppError::not_found("task"))
}

/// The board. Everybody signed in sees all boards; what is on them is another matter.
pub async fn board(conn: &mut Conn, id: i64) -> Result<Board, AppError> {
    board_store::find_board(conn, id)
        .await?
        .ok_or_else(|| AppError::not_found("board"))
}

/// Staff give a task to anybody who can sign in, customers to themselves or to nobody.
pub async fn check_assignee(
    conn: &mut Conn,
    user: &User,
    assignee: Option<i64>,
) -> Result<(), AppError> {
    let Some(id) = assignee.filter(|id| *id != user.id) else {
        return Ok(());
    };
    if !user.role.is_staff() {
        let message = "You can take a task yourself or leave it to nobody.";
        return Err(AppError::invalid("assignee_id", message));
    }
    match find_user(conn, id).await? {
        Some(person) if person.active => Ok(()),
        _ => Err(AppError::invalid(
            "assignee_id",
            "Choose somebody with an account in use.",
        )),
    }
}
