//! The forms on the pages of subjects.

use super::register::{NewSubject, register_subject, visible_subject};
use super::store::find_subject_numbered;
use super::update::{SubjectChange, update_subject};
use crate::accounts::{Person, User};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::forms::form_below;
use crate::server::{App, Field, IdempotencyKey, Path, Posted, done};
use crate::text::narrow;
use crate::trials::access::visible_study_called;
use crate::trials::components::study_path;
use crate::ui::Flash;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;
use serde_json::Value;

pub fn form_router() -> Router<App> {
    Router::new()
        .route("/trials/{code}/subjects/new", post(register_form))
        .route(
            "/trials/{code}/subjects/{number}/edit",
            form_below(edit_form),
        )
        .route(
            "/trials/{code}/subjects/{number}/status",
            form_below(status_form),
        )
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NewSubjectForm {
    name: String,
    age: String,
    sex: String,
    site: String,
    arm: String,
    idempotency_key: String,
}

/// Reads a whole number as it is typed, on a Chinese or Japanese keyboard too; what is none stays a text.
fn typed_number(text: &str) -> Value {
    let text = narrow(text);
    match (text.is_empty(), text.parse::<i64>()) {
        (true, _) => Value::Null,
        (_, Ok(number)) => number.into(),
        (_, Err(_)) => text.into(),
    }
}

async fn register_form(
    State(app): State<App>,
    Person(user): Person,
    Path(code): Path<String>,
    Posted(form): Posted<NewSubjectForm>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let (study, rights) = visible_study_called(&mut conn, &user, &code).await?;
    drop(conn);
    rights.check_coordinates()?;
    let input = NewSubject {
        name: form.name.into(),
        age: typed_number(&form.age),
        project_id: study.id.into(),
        sex: form.sex.into(),
        site: form.site.into(),
        arm: form.arm.into(),
    };
    let once = IdempotencyKey::from_field(&form.idempotency_key);
    let (subject, _) = register_subject(&app, &user, &once, input).await?;
    let said = Flash::good(t!("trials-register-done", number = subject.number.as_str()));
    let path = format!("subjects/{}", subject.number);
    Ok(done(&study_path(&study.code, &path), said))
}

/// Returns the id of the subject that the page is about, if the user may see it.
pub async fn subject_id(app: &App, user: &User, code: &str, number: &str) -> Result<i64, AppError> {
    let missing = || AppError::not_found("subject");
    let mut conn = app.db.read().await?;
    let (study, _) = visible_study_called(&mut conn, user, code).await?;
    let found = find_subject_numbered(&mut conn, number).await?;
    let found = found.filter(|subject| subject.study_id == study.id);
    let (subject, _) = visible_subject(&mut conn, user, found.ok_or_else(missing)?.id).await?;
    Ok(subject.id)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct EditForm {
    name: String,
    age: String,
    sex: String,
    /// Absent where the study has no arms.
    arm: Option<String>,
    version: Option<i64>,
    reason: String,
}

async fn edit_form(
    State(app): State<App>,
    Person(user): Person,
    Path((code, number)): Path<(String, String)>,
    Posted(form): Posted<EditForm>,
) -> Result<Response, AppError> {
    let id = subject_id(&app, &user, &code, &number).await?;
    // What is no number at all is as wrong as one that is too small.
    let age = typed_number(&form.age).as_i64().unwrap_or_default();
    let change = SubjectChange {
        name: Some(form.name),
        age: Some(age),
        sex: Some(form.sex),
        arm: match form.arm {
            None => Field::Absent,
            Some(arm) if arm.is_empty() => Field::Null,
            Some(arm) => Field::Value(arm),
        },
        version: form.version,
        reason: form.reason,
        ..Default::default()
    };
    update_subject(&app, &user, id, change).await?;
    let said = Flash::good(t!("trials-saved"));
    Ok(done(
        &study_path(&code, &format!("subjects/{number}")),
        said,
    ))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct StatusForm {
    status: String,
    /// Chosen at enrolment.
    arm: String,
    version: Option<i64>,
    reason: String,
}

async fn status_form(
    State(app): State<App>,
    Person(user): Person,
    Path((code, number)): Path<(String, String)>,
    Posted(form): Posted<StatusForm>,
) -> Result<Response, AppError> {
    let id = subject_id(&app, &user, &code, &number).await?;
    let change = SubjectChange {
        status: Some(form.status),
        arm: match form.arm.is_empty() {
            true => Field::Absent,
            false => Field::Value(form.arm),
        },
        version: form.version,
        reason: form.reason,
        ..Default::default()
    };
    let subject = update_subject(&app, &user, id, change).await?;
    let said = t!(
        "trials-status-done",
        number = number.as_str(),
        status = subject.status.label()
    );
    Ok(done(
        &study_path(&code, &format!("subjects/{number}")),
        Flash::good(said),
    ))
}
