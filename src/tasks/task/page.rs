//! `/tasks/{id}`

use super::access::{board_of, may_place, sees_board, visible_task};
use crate::accounts::{User, find_names, viewer};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::markdown;
use crate::server::{app, page};
use crate::tasks::components::{ActForm, DueMark, PriorityMark, Refused, TaskLabels};
use crate::tasks::list::{CompleteButton, Options, assignable};
use crate::tasks::{Board, Task};
use crate::ui::{
    Avatar, Badge, Breadcrumbs, Button, Form, HiddenField, Icon, LinkButton, SelectField, Tone,
    When, lang_of,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use std::collections::HashMap;

/// Returns the id in the page's path; 0, which no task has, if it is not a number.
pub fn id_in_path() -> i64 {
    let params = use_params_map().get_untracked();
    let id = params.get("id").and_then(|id| id.parse().ok());
    id.unwrap_or_default()
}

#[component]
pub fn TaskPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let id = id_in_path();
    page(async move {
        let user = viewer.person()?.clone();
        let mut conn = app.db.read().await?;
        let task = visible_task(&mut conn, &user, id).await?;
        let board = board_of(&mut conn, &user, &task).await?;
        let people: Vec<i64> = [task.assignee_id, task.created_by]
            .into_iter()
            .flatten()
            .collect();
        let names = find_names(&mut conn, &people).await?;
        let people = with_present(assignable(&mut conn, &user).await?, &task, &names);
        let now = app.clock.now();
        Ok::<_, AppError>(view! { <TaskView task board names people user now /> })
    })
}

/// Returns the choices: nobody, the people assignable, and the current assignee.
pub fn with_present(people: Options, task: &Task, names: &HashMap<i64, String>) -> Options {
    let mut options = vec![(String::new(), t!("tasks-nobody").to_owned())];
    let present = task.assignee_id.and_then(|id| names.get_key_value(&id));
    let present = present.map(|(id, name)| (id.to_string(), name.clone()));
    let missing = present.filter(|(id, _)| people.iter().all(|(other, _)| other != id));
    options.extend(missing);
    options.extend(people);
    options
}

#[component]
fn TaskView(
    task: Task,
    board: Board,
    names: HashMap<i64, String>,
    people: Options,
    user: User,
    now: Timestamp,
) -> impl IntoView {
    let edit = format!("/tasks/{}/edit", task.id);
    let delete = format!("/tasks/{}/delete", task.id);
    let mut trail = vec![("/tasks".into(), t!("tasks-tasks").into())];
    if sees_board(&user, &board) {
        trail.push((
            format!("/boards/{}", board.id),
            board.name.shown().to_owned(),
        ));
    }
    let may_delete = may_place(&user, &task);
    let first = board.first_column().to_owned();
    view! {
        <Title text=task.title.clone() />
        <Breadcrumbs trail here=task.title.clone() />
        <div class="page-head">
            <h1 lang=lang_of(&task.title)>{task.title.clone()}</h1>
            <div class="actions">
                {if task.is_done() {
                    view! { <ReopenButton id=task.id first /> }.into_any()
                } else {
                    view! { <CompleteButton task=task.clone() next=String::new() words=true /> }.into_any()
                }}
                <LinkButton href=edit icon=Icon::Edit>{t!("tasks-edit")}</LinkButton>
                {may_delete
                    .then(|| {
                        view! {
                            <ActForm action=delete hidden=Vec::new()>
                                <Button icon=Icon::Trash>{t!("tasks-delete")}</Button>
                            </ActForm>
                        }
                    })}
            </div>
        </div>
        <Refused />
        <div class="task-page">
            <div class="task-main">
                <DescriptionView text=task.description.clone() />
            </div>
            <aside class="task-side" aria-label=t!("tasks-facts")>
                <Facts task=task.clone() board names now />
                <AssignForm task people user />
            </aside>
        </div>
    }
}

#[component]
fn DescriptionView(text: String) -> impl IntoView {
    if text.is_empty() {
        return view! { <p class="muted">{t!("tasks-no-description")}</p> }.into_any();
    }
    let lang = lang_of(&text);
    view! { <div class="prose" lang=lang inner_html=markdown::to_html(&text)></div> }.into_any()
}

#[component]
fn ReopenButton(id: i64, first: String) -> impl IntoView {
    let first: String = form_urlencoded::byte_serialize(first.as_bytes()).collect();
    view! {
        <ActForm action=format!("/tasks/{id}/reopen/{first}") hidden=Vec::new()>
            <Button icon=Icon::Undo>{t!("tasks-reopen")}</Button>
        </ActForm>
    }
}

#[component]
fn Facts(task: Task, board: Board, names: HashMap<i64, String>, now: Timestamp) -> impl IntoView {
    let column = board
        .column(&task.status)
        .map(|column| column.shown().to_owned());
    let tone = if task.is_done() {
        Tone::Good
    } else if board.first_column() == task.status {
        Tone::Neutral
    } else {
        Tone::Info
    };
    let person = |id: Option<i64>| id.and_then(|id| names.get(&id).cloned());
    let assignee = person(task.assignee_id).map_or_else(
        || t!("tasks-nobody").into_any(),
        |name| view! { <Avatar name=name.clone() decorative=true /> {name} }.into_any(),
    );
    let facts = vec![
        (
            t!("tasks-column"),
            view! { <Badge tone>{column}</Badge> }.into_any(),
        ),
        (t!("tasks-assignee"), assignee),
        (
            t!("tasks-priority"),
            match task.priority {
                crate::tasks::Priority::None => t!("tasks-none").into_any(),
                priority => view! { <PriorityMark priority /> }.into_any(),
            },
        ),
        (
            t!("tasks-due"),
            match task.due_at {
                None => t!("tasks-due-none").into_any(),
                Some(_) => view! { <DueMark task=task.clone() now /> }.into_any(),
            },
        ),
        (
            t!("tasks-labels"),
            match task.labels.is_empty() {
                true => t!("tasks-none").into_any(),
                false => view! { <TaskLabels labels=task.labels /> }.into_any(),
            },
        ),
        (
            t!("tasks-created-by"),
            person(task.created_by)
                .unwrap_or_else(|| "Guildhall".into())
                .into_any(),
        ),
        (
            t!("tasks-created"),
            view! { <When at=task.created_at /> }.into_any(),
        ),
        (
            t!("tasks-updated"),
            view! { <When at=task.updated_at /> }.into_any(),
        ),
    ];
    let facts = facts
        .into_iter()
        .map(|(name, value)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
        .collect::<Vec<_>>();
    view! { <dl class="task-facts">{facts}</dl> }
}

#[component]
fn AssignForm(task: Task, people: Options, user: User) -> impl IntoView {
    let action = format!("/tasks/{}/assign", task.id);
    let version = task.version.to_string();
    let mine = task.assignee_id == Some(user.id);
    let take = vec![
        ("assignee_id", user.id.to_string()),
        ("version", version.clone()),
    ];
    let assignee = task
        .assignee_id
        .map_or_else(String::new, |id| id.to_string());
    view! {
        <div class="stack">
            <Form action=action.clone() id="assign">
                <HiddenField name="version" value=version />
                <SelectField name="assignee_id" label=t!("tasks-assignee") value=assignee options=people />
                <div class="actions">
                    <Button small=true>{t!("tasks-assign")}</Button>
                </div>
            </Form>
            {(!mine)
                .then(|| {
                    view! {
                        <ActForm action hidden=take>
                            <Button small=true icon=Icon::User>
                                {t!("tasks-assign-me")}
                            </Button>
                        </ActForm>
                    }
                })}
        </div>
    }
}
