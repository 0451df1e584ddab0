//! The query behind every task list.
//!
//! It has conditions only for the filters that are set: a condition that is there but switched off would keep
//! both engines from using the index that serves the rest.

use super::filter::TaskFilter;
use crate::clock::Timestamp;
use crate::search;
use crate::server::{Conn, Engine, PageOf, QueryBuilder};
use crate::tasks::task::{TASK, TaskRow};
use crate::tasks::{DONE, Due, Sort, Task};

/// Selects `size + 1` tasks, to tell whether there are more.
///
/// The ids are found and sorted first, the rest is read only for those on the page: where thousands of tasks
/// match, their texts and labels would be the cost.
fn build(
    mut query: QueryBuilder,
    filter: &TaskFilter,
    engine: Engine,
    now: Timestamp,
) -> QueryBuilder {
    query.push(format!(
        "SELECT {TASK} FROM tasks WHERE id IN (SELECT id FROM tasks WHERE deleted_at IS NULL"
    ));
    if let Some(own) = filter.own {
        query.push(" AND (assignee_id = ").push_bind(own);
        query.push(" OR board_id = (SELECT id FROM boards WHERE owner_id = ");
        query.push_bind(own).push("))");
    }
    if let Some(board) = filter.board {
        query.push(" AND board_id = ").push_bind(board);
    }
    if let Some(status) = &filter.status {
        query.push(" AND status = ").push_bind(status);
    }
    match filter.assignee {
        Some(Some(person)) => query.push(" AND assignee_id = ").push_bind(person),
        Some(None) => query.push(" AND assignee_id IS NULL"),
        None => &mut query,
    };
    if let Some(priority) = filter.priority {
        query.push(" AND priority = ").push_bind(priority);
    }
    if let Some(label) = &filter.label {
        query.push(" AND id IN (SELECT task_id FROM task_labels WHERE key = ");
        query.push_bind(label).push(")");
    }
    if filter.hide_done || filter.due == Some(Due::Overdue) {
        query.push(format!(" AND status <> '{DONE}'"));
    }
    narrow_by_due(&mut query, filter.due, now);
    narrow_by_text(&mut query, filter.text.as_deref(), engine);
    let order = order(&mut query, filter.sort, filter.after);
    let limit = filter.size + 1;
    query.push(format!(" {order} LIMIT {limit}) {order}"));
    query
}

fn narrow_by_due(query: &mut QueryBuilder, due: Option<Due>, now: Timestamp) {
    let Some(due) = due else { return };
    match due.span(now) {
        Some((from, to)) => query
            .push(" AND due_order >= ")
            .push_bind(from)
            .push(" AND due_order < ")
            .push_bind(to),
        None => query.push(" AND due_order = ").push_bind(i64::MAX),
    };
}

fn narrow_by_text(query: &mut QueryBuilder, text: Option<&str>, engine: Engine) {
    let Some(text) = text else { return };
    let terms = search::terms(text);
    if terms.is_empty() {
        // The text has no searchable words, so nothing matches.
        query.push(" AND FALSE");
        return;
    }
    match engine {
        Engine::Sqlite => query
            .push(" AND id IN (SELECT rowid FROM task_words WHERE task_words MATCH ")
            .push_bind(search::fts5_query(&terms))
            .push(")"),
        Engine::Postgres => query
            .push(" AND words @@ CAST(")
            .push_bind(search::tsquery(&terms))
            .push(" AS TSQUERY)"),
    };
}

/// Starts after the last task seen, and returns the order.
fn order(query: &mut QueryBuilder, sort: Sort, after: Option<(i64, i64)>) -> String {
    let (column, beyond, direction) = match sort {
        Sort::Due => ("due_order", '>', "ASC"),
        Sort::Priority => ("priority", '<', "DESC"),
        Sort::Updated => ("updated_at", '<', "DESC"),
        Sort::Position => ("position", '>', "ASC"),
        Sort::Newest => {
            // Bounded even on the first page: a range of ids is read backwards from its end.
            let (_, id) = after.unwrap_or((i64::MAX, i64::MAX));
            query.push(" AND id < ").push_bind(id);
            return "ORDER BY id DESC".to_owned();
        }
    };
    if let Some((value, id)) = after {
        query.push(format!(" AND ({column}, id) {beyond} ("));
        query.push_bind(value).push(", ").push_bind(id).push(")");
    }
    format!("ORDER BY {column} {direction}, id {direction}")
}

/// Returns one page of the matching tasks.
pub async fn list_tasks(
    conn: &mut Conn,
    filter: &TaskFilter,
    now: Timestamp,
) -> sqlx::Result<PageOf<Task>> {
    let query = build(QueryBuilder::new(conn, ""), filter, conn.engine(), now);
    let rows: Vec<TaskRow> = query.fetch_all(conn).await?;
    let tasks = rows.into_iter().map(Task::from).collect();
    Ok(PageOf::from_rows(tasks, filter.size, |task| {
        filter.cursor(task)
    }))
}

/// Returns the engine's query plan for a list, one line per step.
pub async fn explain_tasks(
    conn: &mut Conn,
    filter: &TaskFilter,
    now: Timestamp,
) -> sqlx::Result<Vec<String>> {
    let query = build(QueryBuilder::explaining(conn), filter, conn.engine(), now);
    query.fetch_plan(conn).await
}
