//! The forms on the task pages.

use super::components::said_of;
use super::task::{
    NewTask, Place, TaskChange, assign_task, complete_task, create_task, delete_task, move_task,
    quick_add, restore_task, sees, update_task,
};
use super::{DONE, Task, board, join_due};
use crate::accounts::{Person, User};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::forms::{form, next_or, same_site_referer};
use crate::server::{App, Field, IdempotencyKey, Path, Posted, done};
use crate::ui::Flash;
use axum::Router;
use axum::extract::State;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

pub fn router() -> Router<App> {
    Router::new()
        .route("/tasks", post(quick_add_form))
        .route("/tasks/new", post(create_form))
        .route("/tasks/{id}/edit", post(update_form))
        .route("/tasks/{id}/move", form("/tasks", move_form))
        .route("/tasks/{id}/complete", form("/tasks", complete_form))
        .route("/tasks/{id}/reopen/{status}", form("/tasks", reopen_form))
        .route("/tasks/{id}/assign", form("/tasks", assign_form))
        .route("/tasks/{id}/delete", form("/tasks", delete_form))
        .route("/tasks/{id}/restore", form("/tasks", restore_form))
        .merge(board::form_router())
}

/// Parses an id chosen from a list; `None` if nothing was chosen.
fn chosen_id(field: &str, text: &str) -> Result<Option<i64>, AppError> {
    match text {
        "" => Ok(None),
        text => {
            let wrong = |_| AppError::invalid(field, t!("tasks-choose"));
            text.parse().map(Some).map_err(wrong)
        }
    }
}

fn non_empty(text: String) -> Option<String> {
    (!text.trim().is_empty()).then_some(text)
}

/// Returns the address of the task, or of the list if this user no longer sees the task.
fn page_of(user: &User, task: &Task) -> String {
    if sees(user, task) {
        format!("/tasks/{}", task.id)
    } else {
        "/tasks".to_owned()
    }
}

#[derive(Deserialize)]
struct QuickAddForm {
    title: String,
    #[serde(default)]
    board_id: String,
    #[serde(default)]
    assignee_id: String,
    #[serde(default)]
    next: String,
    #[serde(default)]
    idempotency_key: String,
}

async fn quick_add_form(
    State(app): State<App>,
    Person(user): Person,
    Posted(form): Posted<QuickAddForm>,
) -> Result<Response, AppError> {
    let rest = NewTask {
        board_id: chosen_id("board_id", &form.board_id)?,
        assignee_id: chosen_id("assignee_id", &form.assignee_id)?,
        ..Default::default()
    };
    let once = IdempotencyKey::from_field(&form.idempotency_key);
    let added = quick_add(&app, &user, &once, &form.title, rest).await?;
    Ok(done(&next_or(&form.next, "/tasks"), said_of(&added)))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TaskForm {
    title: String,
    description: String,
    board_id: String,
    status: String,
    priority: String,
    assignee_id: String,
    due_at: String,
    due_time: String,
    /// The values of the two fields when the form was made.
    was_due_at: Option<String>,
    was_due_time: Option<String>,
    labels: String,
    idempotency_key: String,
    version: Option<i64>,
}

impl TaskForm {
    /// Absent if the fields were not touched: an instant may be finer than they can express.
    fn due(&self) -> Field<String> {
        let was = (self.was_due_at.as_deref(), self.was_due_time.as_deref());
        if was == (Some(&*self.due_at), Some(&*self.due_time)) {
            return Field::Absent;
        }
        Field::sent(join_due(&self.due_at, &self.due_time))
    }
}

async fn create_form(
    State(app): State<App>,
    Person(user): Person,
    Posted(form): Posted<TaskForm>,
) -> Result<Response, AppError> {
    let input = NewTask {
        title: form.title,
        description: form.description,
        board_id: chosen_id("board_id", &form.board_id)?,
        status: non_empty(form.status),
        priority: non_empty(form.priority),
        assignee_id: chosen_id("assignee_id", &form.assignee_id)?,
        due_at: join_due(&form.due_at, &form.due_time),
        labels: form.labels.split(',').map(str::to_owned).collect(),
        position: None,
    };
    let once = IdempotencyKey::from_field(&form.idempotency_key);
    let task = create_task(&app, &user, &once, input).await?;
    Ok(done(
        &page_of(&user, &task),
        Flash::good(t!("tasks-new-done")),
    ))
}

async fn update_form(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Posted(form): Posted<TaskForm>,
) -> Result<Response, AppError> {
    let due_at = form.due();
    let choice = |text: String| non_empty(text).map_or(Field::Absent, Field::Value);
    let change = TaskChange {
        title: Field::Value(form.title),
        description: Field::Value(form.description),
        status: choice(form.status),
        priority: choice(form.priority),
        assignee_id: Field::sent(chosen_id("assignee_id", &form.assignee_id)?),
        due_at,
        labels: Field::Value(form.labels.split(',').map(str::to_owned).collect()),
        version: form.version,
        ..Default::default()
    };
    let task = update_task(&app, &user, id, change).await?;
    Ok(done(
        &page_of(&user, &task),
        Flash::good(t!("tasks-edit-done")),
    ))
}

#[derive(Deserialize)]
struct MoveForm {
    status: String,
    #[serde(default)]
    above: Option<i64>,
    #[serde(default)]
    below: Option<i64>,
    version: i64,
    #[serde(default)]
    next: String,
}

async fn move_form(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Posted(form): Posted<MoveForm>,
) -> Result<Response, AppError> {
    let place = match (form.above, form.below) {
        (Some(other), _) => Place::Above(other),
        (None, Some(other)) => Place::Below(other),
        (None, None) => Place::Anywhere,
    };
    let task = move_task(&app, &user, id, &form.status, place, Some(form.version)).await?;
    Ok(done(&next_or(&form.next, &page_of(&user, &task)), None))
}

#[derive(Deserialize)]
struct ActForm {
    version: i64,
    #[serde(default)]
    next: String,
    /// The column it was in, for the undo.
    #[serde(default)]
    status: String,
}

async fn complete_form(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Posted(form): Posted<ActForm>,
) -> Result<Response, AppError> {
    let task = complete_task(&app, &user, id, Some(form.version)).await?;
    let mut said = Flash::good(t!("tasks-complete-done", title = task.title.as_str()));
    if !form.status.is_empty() && form.status != DONE {
        let status: String = form_urlencoded::byte_serialize(form.status.as_bytes()).collect();
        said = said.with_undo(format!("/tasks/{id}/reopen/{status}"), t!("tasks-undo"));
    }
    Ok(done(&next_or(&form.next, &page_of(&user, &task)), said))
}

async fn reopen_form(
    State(app): State<App>,
    Person(user): Person,
    Path((id, status)): Path<(i64, String)>,
) -> Result<Response, AppError> {
    let task = move_task(&app, &user, id, &status, Place::Anywhere, None).await?;
    let said = Flash::good(t!("tasks-reopen-done", title = task.title.as_str()));
    Ok(done(&page_of(&user, &task), said))
}

#[derive(Deserialize)]
struct AssignForm {
    assignee_id: String,
    version: i64,
}

async fn assign_form(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Posted(form): Posted<AssignForm>,
) -> Result<Response, AppError> {
    let assignee = chosen_id("assignee_id", &form.assignee_id)?;
    let task = assign_task(&app, &user, id, assignee, Some(form.version)).await?;
    let said = match task.assignee_id {
        Some(id) if id == user.id => t!("tasks-assign-done-me"),
        Some(_) => t!("tasks-assign-done"),
        None => t!("tasks-assign-done-nobody"),
    };
    Ok(done(&page_of(&user, &task), Flash::good(said)))
}

async fn delete_form(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    parts: Parts,
) -> Result<Response, AppError> {
    let task = delete_task(&app, &user, id).await?;
    let said = Flash::good(t!("tasks-delete-done", title = task.title.as_str()));
    let said = said.with_undo(format!("/tasks/{id}/restore"), t!("tasks-undo"));
    // The task's own pages are gone: from there redirect to its board, from elsewhere back.
    let own = format!("/tasks/{id}");
    let from = same_site_referer(&parts).filter(|from| {
        let rest = from.path().strip_prefix(&*own);
        rest.is_none_or(|rest| !rest.is_empty() && !rest.starts_with('/'))
    });
    let back = from.map_or_else(
        || format!("/boards/{}", task.board_id),
        |from| from.to_string(),
    );
    Ok(done(&back, said))
}

async fn restore_form(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let task = restore_task(&app, &user, id).await?;
    let said = Flash::good(t!("tasks-restore-done", title = task.title.as_str()));
    Ok(done(&page_of(&user, &task), said))
}
