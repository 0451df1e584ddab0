//! SQL for boards and their columns.

use crate::clock::Timestamp;
use crate::i18n::{Language, Multilingual, t};
use crate::server::{
    Conn, Subject, execute, fetch_all, fetch_optional, fetch_optional_scalar, fetch_scalar,
};
use crate::tasks::task::Side;
use crate::tasks::{Board, Column, Task};
use sqlx::{AssertSqlSafe, FromRow};
use std::collections::HashMap;

/// Returns the name of a customer's board as its owner sees it. Others see whose it is.
pub fn own_name() -> &'static str {
    t!("tasks-board-own")
}

/// The columns of a [`BoardRow`], from `boards`.
const BOARD: &str = "id, owner_id, version, created_at, updated_at, language, name, name_translations, \
     (SELECT users.name FROM users WHERE users.id = owner_id) AS owner";

#[derive(FromRow)]
struct BoardRow {
    id: i64,
    owner_id: Option<i64>,
    /// The owner's name.
    owner: Option<String>,
    language: Option<Language>,
    #[sqlx(flatten)]
    name: Multilingual,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(FromRow)]
struct ColumnRow {
    board_id: i64,
    key: String,
    name: String,
}

impl BoardRow {
    fn with(self, columns: Vec<Column>) -> Board {
        let language = Language::noted(self.language, &self.name.first);
        let name = match self.owner {
            Some(owner) => t!("tasks-board-of", owner = owner).into(),
            None => self.name,
        };
        Board {
            id: self.id,
            owner_id: self.owner_id,
            language,
            name,
            columns,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

/// Returns the company's boards after the id `after`, in order of creation.
pub async fn list_boards(conn: &mut Conn, after: i64, limit: i64) -> sqlx::Result<Vec<Board>> {
    let query = AssertSqlSafe(format!(
        "SELECT {BOARD} FROM boards WHERE owner_id IS NULL AND id > $1 ORDER BY id LIMIT $2"
    ));
    let boards: Vec<BoardRow> = fetch_all!(conn, query, after, limit)?;
    with_columns(conn, boards).await
}

/// Returns the boards with these ids, whoever owns them.
pub async fn find_boards(conn: &mut Conn, ids: &[i64]) -> sqlx::Result<Vec<Board>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of_these = conn.pick(OF_THESE.0, OF_THESE.1);
    let query = AssertSqlSafe(format!("SELECT {BOARD} FROM boards WHERE id {of_these}"));
    let ids = serde_json::json!(ids).to_string();
    let boards = fetch_all!(conn, query, ids)?;
    with_columns(conn, boards).await
}

/// The condition that an id is in a JSON array: on SQLite and on PostgreSQL.
const OF_THESE: (&str, &str) = (
    "IN (SELECT value FROM json_each($1))",
    "IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS JSON)))",
);

async fn with_columns(conn: &mut Conn, boards: Vec<BoardRow>) -> sqlx::Result<Vec<Board>> {
    let of_these = conn.pick(OF_THESE.0, OF_THESE.1);
    let query = AssertSqlSafe(format!(
        "SELECT board_id, key, name FROM board_columns
         WHERE board_id {of_these} ORDER BY board_id, position, key"
    ));
    let ids: Vec<i64> = boards.iter().map(|board| board.id).collect();
    let ids = serde_json::json!(ids).to_string();
    let rows: Vec<ColumnRow> = fetch_all!(conn, query, ids)?;
    let mut columns: HashMap<i64, Vec<Column>> = HashMap::new();
    for ColumnRow {
        board_id,
        key,
        name,
    } in rows
    {
        columns
            .entry(board_id)
            .or_default()
            .push(Column { key, name });
    }
    let with_columns = |board: BoardRow| {
        let columns = columns.remove(&board.id).unwrap_or_default();
        board.with(columns)
    };
    Ok(boards.into_iter().map(with_columns).collect())
}

pub async fn find_board(conn: &mut Conn, id: i64) -> sqlx::Result<Option<Board>> {
    Ok(find_boards(conn, &[id]).await?.pop())
}

/// Returns the board that this customer's tasks are on; `None` if there is none yet.
pub async fn find_own_board(conn: &mut Conn, owner: i64) -> sqlx::Result<Option<Board>> {
    let id: Option<i64> =
        fetch_optional_scalar!(conn, "SELECT id FROM boards WHERE owner_id = $1", owner)?;
    match id {
        Some(id) => find_board(conn, id).await,
        None => Ok(None),
    }
}

/// Returns the id of the company's board with this name; `None` if there is none.
pub async fn find_board_id(conn: &mut Conn, name: &str) -> sqlx::Result<Option<i64>> {
    fetch_optional_scalar!(
        conn,
        "SELECT id FROM boards WHERE name = $1 AND owner_id IS NULL",
        name
    )
}

/// Inserts a board without columns and returns its id.
pub async fn insert_board(
    conn: &mut Conn,
    language: Language,
    name: &Multilingual,
    created_by: Option<i64>,
    now: Timestamp,
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO boards (language, name, name_translations, created_by, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $5) RETURNING id",
        language,
        &name.first,
        &name.translations,
        created_by,
        now
    )
}

/// Inserts a board without columns, named in English first, and returns its id; `None` if there is one with
/// this name, which a concurrent request may have created.
pub async fn create_missing_board(
    conn: &mut Conn,
    name: &Multilingual,
    now: Timestamp,
) -> sqlx::Result<Option<i64>> {
    fetch_optional_scalar!(
        conn,
        "INSERT INTO boards (language, name, name_translations, created_at, updated_at)
         VALUES ('en', $1, $2, $3, $3)
         ON CONFLICT (name) WHERE owner_id IS NULL DO NOTHING RETURNING id",
        &name.first,
        &name.translations,
        now
    )
}

/// Inserts a board without columns for this customer and returns its id; `None` if they have one, which
/// another of their requests may have created concurrently.
pub async fn create_own_board(
    conn: &mut Conn,
    owner: i64,
    now: Timestamp,
) -> sqlx::Result<Option<i64>> {
    conn.note_change(Subject::Tasks);
    fetch_optional_scalar!(
        conn,
        "INSERT INTO boards (name, owner_id, created_by, created_at, updated_at)
         VALUES ($1, $2, $2, $3, $3) ON CONFLICT (owner_id) DO NOTHING RETURNING id",
        own_name(),
        owner,
        now
    )
}

pub async fn update_board_name(
    conn: &mut Conn,
    board: i64,
    language: Language,
    name: &Multilingual,
    now: Timestamp,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE boards
         SET language = $1, name = $2, name_translations = $3, version = version + 1,
             updated_at = $4
         WHERE id = $5",
        language,
        &name.first,
        &name.translations,
        now,
        board
    )
}

/// Marks a board's columns as changed. Locks its row until the transaction ends, so that concurrent changes
/// of one board follow one another.
pub async fn touch_board(conn: &mut Conn, board: i64, now: Timestamp) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE boards SET version = version + 1, updated_at = $1 WHERE id = $2",
        now,
        board
    )
}

/// Inserts the new columns, and updates the names and the order of all.
pub async fn save_columns(conn: &mut Conn, board: i64, columns: &[Column]) -> sqlx::Result<()> {
    for (position, column) in (1_i64..).zip(columns) {
        execute!(
            conn,
            "INSERT INTO board_columns (board_id, key, name, position) VALUES ($1, $2, $3, $4)
             ON CONFLICT (board_id, key)
             DO UPDATE SET name = EXCLUDED.name, position = EXCLUDED.position",
            board,
            &column.key,
            &column.name,
            position
        )?;
    }
    Ok(())
}

/// Locks a column until the transaction ends, so that no two cards get the same place, and none enters a
/// column about to go. SQLite has one writer at a time anyway. False if the column is gone.
pub async fn lock_column(conn: &mut Conn, board: i64, key: &str) -> sqlx::Result<bool> {
    let query = conn.pick(
        "SELECT key FROM board_columns WHERE board_id = $1 AND key = $2",
        "SELECT key FROM board_columns WHERE board_id = $1 AND key = $2 FOR NO KEY UPDATE",
    );
    let locked: Option<String> = fetch_optional_scalar!(conn, query, board, key)?;
    Ok(locked.is_some())
}

/// Returns the number of tasks in a column, not counting deleted ones.
pub async fn count_tasks(conn: &mut Conn, board: i64, key: &str) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "SELECT COUNT(*) FROM tasks
         WHERE board_id = $1 AND status = $2 AND deleted_at IS NULL",
        board,
        key
    )
}

/// Deletes a column. Deleted tasks in it move to `heir`, where restoring will show them.
pub async fn delete_column(conn: &mut Conn, board: i64, key: &str, heir: &str) -> sqlx::Result<()> {
    conn.note_change(Subject::Tasks);
    execute!(
        conn,
        "UPDATE tasks SET status = $1
         WHERE board_id = $2 AND status = $3 AND deleted_at IS NOT NULL",
        heir,
        board,
        key
    )?;
    execute!(
        conn,
        "DELETE FROM board_columns WHERE board_id = $1 AND key = $2",
        board,
        key
    )
}

/// A card's place within its column: position and id.
pub type Rank = (i64, i64);

/// Returns the first card beyond `reach` others, on one side of `card`; `None` if there is none.
pub async fn find_rank(
    conn: &mut Conn,
    card: &Task,
    side: Side,
    reach: i64,
) -> sqlx::Result<Option<Rank>> {
    let query = match side {
        Side::Above => {
            "SELECT position, id FROM tasks
             WHERE board_id = $1 AND status = $2 AND (position, id) < ($3, $4)
             ORDER BY position DESC, id DESC LIMIT 1 OFFSET $5"
        }
        Side::Below => {
            "SELECT position, id FROM tasks
             WHERE board_id = $1 AND status = $2 AND (position, id) > ($3, $4)
             ORDER BY position, id LIMIT 1 OFFSET $5"
        }
    };
    fetch_optional!(
        conn,
        query,
        card.board_id,
        &card.status,
        card.position,
        card.id,
        reach
    )
}

pub async fn count_between(
    conn: &mut Conn,
    card: &Task,
    (above, below): (Rank, Rank),
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "SELECT COUNT(*) FROM tasks
         WHERE board_id = $1 AND status = $2
           AND (position, id) > ($3, $4) AND (position, id) < ($5, $6)",
        card.board_id,
        &card.status,
        above.0,
        above.1,
        below.0,
        below.1
    )
}

/// Moves the cards between the two apart, from `start` on.
pub async fn move_apart(
    conn: &mut Conn,
    card: &Task,
    (above, below): (Rank, Rank),
    start: i64,
    distance: i64,
) -> sqlx::Result<()> {
    conn.note_change(Subject::Tasks);
    execute!(
        conn,
        "UPDATE tasks SET position = $7 + ranked.place * $8
         FROM (SELECT id AS ranked_id, ROW_NUMBER() OVER (ORDER BY position, id) AS place
               FROM tasks
               WHERE board_id = $1 AND status = $2
                 AND (position, id) > ($3, $4) AND (position, id) < ($5, $6)) AS ranked
         WHERE tasks.id = ranked.ranked_id",
        card.board_id,
        &card.status,
        above.0,
        above.1,
        below.0,
        below.1,
        start,
        distance
    )
}
