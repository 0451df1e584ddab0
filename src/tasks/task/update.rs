//! Updates a task.

use super::access::{any_board, check_assignee, check_place, visible_task};
use super::create::{chosen_column, last_place, named_board};
use super::store;
use crate::accounts::User;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::{App, Conn, Field};
use crate::tasks::{Description, DueDate, Labels, Priority, Task, Title, chosen_position};
use serde::Deserialize;

/// A change of a task. Absent fields stay; `null` clears what can be empty.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskChange {
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub title: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 20_000)]
    pub description: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub board_id: Field<i64>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub status: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<Priority>)]
    pub priority: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub assignee_id: Field<i64>,
    /// RFC 3339, or a date alone, which means its last second in UTC.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub due_at: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_items = 10)]
    pub labels: Field<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = -9007199254740991_i64, maximum = 9007199254740991_i64)]
    pub position: Field<i64>,
    /// The version the change is based on. If it is stale: 409.
    pub version: Option<i64>,
}

/// Applies the change; all of it or, if a field is invalid or the version is stale, nothing.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn update_task(
    app: &App,
    user: &User,
    id: i64,
    change: TaskChange,
) -> Result<Task, AppError> {
    let Some(version) = change.version else {
        let message = t!("tasks-version-missing");
        return Err(AppError::invalid("version", message));
    };
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let before = visible_task(&mut tx, user, id).await?;
    let mut after = before.clone();
    apply_texts(&change, &mut after)?;
    if version != before.version {
        return Err(AppError::stale("task"));
    }
    if change.assignee_id != Field::Absent {
        after.assignee_id = match change.assignee_id {
            Field::Value(id) => Some(id),
            _ => None,
        };
    }
    if after.assignee_id != before.assignee_id {
        check_assignee(&mut tx, user, after.assignee_id).await?;
    }
    apply_place(&mut tx, user, &change, &before, &mut after).await?;
    if after == before {
        return Ok(after);
    }
    if !store::update_task(&mut tx, &after, now).await? {
        return Err(AppError::stale("task"));
    }
    let texts = |task: &Task| {
        (
            task.title.clone(),
            task.description.clone(),
            task.labels.clone(),
        )
    };
    if texts(&after) != texts(&before) {
        store::update_texts(&mut tx, &after).await?;
    }
    tx.commit().await?;
    after.version += 1;
    after.updated_at = now;
    Ok(after)
}

/// Applies what depends on nothing but the task itself.
fn apply_texts(change: &TaskChange, task: &mut Task) -> Result<(), AppError> {
    let mut faults = Faults::default();
    match &change.title {
        Field::Absent => {}
        Field::Null => drop(faults.check("title", Err::<(), _>(t!("tasks-title-needed")))),
        Field::Value(text) => {
            if let Some(title) = faults.check("title", text.parse::<Title>()) {
                task.title = title.as_str().to_owned();
            }
        }
    }
    match &change.description {
        Field::Absent => {}
        Field::Null => task.description = String::new(),
        Field::Value(text) => {
            if let Some(text) = faults.check("description", text.parse::<Description>()) {
                task.description = text.as_str().to_owned();
            }
        }
    }
    match &change.priority {
        Field::Absent => {}
        Field::Null => task.priority = Priority::None,
        Field::Value(word) => {
            task.priority = faults.check("priority", word.parse()).unwrap_or_default();
        }
    }
    match &change.due_at {
        Field::Absent => {}
        Field::Null => task.due_at = None,
        Field::Value(text) => {
            let due = faults.check("due_at", text.parse::<DueDate>());
            task.due_at = due.map(|DueDate(at)| at);
        }
    }
    match &change.labels {
        Field::Absent => {}
        Field::Null => task.labels.clear(),
        Field::Value(labels) => {
            let labels = faults.check("labels", Labels::parse(labels));
            task.labels = labels.map(Labels::into_vec).unwrap_or_default();
        }
    }
    if let Field::Value(position) = change.position {
        faults.check("position", chosen_position(position));
    }
    for (field, null) in [
        ("board_id", change.board_id == Field::Null),
        ("status", change.status == Field::Null),
        ("position", change.position == Field::Null),
    ] {
        if null {
            faults.check(field, Err::<(), _>(t!("tasks-place-needed")));
        }
    }
    faults.finish()
}

/// Applies board, column and position. In another column the task is the last, unless told where.
async fn apply_place(
    conn: &mut Conn,
    user: &User,
    change: &TaskChange,
    before: &Task,
    after: &mut Task,
) -> Result<(), AppError> {
    let board = match change.board_id {
        Field::Value(id) if id != before.board_id => {
            check_place(user, before)?;
            Some(named_board(conn, user, id).await?)
        }
        _ => None,
    };
    let status = match &change.status {
        Field::Value(status) => Some(status.as_str()),
        _ => None,
    };
    if status.is_some() || board.is_some() {
        let board = match board {
            Some(board) => board,
            None => any_board(conn, before.board_id).await?,
        };
        (after.board_id, after.owner_id) = (board.id, board.owner_id);
        let kept = board
            .column(&before.status)
            .map(|column| column.key.as_str());
        after.status = chosen_column(&board, status.or(kept))?;
    }
    let stays = (after.board_id, &after.status) == (before.board_id, &before.status);
    after.position = match change.position {
        Field::Value(position) => position,
        _ if stays => before.position,
        _ => last_place(conn, after.board_id, &after.status).await?,
    };
    Ok(())
}
