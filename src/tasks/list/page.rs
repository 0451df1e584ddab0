//! `/tasks`: my tasks, and all tasks, as a list.

use super::filter::{TaskFilter, TaskQuery};
use super::query::list_tasks;
use super::toolbar::{TaskFilters, assignable, board_options, column_options};
use crate::accounts::{User, find_names, viewer};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{Conn, IdempotencyKey, PageOf, app, page};
use crate::tasks::components::{
    ActForm, DueMark, PriorityMark, QuickAddInput, Refused, TaskLabels, TaskTabs, at_task,
    task_anchor,
};
use crate::tasks::task::{boards_of, boards_of_tasks, sees_board};
use crate::tasks::{Board, Task};
use crate::ui::{
    Avatar, Badge, Button, ButtonKind, Empty, Form, HiddenField, Icon, LinkButton, Pager, Table,
    Tone, gap, lang_of,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::collections::HashMap;

/// Parses the query string of the page.
pub fn query_of_page() -> TaskQuery {
    let query = use_query_map().get_untracked().to_query_string();
    serde_urlencoded::from_str(query.trim_start_matches('?')).unwrap_or_default()
}

/// Returns the names of the tasks' assignees, by id.
pub async fn assignee_names(conn: &mut Conn, tasks: &[Task]) -> sqlx::Result<HashMap<i64, String>> {
    let mut ids: Vec<i64> = tasks.iter().filter_map(|task| task.assignee_id).collect();
    ids.sort_unstable();
    ids.dedup();
    find_names(conn, &ids).await
}

/// `/tasks?view=&q=&board_id=&status=&assignee_id=&priority=&label=&due=&done=&sort=&cursor=`
#[component]
pub fn TasksPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let query = query_of_page();
    page(async move {
        let user = viewer.person()?.clone();
        let now = app.clock.now();
        let filter = page_filter(&query, &user)?;
        let mut conn = app.db.read().await?;
        let tasks = list_tasks(&mut conn, &filter, now).await?;
        let names = assignee_names(&mut conn, &tasks.items).await?;
        let boards = boards_of(&mut conn, &user).await?;
        let around = boards_of_tasks(&mut conn, &user, &tasks.items).await?;
        let people = match query.view.as_str() {
            "all" => Some(assignable(&mut conn, &user).await?),
            _ => None,
        };
        let list = List {
            user,
            query,
            tasks,
            names,
            boards,
            around,
            now,
        };
        Ok::<_, AppError>(view! { <TaskListPage list people /> })
    })
}

/// Returns the page's filter: my tasks are those assigned to me, without finished ones unless asked for.
fn page_filter(query: &TaskQuery, user: &User) -> Result<TaskFilter, AppError> {
    let mut filter = query.read(user)?;
    if query.view != "all" {
        filter.assignee = Some(Some(user.id));
        filter.hide_done = query.done != "show" && filter.status.is_none();
    }
    Ok(filter)
}

/// Everything the page shows.
struct List {
    user: User,
    query: TaskQuery,
    tasks: PageOf<Task>,
    names: HashMap<i64, String>,
    /// The boards to choose from.
    boards: Vec<Board>,
    /// The boards that the tasks are on.
    around: Vec<Board>,
    now: Timestamp,
}

#[component]
fn TaskListPage(list: List, people: Option<Vec<(String, String)>>) -> impl IntoView {
    let mine = list.query.view != "all";
    let (title, tab) = if mine {
        (t!("tasks-mine"), "/tasks")
    } else {
        (t!("tasks-all"), "/tasks?view=all")
    };
    let staff = list.user.role.is_staff();
    let assignee = if mine {
        list.user.id.to_string()
    } else {
        String::new()
    };
    let board = list.query.board_id.clone();
    let here = list.query.href("/tasks");
    let boards = match staff {
        true => board_options(&list.boards),
        false => Vec::new(),
    };
    let columns = match list.boards.is_empty() {
        true => column_options(&list.around),
        false => column_options(&list.boards),
    };
    let query = list.query.clone();
    view! {
        <Title text=title />
        <div class="page-head">
            <h1>{t!("tasks-tasks")}</h1>
            <div class="actions">
                <LinkButton href="/tasks/new" icon=Icon::Plus>
                    {t!("tasks-new")}
                </LinkButton>
            </div>
        </div>
        <TaskTabs here=tab />
        <Refused />
        {if staff && list.boards.is_empty() {
            view! { <NoBoards /> }.into_any()
        } else {
            view! {
                <Form action="/tasks" class="quick-add" id="quick-add">
                    <HiddenField name="board_id" value=board />
                    <HiddenField name="assignee_id" value=assignee />
                    <HiddenField name="next" value=format!("{here}#quick-add-title") />
                    <HiddenField name="idempotency_key" value=IdempotencyKey::new_key() />
                    <QuickAddInput label=t!("tasks-quick-add") />
                    <Button kind=ButtonKind::Primary small=true icon=Icon::Plus>
                        {t!("tasks-quick-add-submit")}
                    </Button>
                </Form>
                <TaskFilters path="/tasks".to_owned() query boards columns people hides_done=mine />
                <TaskTable list />
            }
                .into_any()
        }}
    }
}

#[component]
fn NoBoards() -> impl IntoView {
    view! {
        <Empty icon=Icon::Board title=t!("tasks-boards-empty")>
            <p>{t!("tasks-no-boards-advice")} {gap()} <a href="/boards">{t!("tasks-no-boards-new")}</a></p>
        </Empty>
    }
}

#[component]
fn TaskTable(list: List) -> impl IntoView {
    let List {
        user,
        query,
        tasks,
        names,
        around,
        now,
        ..
    } = list;
    if tasks.items.is_empty() {
        return view! { <NoTasks query /> }.into_any();
    }
    let here = query.href_from("/tasks", &query.cursor);
    let next = tasks
        .next_cursor
        .map(|cursor| query.href_from("/tasks", &cursor));
    let first = (!query.cursor.is_empty()).then(|| query.href("/tasks"));
    let shown = tasks.items.len();
    // A finished task leaves the user's own list: return to the one below it.
    let leaves = query.view != "all" && query.done != "show";
    let ids: Vec<i64> = tasks.items.iter().map(|task| task.id).collect();
    let rows = tasks
        .items
        .into_iter()
        .enumerate()
        .map(|(place, task)| {
            let after = ids
                .get(place + usize::from(leaves))
                .or(ids.get(place.wrapping_sub(1)));
            let next = at_task(&here, after.copied().unwrap_or(task.id));
            let assignee = task.assignee_id.and_then(|id| names.get(&id).cloned());
            let board = around
                .iter()
                .find(|board| board.id == task.board_id)
                .cloned();
            let linked = board.as_ref().is_some_and(|board| sees_board(&user, board));
            view! { <TaskRow task assignee board linked now next /> }
        })
        .collect::<Vec<_>>();
    let head = vec![
        t!("tasks-task"),
        t!("tasks-board"),
        t!("tasks-column"),
        t!("tasks-priority"),
        t!("tasks-labels"),
        t!("tasks-assignee"),
        t!("tasks-due"),
        t!("tasks-complete"),
    ];
    view! {
        <Table
            caption=t!("tasks-tasks")
            class="task-list"
            head
            dense=true
            stack=true
        >
            {rows}
        </Table>
        <Pager first next shown label=t!("tasks-pages") />
    }
    .into_any()
}

#[component]
fn NoTasks(query: TaskQuery) -> impl IntoView {
    let all = TaskQuery {
        view: query.view.clone(),
        ..Default::default()
    };
    if query.narrows() {
        let href = all.href("/tasks");
        return view! {
            <Empty icon=Icon::Filter title=t!("tasks-none-match")>
                <p>{t!("tasks-none-match-advice")} {gap()} <a href=href>{t!("tasks-show-all")}</a></p>
            </Empty>
        }
        .into_any();
    }
    let advice = if query.view == "all" {
        t!("tasks-empty-all-advice")
    } else {
        t!("tasks-empty-mine-advice")
    };
    view! {
        <Empty icon=Icon::CheckCircle title=t!("tasks-empty")>
            <p>{advice}</p>
        </Empty>
    }
    .into_any()
}

#[component]
fn TaskRow(
    task: Task,
    assignee: Option<String>,
    board: Option<Board>,
    /// True if the viewer may see the board.
    linked: bool,
    now: Timestamp,
    /// The address to return to.
    next: String,
) -> impl IntoView {
    let href = format!("/tasks/{}", task.id);
    let board_href = format!("/boards/{}", task.board_id);
    let column = board.as_ref().and_then(|board| board.column(&task.status));
    let column = column.map_or_else(|| task.status.clone(), |column| column.shown().to_owned());
    let first = board
        .as_ref()
        .is_some_and(|board| board.first_column() == task.status);
    let tone = match (task.is_done(), first) {
        (true, _) => Tone::Good,
        (false, true) => Tone::Neutral,
        (false, false) => Tone::Info,
    };
    let (done, anchor) = (task.is_done(), task_anchor(task.id));
    let (title, labels) = (task.title.clone(), task.labels.clone());
    view! {
        <tr id=anchor class=done.then_some("is-done") tabindex="-1">
            <th scope="row" lang=lang_of(&title)>
                <a href=href>{title.clone()}</a>
            </th>
            <td data-label=t!("tasks-board")>{board.filter(|_| linked).map(|board| view! { <a href=board_href>{board.name.shown().to_owned()}</a> })}</td>
            <td data-label=t!("tasks-column")>
                <Badge tone>{column}</Badge>
            </td>
            <td data-label=t!("tasks-priority")>
                <PriorityMark priority=task.priority />
            </td>
            <td data-label=t!("tasks-labels")>
                <TaskLabels labels />
            </td>
            <td data-label=t!("tasks-assignee")>{assignee.map(|name| view! { <Avatar name /> })}</td>
            <td data-label=t!("tasks-due")>
                <DueMark task=task.clone() now />
            </td>
            <td class="task-complete" data-label=t!("tasks-complete")>{(!done).then(|| view! { <CompleteButton task=task.clone() next /> })}</td>
        </tr>
    }
}

/// Completes a task with one click; the toast that follows can undo it.
#[component]
pub fn CompleteButton(task: Task, next: String, #[prop(optional)] words: bool) -> impl IntoView {
    let label = t!("tasks-complete-task", title = task.title.as_str());
    let hidden = vec![
        ("version", task.version.to_string()),
        ("status", task.status),
        ("next", next),
    ];
    view! {
        <ActForm action=format!("/tasks/{}/complete", task.id) hidden>
            {if words {
                view! {
                    <Button kind=ButtonKind::Primary icon=Icon::Check>
                        {t!("tasks-complete")}
                    </Button>
                }
                    .into_any()
            } else {
                view! { <Button kind=ButtonKind::Quiet small=true icon=Icon::Check label /> }.into_any()
            }}
        </ActForm>
    }
}
