//! Making a task.

use super::access::{board, check_assignee};
use super::board_store::{list_boards, lock_column};
use super::quick_add::{self, QuickAdd};
use super::{
    Board, Description, DueDate, Labels, Priority, Task, Title, chosen_position, position_between,
    store,
};
use crate::accounts::{User, find_people_called};
use crate::error::{AppError, Faults};
use crate::server::once::{Turn, claim, settle};
use crate::server::{App, Conn, Once};
use serde::{Deserialize, Serialize};

/// A task as somebody writes it.
#[derive(Debug, Default, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewTask {
    /// 1 to 200 characters.
    pub title: String,
    /// Markdown, at most 20,000 characters.
    pub description: String,
    /// The first board where absent.
    pub board_id: Option<i64>,
    /// The key of a column; the board's first where absent.
    pub status: Option<String>,
    /// `none`, `low`, `medium`, `high` or `urgent`; `none` where absent.
    pub priority: Option<String>,
    pub assignee_id: Option<i64>,
    /// RFC 3339, or a date alone, which means its last second in UTC.
    pub due_at: Option<String>,
    /// At most 10, of 1 to 30 characters each.
    pub labels: Vec<String>,
    /// The place in the column; the last where absent.
    #[schema(minimum = -9007199254740991_i64, maximum = 9007199254740991_i64)]
    pub position: Option<i64>,
}

/// Makes the task, once for each key.
pub async fn create_task(
    app: &App,
    user: &User,
    once: &Once,
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
    let claimed = match claim(&mut tx, user.id, once, &input, now).await? {
        Turn::First(claimed) => claimed,
        Turn::Again(id) => {
            let made = store::find_task(&mut tx, id).await?;
            return made
                .map(|(task, _)| task)
                .ok_or_else(|| AppError::not_found("task"));
        }
    };
    check_assignee(&mut tx, user, input.assignee_id).await?;
    let board = chosen_board(&mut tx, input.board_id).await?;
    let status = chosen_column(&board, input.status.as_deref())?;
    let position = match position {
        Some(position) => position,
        None => last_place(&mut tx, board.id, &status).await?,
    };
    let mut task = Task {
        id: 0,
        board_id: board.id,
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
    task.id = store::create_task(&mut tx, &task).await?;
    settle(&mut tx, claimed, task.id).await?;
    tx.commit().await?;
    Ok(task)
}

/// Makes a task of one line: `Call Mei !high #shop @ada tomorrow`. What the line leaves open, the
/// place in particular, is as in `rest`.
pub async fn quick_add(
    app: &App,
    user: &User,
    once: &Once,
    line: &str,
    rest: NewTask,
) -> Result<Task, AppError> {
    let added = quick_add::parse(line, app.clock.now());
    let assignee_id = match &added.assignee {
        Some(name) => Some(person_called(app, user, name).await?),
        None => rest.assignee_id,
    };
    let QuickAdd {
        title,
        priority,
        labels,
        due,
        ..
    } = added;
    let input = NewTask {
        title,
        priority: Some(priority.as_str().to_owned()),
        assignee_id,
        due_at: due.map(|at| at.rfc3339()),
        labels,
        ..rest
    };
    // The line is all there is to mend.
    create_task(app, user, once, input)
        .await
        .map_err(|mut error| {
            if let Some((_, message)) = error.errors.pop_first() {
                error.errors = [("title".to_owned(), message)].into();
            }
            error
        })
}

async fn person_called(app: &App, user: &User, name: &str) -> Result<i64, AppError> {
    if name == "me" {
        return Ok(user.id);
    }
    let mut conn = app.db.read().await?;
    match find_people_called(&mut conn, name).await?.as_slice() {
        [person] => Ok(person.id),
        [] => Err(AppError::invalid(
            "title",
            format!("There is nobody called {name}."),
        )),
        _ => Err(AppError::invalid(
            "title",
            format!(
                "More than one person is called {name}; use what stands before the @ of their address."
            ),
        )),
    }
}

async fn chosen_board(conn: &mut Conn, id: Option<i64>) -> Result<Board, AppError> {
    let found = match id {
        Some(id) => AppError::found(board(conn, id).await)?,
        None => list_boards(conn, 0, 1).await?.pop(),
    };
    let message = match id {
        Some(_) => "Choose a board that is there.",
        None => "There is no board yet. Staff can make one.",
    };
    found.ok_or_else(|| AppError::invalid("board_id", message))
}

/// The key of the column with the key `status`; of the first where none is asked for.
pub fn chosen_column(board: &Board, status: Option<&str>) -> Result<String, AppError> {
    let key = status.unwrap_or_else(|| board.first_column());
    match board.column(key) {
        Some(column) => Ok(column.key.clone()),
        None => {
            let keys: Vec<_> = board.columns.iter().map(|c| c.key.as_str()).collect();
            let message = format!("Choose a column of the board: {}.", keys.join(", "));
            Err(AppError::invalid("status", message))
        }
    }
}

/// A place below all cards of a column, which stays locked until the transaction ends.
pub async fn last_place(conn: &mut Conn, board: i64, status: &str) -> Result<i64, AppError> {
    if !lock_column(conn, board, status).await? {
        let message = "The column was removed in the meantime.";
        return Err(AppError::conflict(crate::error::STALE, message));
    }
    let last = store::find_last_position(conn, board, status).await?;
    // Chosen places are so far from the end of what is stored that it is not reached.
    position_between(last, None).ok_or_else(AppError::internal)
}
