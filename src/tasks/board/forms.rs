//! The forms on the boards' pages.

use super::manage::{self, BoardNames};
use crate::accounts::{Person, Staff};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::forms::{Fields, form, next_or, sent_translations};
use crate::server::{App, IdempotencyKey, Path, Posted, done};
use crate::tasks::components::said_of;
use crate::tasks::task::{NewTask, quick_add};
use crate::ui::Flash;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

pub fn form_router() -> Router<App> {
    Router::new()
        .route("/boards", post(create_form))
        .route("/boards/{id}/name", form("/boards", rename_form))
        .route("/boards/{id}/columns", form("/boards", add_column_form))
        .route(
            "/boards/{id}/columns/{key}/name",
            form("/boards", rename_column_form),
        )
        .route(
            "/boards/{id}/columns/{key}/remove",
            form("/boards", remove_column_form),
        )
        .route("/boards/{id}/cards/{key}", form("/boards", add_card_form))
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

/// Returns the board names entered in a form.
fn names(form: &Fields) -> BoardNames {
    BoardNames {
        name: form.text("name").to_owned(),
        name_translations: sent_translations(form, "name"),
        language: form.text("language").parse().ok(),
    }
}

async fn create_form(
    State(app): State<App>,
    Staff(user): Staff,
    Posted(form): Posted<Fields>,
) -> Result<Response, AppError> {
    let once = IdempotencyKey::from_field(form.text("idempotency_key"));
    let board = manage::create_board(&app, &user, &once, names(&form)).await?;
    let said = Flash::good(t!("tasks-board-new-done", board = board.name.shown()));
    Ok(done(&format!("/boards/{}", board.id), said))
}

async fn rename_form(
    State(app): State<App>,
    _: Staff,
    Path(id): Path<i64>,
    Posted(form): Posted<Fields>,
) -> Result<Response, AppError> {
    let board = manage::rename_board(&app, id, names(&form)).await?;
    let said = Flash::good(t!("tasks-board-rename-done", board = board.name.shown()));
    Ok(done(&format!("/boards/{id}"), said))
}

async fn add_column_form(
    State(app): State<App>,
    _: Staff,
    Path(id): Path<i64>,
    Posted(form): Posted<Name>,
) -> Result<Response, AppError> {
    manage::add_column(&app, id, &form.name).await?;
    Ok(done(
        &format!("/boards/{id}"),
        Flash::good(t!("tasks-column-add-done")),
    ))
}

async fn rename_column_form(
    State(app): State<App>,
    _: Staff,
    Path((id, key)): Path<(i64, String)>,
    Posted(form): Posted<Name>,
) -> Result<Response, AppError> {
    manage::rename_column(&app, id, &key, &form.name).await?;
    Ok(done(
        &format!("/boards/{id}"),
        Flash::good(t!("tasks-column-rename-done")),
    ))
}

async fn remove_column_form(
    State(app): State<App>,
    _: Staff,
    Path((id, key)): Path<(i64, String)>,
) -> Result<Response, AppError> {
    let column = manage::remove_column(&app, id, &key).await?;
    let said = Flash::good(t!("tasks-column-remove-done", column = column.shown()));
    Ok(done(&format!("/boards/{id}"), said))
}

#[derive(Deserialize)]
struct CardForm {
    title: String,
    #[serde(default)]
    next: String,
    #[serde(default)]
    idempotency_key: String,
}

async fn add_card_form(
    State(app): State<App>,
    Person(user): Person,
    Path((id, key)): Path<(i64, String)>,
    Posted(form): Posted<CardForm>,
) -> Result<Response, AppError> {
    let rest = NewTask {
        board_id: Some(id),
        status: Some(key),
        ..Default::default()
    };
    let once = IdempotencyKey::from_field(&form.idempotency_key);
    let added = quick_add(&app, &user, &once, &form.title, rest).await?;
    let next = next_or(&form.next, &format!("/boards/{id}"));
    Ok(done(&next, said_of(&added)))
}
