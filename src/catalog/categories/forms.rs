//! The forms on `/categories`.

use super::manage::{self, CategoryChange, NewCategory};
use crate::accounts::Staff;
use crate::error::{AppError, STALE};
use crate::i18n::t;
use crate::server::forms::{Fields, form, next_or, sent_translations};
use crate::server::{App, IdempotencyKey, Path, Posted, done};
use crate::ui::Flash;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;

const PAGE: &str = "/categories";

pub fn form_router() -> Router<App> {
    Router::new()
        .route(PAGE, post(create_form))
        .route("/categories/{id}", form(PAGE, update_form))
        .route("/categories/{id}/delete", form(PAGE, delete_form))
}

async fn create_form(
    State(app): State<App>,
    Staff(user): Staff,
    Posted(form): Posted<Fields>,
) -> Result<Response, AppError> {
    let input = NewCategory {
        name: form.text("name").to_owned(),
        name_translations: sent_translations(&form, "name"),
        language: form.text("language").parse().ok(),
        slug: form.text("slug").to_owned(),
    };
    let once = IdempotencyKey::from_field(form.text("idempotency_key"));
    let category = manage::create_category(&app, &user, &once, input).await?;
    let said = t!(
        "catalog-said-category-created",
        category = category.name.shown()
    );
    Ok(done(&next_or(form.text("next"), PAGE), Flash::good(said)))
}

async fn update_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
    Posted(form): Posted<Fields>,
) -> Result<Response, AppError> {
    let change = CategoryChange {
        name: Some(form.text("name").to_owned()),
        name_translations: sent_translations(&form, "name"),
        slug: Some(form.text("slug").to_owned()),
        version: Some(form.number("version")?),
    };
    let saved = manage::update_category(&app, &user, id, change.clone()).await;
    let category = match saved {
        // The second submit of a double click: the change has been made already.
        Err(refusal) if refusal.code == STALE => {
            let present = manage::find_changed_category(&app, id, &change).await?;
            present.ok_or(refusal)?
        }
        saved => saved?,
    };
    let said = t!(
        "catalog-said-category-saved",
        category = category.name.shown()
    );
    Ok(done(PAGE, Flash::good(said)))
}

async fn delete_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let category = manage::delete_category(&app, &user, id).await?;
    let said = t!(
        "catalog-said-category-deleted",
        category = category.name.shown()
    );
    Ok(done(PAGE, Flash::good(said)))
}
