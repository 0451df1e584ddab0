//! SQL for tasks, their labels and their words.

use crate::clock::Timestamp;
use crate::search;
use crate::server::{
    Conn, Engine, Subject, execute, fetch_all, fetch_optional, fetch_scalar, fetch_scalars,
    rows_affected, stored_as,
};
use crate::tasks::{Priority, Task};
use crate::text::fold;
use sqlx::{AssertSqlSafe, FromRow};

stored_as!(
    Priority,
    i16,
    |priority: &Priority| priority.rank(),
    |rank| Ok(Priority::from_rank(rank)?)
);

/// The columns of a [`TaskRow`], from `tasks`.
pub const TASK: &str = "id, board_id, title, description, status, priority, assignee_id, due_at, \
     position, version, created_by, created_at, updated_at, \
     (SELECT owner_id FROM boards WHERE boards.id = board_id) AS owner_id, \
     (SELECT string_agg(label, ',') FROM task_labels WHERE task_id = tasks.id) AS labels";

#[derive(FromRow)]
pub struct TaskRow {
    id: i64,
    board_id: i64,
    owner_id: Option<i64>,
    title: String,
    description: String,
    status: String,
    priority: Priority,
    assignee_id: Option<i64>,
    due_at: Option<Timestamp>,
    position: i64,
    version: i64,
    created_by: Option<i64>,
    created_at: Timestamp,
    updated_at: Timestamp,
    /// Joined by commas, which no label has.
    labels: Option<String>,
}

impl From<TaskRow> for Task {
    fn from(row: TaskRow) -> Self {
        let labels = row.labels.unwrap_or_default();
        let mut labels: Vec<String> = labels.split(',').map(str::to_owned).collect();
        labels.retain(|label| !label.is_empty());
        labels.sort();
        Self {
            id: row.id,
            board_id: row.board_id,
            owner_id: row.owner_id,
            title: row.title,
            description: row.description,
            status: row.status,
            priority: row.priority,
            assignee_id: row.assignee_id,
            due_at: row.due_at,
            labels,
            position: row.position,
            version: row.version,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Returns the task, deleted or not, and whether it is.
pub async fn find_task(conn: &mut Conn, id: i64) -> sqlx::Result<Option<(Task, bool)>> {
    let query = AssertSqlSafe(format!("SELECT {TASK} FROM tasks WHERE id = $1"));
    let row: Option<TaskRow> = fetch_optional!(conn, query, id)?;
    let Some(row) = row else { return Ok(None) };
    let deleted: bool = fetch_scalar!(
        conn,
        "SELECT deleted_at IS NOT NULL FROM tasks WHERE id = $1",
        id
    )?;
    Ok(Some((row.into(), deleted)))
}

/// Inserts a task and returns its id; `id`, `version` and `owner_id` of `task` are ignored.
pub async fn insert_task(conn: &mut Conn, task: &Task) -> sqlx::Result<i64> {
    conn.note_change(Subject::Tasks);
    let id = fetch_scalar!(
        conn,
        "INSERT INTO tasks (board_id, title, description, status, priority, assignee_id,
                            due_at, position, created_by, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
        task.board_id,
        &task.title,
        &task.description,
        &task.status,
        task.priority,
        task.assignee_id,
        task.due_at,
        task.position,
        task.created_by,
        task.created_at,
        task.updated_at
    )?;
    create_labels(conn, id, &task.labels).await?;
    create_words(conn, id, &task.title, &task.description).await?;
    Ok(id)
}

/// Updates every column that may change. False if `task.version` is stale.
pub async fn update_task(conn: &mut Conn, task: &Task, now: Timestamp) -> sqlx::Result<bool> {
    conn.note_change(Subject::Tasks);
    let written = rows_affected!(
        conn,
        "UPDATE tasks
         SET board_id = $1, title = $2, description = $3, status = $4, priority = $5,
             assignee_id = $6, due_at = $7, position = $8, version = version + 1, updated_at = $9
         WHERE id = $10 AND version = $11 AND deleted_at IS NULL",
        task.board_id,
        &task.title,
        &task.description,
        &task.status,
        task.priority,
        task.assignee_id,
        task.due_at,
        task.position,
        now,
        task.id,
        task.version
    )?;
    Ok(written == 1)
}

/// Rewrites labels and search words; only for a changed title, description or labels.
pub async fn update_texts(conn: &mut Conn, task: &Task) -> sqlx::Result<()> {
    conn.note_change(Subject::Tasks);
    execute!(conn, "DELETE FROM task_labels WHERE task_id = $1", task.id)?;
    create_labels(conn, task.id, &task.labels).await?;
    create_words(conn, task.id, &task.title, &task.description).await
}

async fn create_labels(conn: &mut Conn, task: i64, labels: &[String]) -> sqlx::Result<()> {
    for label in labels {
        execute!(
            conn,
            "INSERT INTO task_labels (task_id, label, key) VALUES ($1, $2, $3)",
            task,
            label,
            fold(label)
        )?;
    }
    Ok(())
}

async fn create_words(
    conn: &mut Conn,
    id: i64,
    title: &str,
    description: &str,
) -> sqlx::Result<()> {
    let query = conn.pick(
        "INSERT OR REPLACE INTO task_words (rowid, words) VALUES ($1, $2)",
        "UPDATE tasks SET words = CAST($2 AS TSVECTOR) WHERE id = $1",
    );
    let text = format!("{title}\n{description}");
    let words = match conn.engine() {
        Engine::Sqlite => search::fts5_text(&text),
        Engine::Postgres => search::tsvector(&text),
    };
    execute!(conn, query, id, words)
}

/// Rebuilds the search words and the label keys of the next tasks after this id, deleted ones too, and
/// returns the last id.
pub async fn index_tasks_again(
    conn: &mut Conn,
    after: i64,
    limit: i64,
) -> sqlx::Result<Option<i64>> {
    conn.note_change(Subject::Tasks);
    let tasks: Vec<(i64, String, String)> = fetch_all!(
        conn,
        "SELECT id, title, description FROM tasks WHERE id > $1 ORDER BY id LIMIT $2",
        after,
        limit
    )?;
    for (id, title, description) in &tasks {
        create_words(conn, *id, title, description).await?;
    }
    let Some((last, ..)) = tasks.last() else {
        return Ok(None);
    };
    let labels: Vec<String> = fetch_scalars!(
        conn,
        "SELECT DISTINCT label FROM task_labels WHERE task_id > $1 AND task_id <= $2",
        after,
        *last
    )?;
    for label in labels {
        execute!(
            conn,
            "UPDATE task_labels SET key = $1 WHERE label = $2 AND task_id > $3 AND task_id <= $4",
            fold(&label),
            &label,
            after,
            *last
        )?;
    }
    Ok(Some(*last))
}

/// Marks the task as deleted, or as not deleted. False if it already was so.
pub async fn mark_deleted(
    conn: &mut Conn,
    id: i64,
    deleted_at: Option<Timestamp>,
    now: Timestamp,
) -> sqlx::Result<bool> {
    conn.note_change(Subject::Tasks);
    let written = rows_affected!(
        conn,
        "UPDATE tasks SET deleted_at = $1, version = version + 1, updated_at = $2
         WHERE id = $3 AND (deleted_at IS NULL) <> (CAST($1 AS BIGINT) IS NULL)",
        deleted_at,
        now,
        id
    )?;
    Ok(written == 1)
}

/// Returns the position of the last card in a column; `None` if it is empty.
pub async fn find_last_position(
    conn: &mut Conn,
    board: i64,
    status: &str,
) -> sqlx::Result<Option<i64>> {
    fetch_scalar!(
        conn,
        "SELECT MAX(position) FROM tasks WHERE board_id = $1 AND status = $2",
        board,
        status
    )
}

/// The side of a card that a neighbour is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Above,
    Below,
}

/// Returns the id and position of the card next to `task` in its column.
pub async fn find_neighbour(
    conn: &mut Conn,
    task: &Task,
    side: Side,
) -> sqlx::Result<Option<(i64, i64)>> {
    let query = match side {
        Side::Above => {
            "SELECT id, position FROM tasks
             WHERE board_id = $1 AND status = $2 AND (position, id) < ($3, $4) AND deleted_at IS NULL
             ORDER BY position DESC, id DESC LIMIT 1"
        }
        Side::Below => {
            "SELECT id, position FROM tasks
             WHERE board_id = $1 AND status = $2 AND (position, id) > ($3, $4) AND deleted_at IS NULL
             ORDER BY position, id LIMIT 1"
        }
    };
    fetch_optional!(
        conn,
        query,
        task.board_id,
        &task.status,
        task.position,
        task.id
    )
}
