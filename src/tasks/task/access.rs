//! Access to tasks: who may see which, and assign it to whom.

use super::store;
use crate::accounts::{User, find_user};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::Conn;
use crate::tasks::{Board, Task, board};

/// The maximum number of boards on a page.
pub const MOST_BOARDS: i64 = 200;

/// Returns true if `user` may see the task: staff see every task; customers those on their own board, and the
/// company's that are assigned to them.
pub fn sees(user: &User, task: &Task) -> bool {
    may_place(user, task) || task.assignee_id == Some(user.id)
}

/// Returns true if `user` may choose the task's board and delete the task. A customer who was assigned one of
/// the company's may work on it, not take it away.
pub fn may_place(user: &User, task: &Task) -> bool {
    user.role.is_staff() || task.owner_id == Some(user.id)
}

/// Returns the task if it exists, is not deleted and `user` may see it.
pub async fn visible_task(conn: &mut Conn, user: &User, id: i64) -> Result<Task, AppError> {
    match find_even_deleted(conn, user, id).await? {
        (task, false) => Ok(task),
        (_, true) => Err(AppError::not_found("task")),
    }
}

/// Returns the task even if it is deleted, and whether it is.
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

/// Returns the task as [`find_even_deleted`] does, for a user who takes it away or restores it.
pub async fn find_to_place(conn: &mut Conn, user: &User, id: i64) -> Result<Task, AppError> {
    let (task, _) = find_even_deleted(conn, user, id).await?;
    check_place(user, &task)?;
    Ok(task)
}

/// Refuses users whom [`may_place`] does not allow.
pub fn check_place(user: &User, task: &Task) -> Result<(), AppError> {
    if may_place(user, task) {
        return Ok(());
    }
    Err(AppError::forbidden(t!("tasks-of-the-house")))
}

pub fn sees_board(user: &User, board: &Board) -> bool {
    user.role.is_staff() || board.owner_id == Some(user.id)
}

/// Returns the board if `user` may see it. Staff see every board; customers only their own.
pub async fn visible_board(conn: &mut Conn, user: &User, id: i64) -> Result<Board, AppError> {
    let board = any_board(conn, id).await?;
    if sees_board(user, &board) {
        Ok(called_for(user, board))
    } else {
        Err(AppError::not_found("board"))
    }
}

/// Returns the board for any user: for its columns, when it is not shown.
pub async fn any_board(conn: &mut Conn, id: i64) -> Result<Board, AppError> {
    board::find_board(conn, id)
        .await?
        .ok_or_else(|| AppError::not_found("board"))
}

/// Returns the boards to choose from: the company's for its staff, their own for a customer.
pub async fn boards_of(conn: &mut Conn, user: &User) -> Result<Vec<Board>, AppError> {
    if user.role.is_staff() {
        return Ok(board::list_boards(conn, 0, MOST_BOARDS).await?);
    }
    let own = board::find_own_board(conn, user.id).await?;
    Ok(own
        .map(|board| called_for(user, board))
        .into_iter()
        .collect())
}

/// Returns the board of a task that `user` sees, even if they may not see the board itself.
pub async fn board_of(conn: &mut Conn, user: &User, task: &Task) -> Result<Board, AppError> {
    let board = any_board(conn, task.board_id).await?;
    Ok(called_for(user, board))
}

/// Returns the boards of these tasks, for the names of their columns: `user` may see none of them.
pub async fn boards_of_tasks(
    conn: &mut Conn,
    user: &User,
    tasks: &[Task],
) -> Result<Vec<Board>, AppError> {
    let mut ids: Vec<i64> = tasks.iter().map(|task| task.board_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let boards = board::find_boards(conn, &ids).await?;
    let boards = boards.into_iter().map(|board| called_for(user, board));
    Ok(boards.collect())
}

/// Names the board as `user` knows it: one's own is not named after oneself.
pub fn called_for(user: &User, mut board: Board) -> Board {
    if board.owner_id == Some(user.id) {
        board.name = board::own_name().to_owned().into();
    }
    board
}

/// Checks the assignee: anybody who can sign in for staff, themselves or nobody for customers.
pub async fn check_assignee(
    conn: &mut Conn,
    user: &User,
    assignee: Option<i64>,
) -> Result<(), AppError> {
    let Some(id) = assignee.filter(|id| *id != user.id) else {
        return Ok(());
    };
    if !user.role.is_staff() {
        let message = t!("tasks-assignee-own");
        return Err(AppError::invalid("assignee_id", message));
    }
    match find_user(conn, id).await? {
        Some(person) if person.active => Ok(()),
        _ => Err(AppError::invalid(
            "assignee_id",
            t!("tasks-assignee-unknown"),
        )),
    }
}
