//! `/boards/{id}`: the columns with their cards.

use super::settings::BoardSettings;
use crate::accounts::viewer;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{IdempotencyKey, app, page};
use crate::tasks::components::{
    ActForm, DueMark, PriorityMark, QuickAddInput, Refused, TaskLabels, at_task, task_anchor,
};
use crate::tasks::list::{
    TaskFilters, TaskQuery, assignable, assignee_names, list_tasks, query_of_page,
};
use crate::tasks::task::{id_in_path, visible_board};
use crate::tasks::{Board, Column, DONE, Sort, Task};
use crate::ui::{Avatar, Breadcrumbs, Button, ButtonKind, Form, HiddenField, Icon, lang_of, slug};
use leptos::prelude::*;
use leptos_meta::Title;
use std::collections::HashMap;

/// One column as shown.
struct Shown {
    column: Column,
    cards: Vec<Task>,
    /// True if there are more cards than are shown.
    more: bool,
}

/// `/boards/{id}?q=&assignee_id=&priority=&label=&due=`
#[component]
pub fn BoardPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let (id, query) = (id_in_path(), query_of_page());
    page(async move {
        let user = viewer.person()?.clone();
        let staff = user.role.is_staff();
        let now = app.clock.now();
        let mut conn = app.db.read().await?;
        let board = visible_board(&mut conn, &user, id).await?;
        let mut filter = query.read(&user)?;
        filter.board = Some(id);
        filter.sort = Sort::Position;
        filter.after = None;
        let mut columns = Vec::new();
        let mut names = HashMap::new();
        for column in &board.columns {
            filter.status = Some(column.key.clone());
            let tasks = list_tasks(&mut conn, &filter, now).await?;
            names.extend(assignee_names(&mut conn, &tasks.items).await?);
            columns.push(Shown {
                column: column.clone(),
                cards: tasks.items,
                more: tasks.next_cursor.is_some(),
            });
        }
        let people = Some(assignable(&mut conn, &user).await?);
        let path = format!("/boards/{id}");
        let around = Around {
            here: query.href(&path),
            columns: board.columns.clone(),
            names,
            now,
        };
        Ok::<_, AppError>(view! {
            <Title text=board.name.shown().to_owned() />
            <div class="page-wide">
                <Breadcrumbs trail=vec![("/boards".into(), t!("tasks-boards").into())] here=board.name.shown().to_owned() />
                <div class="page-head">
                    <h1 lang=lang_of(board.name.shown())>{board.name.shown().to_owned()}</h1>
                </div>
                <Refused />
                <TaskFilters
                    path
                    query=query.clone()
                    boards=Vec::new()
                    columns=Vec::new()
                    people
                    hides_done=false
                    sorts=false
                />
                <Columns board=board.clone() columns query around />
                {staff.then(|| view! { <BoardSettings board /> })}
            </div>
        })
    })
}

/// The context of the board, as every card needs it.
#[derive(Clone)]
struct Around {
    /// The address to return to.
    here: String,
    columns: Vec<Column>,
    names: HashMap<i64, String>,
    now: Timestamp,
}

#[component]
fn Columns(board: Board, columns: Vec<Shown>, query: TaskQuery, around: Around) -> impl IntoView {
    let label = t!("tasks-board-region", board = board.name.shown());
    let columns = columns
        .into_iter()
        .map(|shown| {
            let rest = TaskQuery {
                view: "all".to_owned(),
                board_id: board.id.to_string(),
                status: shown.column.key.clone(),
                sort: Sort::Position.as_str().to_owned(),
                ..query.clone()
            };
            let rest = rest.href("/tasks");
            view! { <ColumnView board=board.id shown rest around=around.clone() /> }
        })
        .collect::<Vec<_>>();
    view! {
        <div class="board" role="region" aria-label=label tabindex="0">
            {columns}
        </div>
    }
}

#[component]
fn ColumnView(
    board: i64,
    shown: Shown,
    /// The address of the list of the whole column.
    rest: String,
    around: Around,
) -> impl IntoView {
    let Shown {
        column,
        cards,
        more,
    } = shown;
    let count = cards.len();
    let count = if more {
        format!("{count}+")
    } else {
        count.to_string()
    };
    let heading = format!("column-{}", column.key);
    let key: String = form_urlencoded::byte_serialize(column.key.as_bytes()).collect();
    let action = format!("/boards/{board}/cards/{key}");
    // Returns to the field, so that cards can be added one after the other.
    let here = format!("{}#{}-title", around.here, slug(&action));
    let cards = card_views(cards, &column.key, &around);
    let add = t!("tasks-column-add-card", column = column.shown());
    view! {
        <section class="board-column" aria-labelledby=heading.clone()>
            <div class="board-column-head">
                <h2 id=heading.clone()>{column.shown().to_owned()}</h2>
                <span class="board-count">{count}</span>
            </div>
            <ul class="board-cards">{cards}</ul>
            {more.then(|| view! { <a href=rest>{t!("tasks-column-show-all")}</a> })}
            <Form action class="quick-add">
                <HiddenField name="next" value=here />
                <HiddenField name="idempotency_key" value=IdempotencyKey::new_key() />
                <QuickAddInput label=add.clone() />
                <Button kind=ButtonKind::Quiet small=true icon=Icon::Plus label=add />
            </Form>
        </section>
    }
}

/// Renders the cards of a column. Each knows its neighbours, which it can be moved past.
fn card_views(cards: Vec<Task>, status: &str, around: &Around) -> Vec<impl IntoView + use<>> {
    let index = around
        .columns
        .iter()
        .position(|column| column.key == status);
    let at = |step: isize| {
        let index = index?.checked_add_signed(step)?;
        around.columns.get(index).cloned()
    };
    let (left, right) = (at(-1), at(1));
    let ids: Vec<i64> = cards.iter().map(|card| card.id).collect();
    cards
        .into_iter()
        .enumerate()
        .map(|(place, task)| {
            let moves = Moves {
                left: left.clone(),
                right: right.clone(),
                above: place.checked_sub(1).map(|place| ids[place]),
                below: ids.get(place + 1).copied(),
            };
            view! { <Card task moves around=around.clone() /> }
        })
        .collect()
}

/// The moves that a card can make from its place.
struct Moves {
    left: Option<Column>,
    right: Option<Column>,
    /// The card above it, and the one below.
    above: Option<i64>,
    below: Option<i64>,
}

#[component]
fn Card(task: Task, moves: Moves, around: Around) -> impl IntoView {
    let href = format!("/tasks/{}", task.id);
    let (anchor, back) = (task_anchor(task.id), at_task(&around.here, task.id));
    let assignee = task
        .assignee_id
        .and_then(|id| around.names.get(&id).cloned());
    view! {
        <li class="task-card" id=anchor tabindex="-1">
            <h3 class="task-card-title" lang=lang_of(&task.title)>
                <a href=href>{task.title.clone()}</a>
            </h3>
            <TaskLabels labels=task.labels.clone() />
            <div class="task-card-foot">
                <PriorityMark priority=task.priority />
                <DueMark task=task.clone() now=around.now />
                {assignee.map(|name| view! { <Avatar name /> })}
            </div>
            <MoveButtons task moves here=back />
        </li>
    }
}

/// Each button sends the card's target place, so that a second click finds it there already.
#[component]
fn MoveButtons(task: Task, moves: Moves, here: String) -> impl IntoView {
    let action = format!("/tasks/{}/move", task.id);
    let (own, title) = (task.status.clone(), task.title.as_str());
    let to = |column: &str| t!("tasks-move-to", column = column, title = title);
    let places = [
        moves
            .left
            .map(|column| (Icon::ChevronLeft, to(column.shown()), column.key, None)),
        moves.above.map(|id| {
            (
                Icon::ChevronUp,
                t!("tasks-move-up", title = title),
                own.clone(),
                Some(("above", id)),
            )
        }),
        moves.below.map(|id| {
            (
                Icon::ChevronDown,
                t!("tasks-move-down", title = title),
                own.clone(),
                Some(("below", id)),
            )
        }),
        moves
            .right
            .map(|column| (Icon::ChevronRight, to(column.shown()), column.key, None)),
    ];
    let buttons = places
        .into_iter()
        .flatten()
        .map(|(icon, label, status, beside)| {
            let icon = if status == DONE && own != DONE {
                Icon::Check
            } else {
                icon
            };
            let mut hidden = vec![
                ("status", status),
                ("version", task.version.to_string()),
                ("next", here.clone()),
            ];
            hidden.extend(beside.map(|(side, id)| (side, id.to_string())));
            view! {
                <ActForm action=action.clone() hidden>
                    <Button kind=ButtonKind::Quiet small=true icon label />
                </ActForm>
            }
        })
        .collect::<Vec<_>>();
    view! { <div class="task-card-move">{buttons}</div> }
}
