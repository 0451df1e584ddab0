//! The forms that plan visits, on a study's settings page.

use super::manage::{NewVisit, add_visit, remove_visit};
use crate::accounts::Admin;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::forms::form_below;
use crate::server::{App, Path, Posted, done};
use crate::text::narrow;
use crate::trials::components::study_path;
use crate::trials::study::study_id;
use crate::ui::Flash;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

pub fn form_router() -> Router<App> {
    Router::new()
        .route("/trials/{code}/settings/visits", form_below(add_form))
        .route(
            "/trials/{code}/settings/remove-visit",
            form_below(remove_form),
        )
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct VisitForm {
    name: String,
    day: String,
    days_before: String,
    days_after: String,
    reason: String,
}

/// Reads a number of days as it is typed, on a Chinese or Japanese keyboard too. What is no number at all is as wrong as
/// one that is too small.
fn typed_days(text: &str) -> Option<i64> {
    let text = narrow(text);
    (!text.is_empty()).then(|| text.parse().unwrap_or(-1))
}

async fn add_form(
    State(app): State<App>,
    Admin(user): Admin,
    Path(code): Path<String>,
    Posted(form): Posted<VisitForm>,
) -> Result<Response, AppError> {
    let id = study_id(&app, &user, &code).await?;
    let input = NewVisit {
        name: form.name,
        day: typed_days(&form.day),
        days_before: typed_days(&form.days_before).unwrap_or_default(),
        days_after: typed_days(&form.days_after).unwrap_or_default(),
        reason: form.reason,
    };
    add_visit(&app, &user, id, &input).await?;
    let said = Flash::good(t!("trials-visit-added"));
    Ok(done(&study_path(&code, "settings"), said))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RemoveForm {
    /// The id of the visit.
    visit: String,
    reason: String,
}

async fn remove_form(
    State(app): State<App>,
    Admin(user): Admin,
    Path(code): Path<String>,
    Posted(form): Posted<RemoveForm>,
) -> Result<Response, AppError> {
    let id = study_id(&app, &user, &code).await?;
    let missing = || AppError::invalid("visit", t!("trials-visit-needed"));
    let visit = form.visit.parse().map_err(|_| missing())?;
    remove_visit(&app, &user, id, visit, &form.reason).await?;
    let said = Flash::good(t!("trials-visit-removed"));
    Ok(done(&study_path(&code, "settings"), said))
}
