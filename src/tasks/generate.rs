//! Generated tasks by the thousand, to see how the lists behave when there are many.

use super::board::{find_board_id, first_columns, insert_board, save_columns};
use super::{GAP, Priority, end_of_day};
use crate::accounts::list_people;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::Language;
use crate::search;
use crate::server::{App, Conn, QueryBuilder, Subject, execute, fetch_scalar};
use sqlx::AssertSqlSafe;

/// The number of tasks written, and held in memory, at a time.
const BATCH: u64 = 1_000;

const VERBS: [&str; 8] = [
    "Check",
    "Pack",
    "Repair",
    "Order",
    "Count",
    "Photograph",
    "Clean",
    "Price",
];
const THINGS: [&str; 12] = [
    "keyboards",
    "lamps",
    "notebooks",
    "mugs",
    "parcels",
    "shelves",
    "returns",
    "scissors",
    "radios",
    "pens",
    "机械键盘",
    "无线耳机",
];
const LABELS: [&str; 8] = [
    "stock", "repairs", "packing", "returns", "display", "carrier", "supplies", "text",
];

/// Adds `count` tasks to the board "Generated", and tells `progress` how many there are so far.
///
/// They are spread over columns, priorities, labels, people and due dates by number alone, so that two runs
/// create the same.
pub async fn seed_tasks(
    app: &App,
    count: u64,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    let board = match find_board_id(&mut tx, "Generated").await? {
        Some(board) => board,
        None => {
            let name = "Generated".to_owned().into();
            let board =
                insert_board(&mut tx, Language::English, &name, None, app.clock.now()).await?;
            save_columns(&mut tx, board, &first_columns()).await?;
            board
        }
    };
    let people = list_people(&mut tx, 50).await?;
    let people: Vec<i64> = people.into_iter().map(|person| person.id).collect();
    tx.commit().await?;
    let mut done = 0;
    while done < count {
        let size = BATCH.min(count - done);
        let mut tx = app.db.write().await?;
        write_batch(app, &mut tx, board, &people, size).await?;
        tx.commit().await?;
        done += size;
        progress(done);
    }
    // The planner's statistics of the tables are out of date.
    let mut tx = app.db.write().await?;
    for table in ["tasks", "task_labels"] {
        let query = AssertSqlSafe(format!("ANALYZE {table}"));
        execute!(tx, query)?;
    }
    tx.commit().await?;
    Ok(())
}

/// Reserves `count` ids and returns the first.
async fn reserve_ids(conn: &mut Conn, count: i64) -> sqlx::Result<i64> {
    let query = conn.pick(
        "SELECT COALESCE(MAX(id), 0) + $1 FROM tasks",
        "SELECT setval(pg_get_serial_sequence('tasks', 'id'),
                       nextval(pg_get_serial_sequence('tasks', 'id')) + $1 - 1)",
    );
    let last: i64 = fetch_scalar!(conn, query, count)?;
    Ok(last - count + 1)
}

/// A task generated from its number alone.
struct Made {
    id: i64,
    title: String,
    label: &'static str,
    status: &'static str,
    priority: Priority,
    assignee: Option<i64>,
    due_at: Option<Timestamp>,
    at: Timestamp,
}

fn make(id: i64, people: &[i64], now: Timestamp) -> Made {
    // Steps without a common factor, so that the choices are not correlated.
    let pick = |step: i64, length: usize| {
        usize::try_from(id.wrapping_mul(step).rem_euclid(1_000_003)).unwrap_or(0) % length
    };
    let due = (pick(49_979_687, 4) > 0).then(|| pick(67_867_967, 120) as i64 - 40);
    let verb = VERBS[pick(15_485_863, VERBS.len())];
    let thing = THINGS[pick(104_729, THINGS.len())];
    Made {
        id,
        title: format!("{verb} {thing} {id}"),
        label: LABELS[pick(122_949_823, LABELS.len())],
        status: ["todo", "todo", "doing", "done", "done"][pick(7_919, 5)],
        priority: Priority::ALL[pick(86_028_121, 5)],
        assignee: people.get(pick(32_452_843, people.len() * 2 + 1)).copied(),
        due_at: due.map(|days| end_of_day(now.plus_days(days))),
        at: Timestamp(now.micros() - id),
    }
}

async fn write_batch(
    app: &App,
    conn: &mut Conn,
    board: i64,
    people: &[i64],
    size: u64,
) -> Result<(), AppError> {
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    let first = reserve_ids(conn, size).await?;
    let made: Vec<Made> = (first..first + size)
        .map(|id| make(id, people, app.clock.now()))
        .collect();
    conn.note_change(Subject::Tasks);
    insert_tasks(conn, board, &made).await?;
    let mut labels = QueryBuilder::new(conn, "INSERT INTO task_labels (task_id, label, key) ");
    labels.push_values(&made, |row, task| {
        row.push(task.id)
            .push_bind(task.label)
            .push_bind(task.label);
    });
    labels.persistent(false);
    Ok(labels.execute(conn).await?)
}

/// Inserts the tasks and their search words: on PostgreSQL in a column, on SQLite in a table.
async fn insert_tasks(conn: &mut Conn, board: i64, made: &[Made]) -> sqlx::Result<()> {
    let words = conn.pick(None, Some(", words"));
    let mut tasks = QueryBuilder::new(
        conn,
        format!(
            "INSERT INTO tasks (id, board_id, status, priority, assignee_id, due_at, position,
                                created_at, updated_at, title{}) ",
            words.unwrap_or_default()
        ),
    );
    // Numbers and known words are inlined: an engine takes only so many placeholders.
    let null_or = |number: Option<i64>| number.map_or("NULL".to_owned(), |it| it.to_string());
    tasks.push_values(made, |row, task| {
        row.push(task.id)
            .push(board)
            .push(format!("'{}'", task.status))
            .push(task.priority.rank())
            .push(null_or(task.assignee))
            .push(null_or(task.due_at.map(Timestamp::micros)))
            .push(task.id * GAP)
            .push(task.at.micros())
            .push(task.at.micros())
            .push_bind(&task.title);
        if words.is_some() {
            row.push_bind_as(search::tsvector(&task.title), "TSVECTOR");
        }
    });
    tasks.persistent(false);
    tasks.execute(conn).await?;
    if words.is_some() {
        return Ok(());
    }
    let mut words = QueryBuilder::new(conn, "INSERT INTO task_words (rowid, words) ");
    words.push_values(made, |row, task| {
        row.push(task.id).push_bind(search::fts5_text(&task.title));
    });
    words.persistent(false);
    words.execute(conn).await
}
