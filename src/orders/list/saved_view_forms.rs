//! The forms that save a filter of the order list under a name, and delete it.

use super::filter::OrderQuery;
use super::saved_views::{create_view, delete_view};
use crate::accounts::Staff;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::forms::{form, next_or};
use crate::server::{App, Path, Posted, done};
use crate::ui::Flash;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

const LIST: &str = "/orders/all";

pub fn form_router() -> Router<App> {
    Router::new()
        .route("/orders/views", form(LIST, create_view_form))
        .route("/orders/views/{id}/delete", form(LIST, delete_view_form))
}

#[derive(Deserialize)]
struct NewViewForm {
    name: String,
    /// The query string of the list.
    #[serde(default)]
    query: String,
}

async fn create_view_form(
    State(app): State<App>,
    Staff(user): Staff,
    Posted(form): Posted<NewViewForm>,
) -> Result<Response, AppError> {
    let query: OrderQuery = serde_urlencoded::from_str(&form.query).unwrap_or_default();
    let view = create_view(&app, &user, &form.name, &query).await?;
    let said = Flash::good(t!("orders-view-saved", name = &view.name));
    Ok(done(&view.href(), said))
}

#[derive(Deserialize)]
struct DeleteViewForm {
    #[serde(default)]
    next: String,
}

async fn delete_view_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
    Posted(form): Posted<DeleteViewForm>,
) -> Result<Response, AppError> {
    let name = delete_view(&app, &user, id).await?;
    let said = Flash::good(t!("orders-view-deleted", name = name));
    Ok(done(&next_or(&form.next, LIST), said))
}
