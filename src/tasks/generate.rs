//! Tasks by the thousand, to see how the lists behave when there are many.

use super::board::{find_board_id, first_columns, insert_board, save_columns};
use super::{GAP, Priority, end_of_day};
use crate::accounts::list_people;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::search;
use crate::server::{App, Conn, Engine, Value, bind_all, execute, fetch_scalar, with_db};
use sqlx::AssertSqlSafe;

/// How many tasks are written, and held in memory, at a time.
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
/// Spread over columns, priorities, labels, people and due dates by their number alone, so that
/// two runs make the same.
pub async fn seed_tasks(
    app: &App,
    count: u64,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    let board = match find_board_id(&mut tx, "Generated").await? {
        Some(board) => board,
        None => {
            let board = insert_board(&mut tx, "Generated", None, app.clock.now()).await?;
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
    // What the planner knows of the tables is from before.
    let mut tx = app.db.write().await?;
    for table in ["tasks", "task_labels"] {
        let query = AssertSqlSafe(format!("ANALYZE {table}"));
        execute!(tx, query)?;
    }
    tx.commit().await?;
    Ok(())
}

/// Sets `count` ids aside and gives back the first.
async fn reserve_ids(conn: &mut Conn, count: i64) -> sqlx::Result<i64> {
    let query = conn.pick(
        "SELECT COALESCE(MAX(id), 0) + $1 FROM tasks",
        "SELECT setval(pg_get_serial_sequence('tasks', 'id'),
                       nextval(pg_get_serial_sequence('tasks', 'id')) + $1 - 1)",
    );
    let last: i64 = fetch_scalar!(conn, query, count)?;
    Ok(last - count + 1)
}

/// A task made from its number alone.
struct Made {
    title: String,
    label: &'static str,
    /// The values of the columns that hold numbers and known words, in the order of [`write_batch`].
    rest: String,
}

fn make(id: i64, board: i64, people: &[i64], now: Timestamp) -> Made {
    // Steps without a common factor, so that the choices do not go hand in hand.
    let pick = |step: i64, length: usize| {
        usize::try_from(id.wrapping_mul(step).rem_euclid(1_000_003)).unwrap_or(0) % length
    };
    let null = || "NULL".to_owned();
    let status = ["todo", "todo", "doing", "done", "done"][pick(7_919, 5)];
    let priority = Priority::ALL[pick(86_028_121, 5)].rank();
    let assignee = people.get(pick(32_452_843, people.len() * 2 + 1));
    let assignee = assignee.map_or_else(null, i64::to_string);
    let due = (pick(49_979_687, 4) > 0).then(|| pick(67_867_967, 120) as i64 - 40);
    let due = due.map(|days| end_of_day(now.plus_days(days)).micros());
    let due = due.map_or_else(null, |at| at.to_string());
    let (at, place) = (now.micros() - id, id * GAP);
    let verb = VERBS[pick(15_485_863, VERBS.len())];
    let thing = THINGS[pick(104_729, THINGS.len())];
    Made {
        title: format!("{verb} {thing} {id}"),
        label: LABELS[pick(122_949_823, LABELS.len())],
        rest: format!("{board}, '{status}', {priority}, {assignee}, {due}, {place}, {at}, {at}"),
    }
}

async fn write_batch(
    app: &App,
    conn: &mut Conn,
    board: i64,
    people: &[i64],
    size: u64,
) -> Result<(), AppError> {
    const REST: &str =
        "board_id, status, priority, assignee_id, due_at, position, created_at, updated_at, title";
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    let first = reserve_ids(conn, size).await?;
    let engine = conn.engine();
    let (mut tasks, mut labels, mut words) =
        (Insert::default(), Insert::default(), Insert::default());
    for id in first..first + size {
        let Made { title, label, rest } = make(id, board, people, app.clock.now());
        match engine {
            Engine::Sqlite => {
                words.row(&format!("{id}, ?"), [search::fts5_text(&title)]);
                tasks.row(&format!("{id}, {rest}, ?"), [title]);
            }
            Engine::Postgres => {
                let words = search::tsvector(&title);
                tasks.row(
                    &format!("{id}, {rest}, ?, CAST(? AS TSVECTOR)"),
                    [title, words],
                );
            }
        }
        labels.row(&format!("{id}, ?, ?"), [label, label].map(str::to_owned));
    }
    let words_too = conn.pick("", ", words");
    tasks
        .run(conn, &format!("tasks (id, {REST}{words_too})"))
        .await?;
    labels
        .run(conn, "task_labels (task_id, label, key)")
        .await?;
    if engine == Engine::Sqlite {
        words.run(conn, "task_words (rowid, words)").await?;
    }
    Ok(())
}

/// Rows to be inserted all at once.
#[derive(Default)]
struct Insert {
    rows: Vec<String>,
    values: Vec<Value>,
}

impl Insert {
    /// A row; every `?` in it stands for the next text.
    fn row<const N: usize>(&mut self, row: &str, texts: [String; N]) {
        let mut row = format!("({row})");
        for text in texts {
            self.values.push(Value::Text(text));
            row = row.replacen('?', &format!("${}", self.values.len()), 1);
        }
        self.rows.push(row);
    }

    async fn run(self, conn: &mut Conn, into: &str) -> sqlx::Result<()> {
        let Self { rows, values } = self;
        let query = AssertSqlSafe(format!("INSERT INTO {into} VALUES {}", rows.join(", ")));
        with_db!(conn, |c| {
            let query = sqlx::query(query).persistent(false);
            bind_all!(query, values).execute(c).await.map(drop)
        })
    }
}
