//! `/api/v1/subjects`

use super::body::SubjectBody;
use super::register::NewSubject;
use super::update::{self, SubjectChange};
use super::wire::{SubjectQuery, create_subject_body, list_subject_bodies, read_subject_body};
use crate::accounts::Person;
use crate::error::AppError;
use crate::server::{
    App, Cursor, IdempotencyKey, Json, PageOf, Path, Query, created, no_content, ok, page_size,
};
use crate::trials::rpc::Caller;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn api_router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_subjects, create_subject))
        .routes(routes!(read_subject, update_subject, withdraw_subject))
}

/// Register a subject in a study whose coordinator you are. All faults are told at once. A repeated request with the
/// same `Idempotency-Key` returns the subject registered the first time.
#[utoipa::path(post, path = "/subjects", tag = "trials", request_body = NewSubject,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = SubjectBody), (status = 401, description = "Nobody is signed in"),
              (status = 409, description = "The study is not open"),
              (status = 422, description = "A field is at fault, or the study is none of yours")))]
async fn create_subject(
    State(app): State<App>,
    Person(user): Person,
    caller: Caller,
    once: IdempotencyKey,
    Json(input): Json<NewSubject>,
) -> Result<Response, AppError> {
    let body = match &app.subject_gateway {
        Some(gateway) => gateway.create(&caller, &once, &input).await?,
        None => create_subject_body(&app, &user, &once, input).await?,
    };
    Ok(created(&format!("/api/v1/subjects/{}", body.id), body))
}

/// One subject. Its name is for coordinators of its study.
#[utoipa::path(get, path = "/subjects/{id}", tag = "trials", params(("id" = i64, Path)),
    responses((status = 200, body = SubjectBody), (status = 404, description = "No such subject, or none of your studies'")))]
async fn read_subject(
    State(app): State<App>,
    Person(user): Person,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    Ok(ok(match &app.subject_gateway {
        Some(gateway) => gateway.read(&caller, id).await?,
        None => read_subject_body(&app, &user, id).await?,
    }))
}

/// The subjects of your studies that match every filter, the newest first. Without names.
#[utoipa::path(get, path = "/subjects", tag = "trials", params(SubjectQuery),
    responses((status = 200, body = PageOf<SubjectBody>), (status = 401, description = "Nobody is signed in"),
              (status = 422, description = "A filter is at fault")))]
async fn list_subjects(
    State(app): State<App>,
    Person(user): Person,
    caller: Caller,
    Query(query): Query<SubjectQuery>,
) -> Result<Response, AppError> {
    let size = page_size(query.limit);
    let bodies = match &app.subject_gateway {
        Some(gateway) => gateway.list(&caller, &query, size + 1).await?,
        None => {
            let mut conn = app.db.read().await?;
            let filter = query.read(&mut conn, &user).await?;
            list_subject_bodies(&mut conn, &filter, size + 1).await?
        }
    };
    let page = PageOf::from_rows(bodies, size, |body| Cursor::new([&body.id]));
    Ok(ok(page))
}

/// Change a subject, for a reason. Coordinators only. Absent fields stay; `null` clears `arm`.
#[utoipa::path(patch, path = "/subjects/{id}", tag = "trials", params(("id" = i64, Path)), request_body = SubjectChange,
    responses((status = 200, body = SubjectBody), (status = 403, description = "Not a coordinator of the study"),
              (status = 404, description = "No such subject, or none of your studies'"),
              (status = 409, description = "The version is stale, or the subject cannot go to that state"),
              (status = 422, description = "A field is at fault")))]
async fn update_subject(
    State(app): State<App>,
    Person(user): Person,
    caller: Caller,
    Path(id): Path<i64>,
    Json(change): Json<SubjectChange>,
) -> Result<Response, AppError> {
    Ok(ok(match &app.subject_gateway {
        Some(gateway) => gateway.update(&caller, id, &change).await?,
        None => {
            update::update_subject(&app, &user, id, change).await?;
            read_subject_body(&app, &user, id).await?
        }
    }))
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct Withdrawal {
    /// The reason, for the audit trail: at most 300 characters. If absent, it says that none was given.
    reason: String,
}

/// Withdraw a subject; nothing is deleted. Coordinators only.
#[utoipa::path(delete, path = "/subjects/{id}", tag = "trials", params(("id" = i64, Path), Withdrawal),
    responses((status = 204, description = "Withdrawn, now or before"),
              (status = 403, description = "Not a coordinator of the study"),
              (status = 404, description = "No such subject, or none of your studies'"),
              (status = 409, description = "It has completed the study"), (status = 422, description = "The reason is too long")))]
async fn withdraw_subject(
    State(app): State<App>,
    Person(user): Person,
    caller: Caller,
    Path(id): Path<i64>,
    Query(query): Query<Withdrawal>,
) -> Result<Response, AppError> {
    if let Some(gateway) = &app.subject_gateway {
        gateway.withdraw(&caller, id, query.reason).await?;
        return Ok(no_content());
    }
    update::withdraw_subject(&app, &user, id, &query.reason).await?;
    Ok(no_content())
}
