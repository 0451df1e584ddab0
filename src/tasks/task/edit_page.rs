//! `/tasks/new` and `/tasks/{id}/edit`

use super::access::{board_of, boards_of, visible_task};
use super::page::{id_in_path, with_present};
use crate::accounts::{find_names, viewer};
use crate::error::{AppError, STALE};
use crate::i18n::t;
use crate::markdown;
use crate::server::{IdempotencyKey, app, page};
use crate::tasks::list::{
    Options, assignable, board_options, column_options, priority_options, query_of_page,
};
use crate::tasks::{Task, date_of, time_of};
use crate::ui::{
    Alert, Breadcrumbs, Button, ButtonKind, Form, FormScope, HiddenField, LinkButton, Originals,
    Refusal, SelectField, TextArea, TextField, Tone, merged, moment,
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
        let boards = match user.role.is_staff() {
            true => boards_of(&mut conn, &user).await?,
            // A customer's board is the only one, and is created if missing.
            false => Vec::new(),
        };
        let mut people = vec![(String::new(), t!("tasks-nobody").to_owned())];
        people.extend(assignable(&mut conn, &user).await?);
        let choices = Choices {
            boards: board_options(&boards),
            columns: Vec::new(),
            people,
        };
        Ok::<_, AppError>(view! {
            <Title text=t!("tasks-new") />
            <Breadcrumbs trail=vec![("/tasks".into(), t!("tasks-tasks").into())] here=t!("tasks-new") />
            <div class="page-head">
                <h1>{t!("tasks-new")}</h1>
            </div>
            <div class="page-narrow">
                <Form action="/tasks/new">
                    <HiddenField name="idempotency_key" value=IdempotencyKey::new_key() />
                    <TaskFields task=None choices board=query.board_id />
                    <div class="actions">
                        <Button kind=ButtonKind::Primary>{t!("tasks-new-submit")}</Button>
                        <LinkButton href="/tasks">{t!("tasks-cancel")}</LinkButton>
                    </div>
                </Form>
            </div>
        })
    })
}

/// The choices of the form's lists. Empty ones are left out.
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
        .filter(|refusal| refusal.action == action && refusal.error.code == STALE);
    page(async move {
        let user = viewer.person()?.clone();
        let mut conn = app.db.read().await?;
        let task = visible_task(&mut conn, &user, id).await?;
        let board = board_of(&mut conn, &user, &task).await?;
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
            ("/tasks".into(), t!("tasks-tasks").into()),
            (href.clone(), title.clone()),
        ];
        Ok::<_, AppError>(view! {
            <Title text=t!("tasks-edit-title", title = title.as_str()) />
            <Breadcrumbs trail here=t!("tasks-edit") />
            <div class="page-head">
                <h1>{t!("tasks-edit-heading")}</h1>
            </div>
            {match stale {
                Some(refusal) => view! { <BothVersions refusal task choices href /> }.into_any(),
                None => {
                    view! {
                        <div class="page-narrow">
                            <EditForm task choices action href save=t!("tasks-save") />
                        </div>
                    }
                        .into_any()
                }
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
    /// True if the viewer has seen the saved version: then they may overwrite it.
    #[prop(optional)]
    seen: bool,
) -> impl IntoView {
    view! {
        <Form action>
            <BasedOn task=task.clone() seen />
            <TaskFields task=Some(task) choices board=String::new() />
            <div class="actions">
                <Button kind=ButtonKind::Primary>{save}</Button>
                <LinkButton href>{t!("tasks-cancel")}</LinkButton>
            </div>
        </Form>
    }
}

/// The version that an edit is based on, and its field values. Kept after a refusal: what others changed in
/// the meantime has to be noticed at the next try as well.
#[component]
fn BasedOn(task: Task, seen: bool) -> impl IntoView {
    let present = task.version.to_string();
    let version = match seen {
        true => present,
        false => FormScope::current().value("version", present),
    };
    view! {
        <HiddenField name="version" value=version />
        <Originals fields=fields_of(&task) seen />
    }
}

/// Returns the values of an edit's fields, by name.
fn fields_of(task: &Task) -> Vec<(&'static str, String)> {
    let assignee = task.assignee_id;
    vec![
        ("title", task.title.clone()),
        ("description", task.description.clone()),
        ("status", task.status.clone()),
        ("priority", task.priority.as_str().to_owned()),
        (
            "assignee_id",
            assignee.map_or_else(String::new, |id| id.to_string()),
        ),
        ("due_at", task.due_at.map_or_else(String::new, date_of)),
        ("due_time", task.due_at.map_or_else(String::new, time_of)),
        ("labels", task.labels.join(", ")),
    ]
}

#[component]
fn BothVersions(refusal: Refusal, task: Task, choices: Choices, href: String) -> impl IntoView {
    let action = refusal.action.clone();
    provide_context(Refusal {
        typed: merged(&refusal.typed, &fields_of(&task)),
        ..refusal
    });
    view! {
        <Alert tone=Tone::Warn title=t!("tasks-both")>
            {t!("tasks-both-advice")}
        </Alert>
        <div class="versions">
            <section class="card" aria-labelledby="saved-version">
                <h2 class="card-title" id="saved-version">
                    {t!("tasks-both-saved")}
                </h2>
                <SavedVersion task=task.clone() choices=choices.clone() />
            </section>
            <section class="card" aria-labelledby="your-version">
                <h2 class="card-title" id="your-version">
                    {t!("tasks-both-yours")}
                </h2>
                <EditForm task choices action href save=t!("tasks-both-save") seen=true />
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
        (t!("tasks-title"), task.title),
        (t!("tasks-column"), words(&choices.columns, &task.status)),
        (t!("tasks-priority"), task.priority.label().to_owned()),
        (t!("tasks-assignee"), words(&choices.people, &assignee)),
        (
            t!("tasks-due"),
            task.due_at
                .map_or_else(|| t!("tasks-due-none").to_owned(), moment),
        ),
        (t!("tasks-labels"), task.labels.join(", ")),
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
    let fields = task.as_ref().map(fields_of).unwrap_or_default();
    let field = |name: &str| {
        let found = fields.iter().find(|(field, _)| *field == name);
        found.map_or_else(String::new, |(_, value)| value.clone())
    };
    let priority = task.as_ref().map(|task| task.priority).unwrap_or_default();
    let Choices {
        boards,
        columns,
        people,
    } = choices;
    view! {
        <TextField name="title" label=t!("tasks-title") value=field("title") required=true maxlength=200_u32 />
        <TextArea
            name="description"
            label=t!("tasks-description")
            hint=t!("tasks-description-hint")
            value=field("description")
            rows=8
            maxlength=20_000_u32
        />
        <div class="field-row">
            {(!boards.is_empty())
                .then(|| view! { <SelectField name="board_id" label=t!("tasks-board") value=board options=boards /> })}
            {(!columns.is_empty())
                .then(|| {
                    view! { <SelectField name="status" label=t!("tasks-column") value=field("status") options=columns /> }
                })}
            <SelectField name="priority" label=t!("tasks-priority") value=priority.as_str() options=priority_options() />
            <SelectField name="assignee_id" label=t!("tasks-assignee") value=field("assignee_id") options=people />
            <TextField name="due_at" label=t!("tasks-due-on") kind="date" value=field("due_at") />
            <TextField
                name="due_time"
                label=t!("tasks-due-at")
                kind="time"
                hint=t!("tasks-due-at-hint")
                value=field("due_time")
            />
        </div>
        <TextField
            name="labels"
            label=t!("tasks-labels")
            hint=t!("tasks-labels-hint")
            value=field("labels")
        />
    }
}
