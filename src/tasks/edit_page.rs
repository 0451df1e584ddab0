//! `/tasks/new` and `/tasks/{id}/edit`

use super::access::{board, visible_task};
use super::board_store::list_boards;
use super::list_page::{MOST_BOARDS, query_of_page};
use super::task_page::{id_in_path, with_present};
use super::toolbar::{Options, assignable, board_options, column_options, priority_options};
use super::{Task, date_of};
use crate::accounts::find_names;
use crate::error::{AppError, STALE};
use crate::markdown;
use crate::server::{Once, app, page, viewer};
use crate::ui::{
    Alert, Breadcrumbs, Button, ButtonKind, Form, HiddenField, LinkButton, Refusal, SelectField,
    TextArea, TextField, Tone,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/tasks/new?board_id=&status=`
#[component]
pub fn NewTaskPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let query = query_of_page();
    page(async move {
        let user = viewer.person()?.clone();
        let mut conn = app.db.read().await?;
        let boards = list_boards(&mut conn, 0, MOST_BOARDS).await?;
        let mut people = vec![(String::new(), "Nobody".to_owned())];
        people.extend(assignable(&mut conn, &user).await?);
        let choices = Choices {
            boards: board_options(&boards),
            columns: Vec::new(),
            people,
        };
        Ok::<_, AppError>(view! {
            <Title text="New task" />
            <Breadcrumbs trail=vec![("/tasks".into(), "Tasks".into())] here="New task" />
            <div class="page-head">
                <h1>"New task"</h1>
            </div>
            <div class="page-narrow">
                <Form action="/tasks/new">
                    <HiddenField name="once" value=Once::new_key() />
                    <TaskFields task=None choices board=query.board_id />
                    <div class="actions">
                        <Button kind=ButtonKind::Primary>"Make the task"</Button>
                        <LinkButton href="/tasks">"Cancel"</LinkButton>
                    </div>
                </Form>
            </div>
        })
    })
}

/// What the lists in the form hold. Those that are empty are left out.
#[derive(Clone)]
struct Choices {
    boards: Options,
    columns: Options,
    people: Options,
}

/// `/tasks/{id}/edit`. After a stale edit it shows both versions, and the form with what was typed.
#[component]
pub fn EditTaskPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let id = id_in_path();
    let action = format!("/tasks/{id}/edit");
    let stale = use_context::<Refusal>()
        .filter(|refusal| refusal.action == action && refusal.error.code == STALE)
        .is_some();
    page(async move {
        let user = viewer.person()?.clone();
        let mut conn = app.db.read().await?;
        let task = visible_task(&mut conn, &user, id).await?;
        let board = board(&mut conn, task.board_id).await?;
        let present: Vec<i64> = task.assignee_id.into_iter().collect();
        let names = find_names(&mut conn, &present).await?;
        let people = with_present(assignable(&mut conn, &user).await?, &task, &names);
        let choices = Choices {
            boards: Vec::new(),
            columns: column_options(&[board]),
            people,
        };
        let (title, href) = (task.title.clone(), format!("/tasks/{id}"));
        let trail = vec![
            ("/tasks".into(), "Tasks".into()),
            (href.clone(), title.clone()),
        ];
        Ok::<_, AppError>(view! {
            <Title text=format!("Edit: {title}") />
            <Breadcrumbs trail here="Edit" />
            <div class="page-head">
                <h1>"Edit the task"</h1>
            </div>
            {if stale {
                view! { <BothVersions task choices action href /> }.into_any()
            } else {
                view! {
                    <div class="page-narrow">
                        <EditForm task choices action href save="Save" />
                    </div>
                }
                    .into_any()
            }}
        })
    })
}

#[component]
fn EditForm(
    task: Task,
    choices: Choices,
    action: String,
    href: String,
    save: &'static str,
) -> impl IntoView {
    // Always the present version: who saves after seeing both has decided.
    let version = task.version.to_string();
    view! {
        <Form action>
            <HiddenField name="version" value=version />
            <TaskFields task=Some(task) choices board=String::new() />
            <div class="actions">
                <Button kind=ButtonKind::Primary>{save}</Button>
                <LinkButton href>"Cancel"</LinkButton>
            </div>
        </Form>
    }
}

#[component]
fn BothVersions(task: Task, choices: Choices, action: String, href: String) -> impl IntoView {
    view! {
        <Alert tone=Tone::Warn title="Both versions are here">
            "Nothing you typed is lost. Take over from the saved version what you want to keep, then save yours over it."
        </Alert>
        <div class="versions">
            <section class="card" aria-labelledby="saved-version">
                <h2 class="card-title" id="saved-version">
                    "Saved in the meantime"
                </h2>
                <SavedVersion task=task.clone() choices=choices.clone() />
            </section>
            <section class="card" aria-labelledby="your-version">
                <h2 class="card-title" id="your-version">
                    "Your version"
                </h2>
                <EditForm task choices action href save="Save my version" />
            </section>
        </div>
    }
}

#[component]
fn SavedVersion(task: Task, choices: Choices) -> impl IntoView {
    let words = |options: &Options, value: &str| {
        let found = options.iter().find(|(option, _)| option == value);
        found.map_or_else(|| value.to_owned(), |(_, words)| words.clone())
    };
    let assignee = task
        .assignee_id
        .map_or_else(String::new, |id| id.to_string());
    let facts = [
        ("Title", task.title),
        ("Column", words(&choices.columns, &task.status)),
        ("Priority", task.priority.label().to_owned()),
        ("Assignee", words(&choices.people, &assignee)),
        (
            "Due",
            task.due_at.map_or_else(|| "No date".to_owned(), date_of),
        ),
        ("Labels", task.labels.join(", ")),
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
    view! {
        <dl class="task-facts">{facts}</dl>
        <div class="prose" inner_html=markdown::to_html(&task.description)></div>
    }
}

#[component]
fn TaskFields(task: Option<Task>, choices: Choices, board: String) -> impl IntoView {
    let task_or = |read: fn(&Task) -> String| task.as_ref().map(read).unwrap_or_default();
    let due = task_or(|task| task.due_at.map_or_else(String::new, date_of));
    let assignee = task_or(|task| {
        task.assignee_id
            .map_or_else(String::new, |id| id.to_string())
    });
    let priority = task.as_ref().map(|task| task.priority).unwrap_or_default();
    let Choices {
        boards,
        columns,
        people,
    } = choices;
    view! {
        <TextField name="title" label="Title" value=task_or(|task| task.title.clone()) required=true maxlength=200_u32 />
        <TextArea
            name="description"
            label="Description"
            hint="Markdown: **bold**, - lists, [links](https://example.com)."
            value=task_or(|task| task.description.clone())
            rows=8
            maxlength=20_000_u32
        />
        <div class="field-row">
            {(!boards.is_empty())
                .then(|| view! { <SelectField name="board_id" label="Board" value=board options=boards /> })}
            {(!columns.is_empty())
                .then(|| {
                    let status = task_or(|task| task.status.clone());
                    view! { <SelectField name="status" label="Column" value=status options=columns /> }
                })}
            <SelectField name="priority" label="Priority" value=priority.as_str() options=priority_options() />
            <SelectField name="assignee_id" label="Assignee" value=assignee options=people />
            <TextField name="due_at" label="Due" kind="date" value=due />
        </div>
        <TextField
            name="labels"
            label="Labels"
            hint="Up to ten, with commas between them."
            value=task_or(|task| task.labels.join(", "))
        />
    }
}
