//! `/tasks/new` and `/tasks/{id}/edit`

use super::access::{board_of, boards_of, visible_task};
use super::page::{id_in_path, with_present};
use crate::accounts::{find_names, viewer};
use crate::error::{AppError, STALE};
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
            // Theirs is the only one, and made where it is not there yet.
            false => Vec::new(),
        };
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
                    <HiddenField name="once" value=IdempotencyKey::new_key() />
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
            ("/tasks".into(), "Tasks".into()),
            (href.clone(), title.clone()),
        ];
        Ok::<_, AppError>(view! {
            <Title text=format!("Edit: {title}") />
            <Breadcrumbs trail here="Edit" />
            <div class="page-head">
                <h1>"Edit the task"</h1>
            </div>
            {match stale {
                Some(refusal) => view! { <BothVersions refusal task choices href /> }.into_any(),
                None => {
                    view! {
                        <div class="page-narrow">
                            <EditForm task choices action href save="Save" />
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
    /// Whether they have seen what is saved now: then they may save over it.
    #[prop(optional)]
    seen: bool,
) -> impl IntoView {
    view! {
        <Form action>
            <BasedOn task=task.clone() seen />
            <TaskFields task=Some(task) choices board=String::new() />
            <div class="actions">
                <Button kind=ButtonKind::Primary>{save}</Button>
                <LinkButton href>"Cancel"</LinkButton>
            </div>
        </Form>
    }
}

/// The version that an edit starts from, and what its fields held then. After a refusal still that one:
/// what others did in the meantime has to be noticed at the next try as well.
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

/// What the fields of an edit hold, by their names.
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
        <Alert tone=Tone::Warn title="Both versions are here">
            "Nothing you typed is lost, and what you did not touch is as it is saved now. Take over from the saved version what you want to keep, then save yours over it."
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
                <EditForm task choices action href save="Save my version" seen=true />
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
            task.due_at.map_or_else(|| "No date".to_owned(), moment),
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
        <TextField name="title" label="Title" value=field("title") required=true maxlength=200_u32 />
        <TextArea
            name="description"
            label="Description"
            hint="Markdown: **bold**, - lists, [links](https://example.com)."
            value=field("description")
            rows=8
            maxlength=20_000_u32
        />
        <div class="field-row">
            {(!boards.is_empty())
                .then(|| view! { <SelectField name="board_id" label="Board" value=board options=boards /> })}
            {(!columns.is_empty())
                .then(|| {
                    view! { <SelectField name="status" label="Column" value=field("status") options=columns /> }
                })}
            <SelectField name="priority" label="Priority" value=priority.as_str() options=priority_options() />
            <SelectField name="assignee_id" label="Assignee" value=field("assignee_id") options=people />
            <TextField name="due_at" label="Due on (UTC)" kind="date" value=field("due_at") />
            <TextField
                name="due_time"
                label="At (UTC)"
                kind="time"
                hint="The end of the day where empty."
                value=field("due_time")
            />
        </div>
        <TextField
            name="labels"
            label="Labels"
            hint="Up to ten, with commas between them."
            value=field("labels")
        />
    }
}
