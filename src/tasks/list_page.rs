//! `/tasks`: my tasks, and all tasks, as a list.

use super::board_store::list_boards;
use super::listing::list_tasks;
use super::parts::{ActForm, DueMark, PriorityMark, QuickAddInput, Refused, TaskLabels, TaskTabs};
use super::toolbar::{TaskFilters, assignable, board_options, column_options};
use super::{Board, Task, TaskFilter, TaskQuery};
use crate::accounts::{User, find_names};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{Conn, Once, PageOf, app, page, viewer};
use crate::ui::{
    Avatar, Badge, Button, ButtonKind, Empty, Form, HiddenField, Icon, LinkButton, Pager, Table,
    Tone, lang_of,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::collections::HashMap;

/// How many boards a page knows of.
pub const MOST_BOARDS: i64 = 200;

/// The query string of the page, as filters.
pub fn query_of_page() -> TaskQuery {
    let query = use_query_map().get_untracked().to_query_string();
    serde_urlencoded::from_str(query.trim_start_matches('?')).unwrap_or_default()
}

/// The ids and names of those the tasks are assigned to.
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
        let boards = list_boards(&mut conn, 0, MOST_BOARDS).await?;
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
            now,
        };
        Ok::<_, AppError>(view! { <TaskListPage list people /> })
    })
}

/// My tasks are those assigned to me, without what is done unless it is asked for.
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
    boards: Vec<Board>,
    now: Timestamp,
}

#[component]
fn TaskListPage(list: List, people: Option<Vec<(String, String)>>) -> impl IntoView {
    let mine = list.query.view != "all";
    let (title, tab) = if mine {
        ("My tasks", "My tasks")
    } else {
        ("All tasks", "All")
    };
    let staff = list.user.role.is_staff();
    let assignee = if mine {
        list.user.id.to_string()
    } else {
        String::new()
    };
    let board = list.query.board_id.clone();
    let here = list.query.href("/tasks");
    let (boards, columns) = (board_options(&list.boards), column_options(&list.boards));
    let query = list.query.clone();
    view! {
        <Title text=title />
        <div class="page-head">
            <h1>"Tasks"</h1>
            <div class="actions">
                <LinkButton href="/tasks/new" icon=Icon::Plus>
                    "New task"
                </LinkButton>
            </div>
        </div>
        <TaskTabs here=tab />
        <Refused />
        {if list.boards.is_empty() {
            view! { <NoBoards staff /> }.into_any()
        } else {
            view! {
                <Form action="/tasks" class="quick-add" id="quick-add">
                    <HiddenField name="board_id" value=board />
                    <HiddenField name="assignee_id" value=assignee />
                    <HiddenField name="next" value=here />
                    <HiddenField name="once" value=Once::new_key() />
                    <QuickAddInput label="Add a task: Call Mei !high #shop tomorrow" />
                    <Button kind=ButtonKind::Primary small=true icon=Icon::Plus>
                        "Add"
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
fn NoBoards(staff: bool) -> impl IntoView {
    view! {
        <Empty icon=Icon::Board title="No boards yet">
            {if staff {
                view! { <p>"Tasks live on boards. " <a href="/boards">"Make the first board"</a> "."</p> }.into_any()
            } else {
                view! { <p>"Tasks live on boards. As soon as staff have made one, you can add tasks."</p> }.into_any()
            }}
        </Empty>
    }
}

#[component]
fn TaskTable(list: List) -> impl IntoView {
    let List {
        query,
        tasks,
        names,
        boards,
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
    let rows = tasks
        .items
        .into_iter()
        .map(|task| {
            let assignee = task.assignee_id.and_then(|id| names.get(&id).cloned());
            let board = boards
                .iter()
                .find(|board| board.id == task.board_id)
                .cloned();
            view! { <TaskRow task assignee board now next=here.clone() /> }
        })
        .collect::<Vec<_>>();
    view! {
        <Table
            caption="Tasks"
            class="task-list"
            head=vec!["Task", "Board", "Column", "Priority", "Labels", "Assignee", "Due", "Complete"]
            dense=true
            stack=true
        >
            {rows}
        </Table>
        <Pager first next shown label="Pages of tasks" />
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
            <Empty icon=Icon::Filter title="Nothing matches">
                <p>"Loosen a filter, or " <a href=href>"show everything"</a> "."</p>
            </Empty>
        }
        .into_any();
    }
    let advice = if query.view == "all" {
        "Add the first task in the line above."
    } else {
        "Nothing waits for you. Add a task in the line above, or take one from a board."
    };
    view! {
        <Empty icon=Icon::CheckCircle title="No tasks yet">
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
    now: Timestamp,
    /// Where to come back to.
    next: String,
) -> impl IntoView {
    let href = format!("/tasks/{}", task.id);
    let board_href = format!("/boards/{}", task.board_id);
    let column = board.as_ref().and_then(|board| board.column(&task.status));
    let column = column.map_or_else(|| task.status.clone(), |column| column.name.clone());
    let first = board
        .as_ref()
        .is_some_and(|board| board.first_column() == task.status);
    let tone = match (task.is_done(), first) {
        (true, _) => Tone::Good,
        (false, true) => Tone::Neutral,
        (false, false) => Tone::Info,
    };
    let done = task.is_done();
    let (title, labels) = (task.title.clone(), task.labels.clone());
    view! {
        <tr class=done.then_some("is-done")>
            <th scope="row" lang=lang_of(&title)>
                <a href=href>{title.clone()}</a>
            </th>
            <td data-label="Board">{board.map(|board| view! { <a href=board_href>{board.name}</a> })}</td>
            <td data-label="Column">
                <Badge tone>{column}</Badge>
            </td>
            <td data-label="Priority">
                <PriorityMark priority=task.priority />
            </td>
            <td data-label="Labels">
                <TaskLabels labels />
            </td>
            <td data-label="Assignee">{assignee.map(|name| view! { <Avatar name /> })}</td>
            <td data-label="Due">
                <DueMark task=task.clone() now />
            </td>
            <td data-label="Complete">{(!done).then(|| view! { <CompleteButton task=task.clone() next /> })}</td>
        </tr>
    }
}

/// One click, and it is done; the toast that follows takes it back.
#[component]
pub fn CompleteButton(task: Task, next: String, #[prop(optional)] words: bool) -> impl IntoView {
    let label = format!("Complete: {}", task.title);
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
                        "Complete"
                    </Button>
                }
                    .into_any()
            } else {
                view! { <Button kind=ButtonKind::Quiet small=true icon=Icon::Check label /> }.into_any()
            }}
        </ActForm>
    }
}
