//! The query behind every list of tasks.
//!
//! It is put together from the filters that are set, and no others: a condition that is there but
//! switched off would keep both engines from using the index that serves the rest.

use super::filter::TaskFilter;
use crate::clock::Timestamp;
use crate::search;
use crate::server::{Conn, Engine, PageOf, Statement, Value, bind_all, with_db};
use crate::tasks::task::{TASK, TaskRow};
use crate::tasks::{DONE, Due, Sort, Task};
use sqlx::AssertSqlSafe;

/// `size + 1` tasks, so that it shows whether there are more.
///
/// The ids are found and sorted first, the rest is read for those on the page alone: where
/// thousands of tasks match, it is their texts and labels that would cost.
fn statement(filter: &TaskFilter, engine: Engine, now: Timestamp) -> Statement {
    use Value::{Number, Text};
    let mut list = Statement::new(format!(
        "SELECT {TASK} FROM tasks WHERE id IN (\nSELECT id FROM tasks\nWHERE deleted_at IS NULL"
    ));
    if let Some(own) = filter.own {
        let own = [Number(own), Number(own)];
        let theirs = "board_id = (SELECT id FROM boards WHERE owner_id = ?)";
        list.narrow(&format!("(assignee_id = ? OR {theirs})"), own);
    }
    if let Some(board) = filter.board {
        list.narrow("board_id = ?", [Number(board)]);
    }
    if let Some(status) = &filter.status {
        list.narrow("status = ?", [Text(status.clone())]);
    }
    match filter.assignee {
        Some(Some(person)) => list.narrow("assignee_id = ?", [Number(person)]),
        Some(None) => list.narrow("assignee_id IS NULL", []),
        None => {}
    }
    if let Some(priority) = filter.priority {
        list.narrow("priority = ?", [Number(priority.rank().into())]);
    }
    if let Some(label) = &filter.label {
        let with_label = "id IN (SELECT task_id FROM task_labels WHERE key = ?)";
        list.narrow(with_label, [Text(label.clone())]);
    }
    if filter.hide_done || filter.due == Some(Due::Overdue) {
        list.narrow(&format!("status <> '{DONE}'"), []);
    }
    narrow_by_due(&mut list, filter.due, now);
    narrow_by_text(&mut list, filter.text.as_deref(), engine);
    let order = order(&mut list, filter.sort, filter.after);
    let limit = filter.size + 1;
    list.text
        .push_str(&format!("\n{order} LIMIT {limit})\n{order}"));
    list
}

fn narrow_by_due(list: &mut Statement, due: Option<Due>, now: Timestamp) {
    let Some(due) = due else { return };
    match due.span(now) {
        Some((Timestamp(from), Timestamp(to))) => {
            let span = [Value::Number(from), Value::Number(to)];
            list.narrow("due_order >= ? AND due_order < ?", span);
        }
        None => list.narrow("due_order = ?", [Value::Number(i64::MAX)]),
    }
}

fn narrow_by_text(list: &mut Statement, text: Option<&str>, engine: Engine) {
    let Some(text) = text else { return };
    let terms = search::terms(text);
    if terms.is_empty() {
        // Nothing in it can be looked for, so nothing is found.
        list.narrow("FALSE", []);
        return;
    }
    let (condition, query) = match engine {
        Engine::Sqlite => (
            "id IN (SELECT rowid FROM task_words WHERE task_words MATCH ?)",
            search::fts5_query(&terms),
        ),
        Engine::Postgres => ("words @@ CAST(? AS TSQUERY)", search::tsquery(&terms)),
    };
    list.narrow(condition, [Value::Text(query)]);
}

/// Begins after the last task seen, and gives back the order.
fn order(list: &mut Statement, sort: Sort, after: Option<(i64, i64)>) -> String {
    use Value::Number;
    let (column, beyond, direction) = match sort {
        Sort::Due => ("due_order", '>', "ASC"),
        Sort::Priority => ("priority", '<', "DESC"),
        Sort::Updated => ("updated_at", '<', "DESC"),
        Sort::Position => ("position", '>', "ASC"),
        Sort::Newest => {
            // Bounded even on the first page: a range of ids is read backwards from its end.
            let (_, id) = after.unwrap_or((i64::MAX, i64::MAX));
            list.narrow("id < ?", [Number(id)]);
            return "ORDER BY id DESC".to_owned();
        }
    };
    if let Some((value, id)) = after {
        let place = [Number(value), Number(id)];
        list.narrow(&format!("({column}, id) {beyond} (?, ?)"), place);
    }
    format!("ORDER BY {column} {direction}, id {direction}")
}

/// One page of the tasks that fit.
pub async fn list_tasks(
    conn: &mut Conn,
    filter: &TaskFilter,
    now: Timestamp,
) -> sqlx::Result<PageOf<Task>> {
    let Statement { text, values } = statement(filter, conn.engine(), now);
    let rows: Vec<TaskRow> = with_db!(conn, |c| {
        let query = sqlx::query_as(AssertSqlSafe(text));
        bind_all!(query, values).fetch_all(c).await
    })?;
    let tasks = rows.into_iter().map(Task::from).collect();
    Ok(PageOf::from_rows(tasks, filter.size, |task| {
        filter.cursor(task)
    }))
}

/// How the engine goes about a list: a line for each step.
pub async fn explain_tasks(
    conn: &mut Conn,
    filter: &TaskFilter,
    now: Timestamp,
) -> sqlx::Result<Vec<String>> {
    let Statement { text, values } = statement(filter, conn.engine(), now);
    let (explain, column) = conn.pick(("EXPLAIN QUERY PLAN", "detail"), ("EXPLAIN", "QUERY PLAN"));
    let text = format!("{explain} {text}");
    with_db!(conn, |c| {
        use sqlx::Row;
        let query = sqlx::query(AssertSqlSafe(text));
        let rows = bind_all!(query, values).fetch_all(c).await?;
        rows.iter().map(|row| row.try_get(column)).collect()
    })
}
