//! `/api/v1/imports`

use super::fault_store::{FaultFilter, list_faults};
use super::file::FaultBody;
use super::report::{ImportBody, ReportBody, RevertedBody};
use super::revert::{self, visible_import};
use super::run::{Wanted, run_import};
use super::store::list_imports;
use super::upload::{broken_body, typed_offset, wanted};
use crate::accounts::Person;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Cursor, Json, PageOf, Path, Query, created, ok, page_size};
use crate::trials::access::visible_study;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn api_router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_files, import_file))
        .routes(routes!(read_import))
        .routes(routes!(list_file_faults))
        .routes(routes!(revert_import))
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct ImportQuery {
    /// The id of the study: one in which you are a coordinator.
    #[param(required = true)]
    project_id: i64,
    /// The name of the file, to be found again by.
    file_name: String,
    /// True to be told what is wrong, and store nothing.
    dry_run: bool,
    /// `skip` to store the good rows, which is the default; `stop` to store nothing if a row is bad.
    on_error: String,
    /// The offset from UTC of times without one: `+08:00`. Without it such a time is a fault.
    offset: String,
    /// True to import a file that was imported before.
    again: bool,
}

/// Import vital signs: the body is the file, delimited text or JSON, in any encoding. Coordinators only. Every row is good
/// or bad; the faults of the bad ones are told all at once.
#[utoipa::path(post, path = "/imports", tag = "trials", params(ImportQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = ReportBody), (status = 200, body = ReportBody, description = "Nothing was stored"),
              (status = 403, description = "Not a coordinator of the study"),
              (status = 404, description = "No such study, or not one of yours"),
              (status = 409, description = "The file was imported before"),
              (status = 413, description = "The file is too large: the command line takes any size"),
              (status = 422, description = "The file cannot be read, or a parameter is at fault")))]
async fn import_file(
    State(app): State<App>,
    Person(user): Person,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let (study, rights) = visible_study(&mut conn, &user, query.project_id).await?;
    drop(conn);
    rights.check_coordinates()?;
    // A file may be larger than the bodies of other requests.
    let most = app.config.server.import_limit_bytes;
    let bytes = to_bytes(request.into_body(), most).await;
    let bytes = bytes.map_err(|error| broken_body(&error))?;
    let ahead = typed_offset(&query.offset)?;
    let stop_on_error = match query.on_error.as_str() {
        "" | "skip" => false,
        "stop" => true,
        _ => {
            return Err(AppError::invalid("on_error", t!("trials-on-error-wrong")));
        }
    };
    let wanted = Wanted {
        dry_run: query.dry_run,
        stop_on_error,
        again: query.again,
        ..wanted(&query.file_name, bytes, ahead)
    };
    let report = run_import(&app, Some(user.id), &study, wanted).await?;
    let body = ReportBody::new(&report);
    Ok(match report.import.id {
        0 => ok(body),
        id => created(&format!("/api/v1/imports/{id}"), body),
    })
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct ImportsQuery {
    /// The id of the study.
    #[param(required = true)]
    project_id: i64,
    /// 1 to 100; 50 if absent.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

/// The imports of a study, the latest first.
#[utoipa::path(get, path = "/imports", tag = "trials", params(ImportsQuery),
    responses((status = 200, body = PageOf<ImportBody>),
              (status = 422, description = "A parameter is at fault, or the study is none of yours")))]
async fn list_files(
    State(app): State<App>,
    Person(user): Person,
    Query(query): Query<ImportsQuery>,
) -> Result<Response, AppError> {
    let (before, size) = (Cursor::before(&query.cursor)?, page_size(query.limit));
    let mut conn = app.db.read().await?;
    let study = AppError::found(visible_study(&mut conn, &user, query.project_id).await)?;
    let none = || AppError::invalid("project_id", t!("trials-project-not-yours"));
    let (study, _) = study.ok_or_else(none)?;
    let imports = list_imports(&mut conn, study.id, before, size + 1).await?;
    let page = PageOf::from_rows(imports, size, |import| Cursor::new([&import.id]));
    Ok(ok(page.map(|import| ImportBody::new(&import))))
}

/// One import.
#[utoipa::path(get, path = "/imports/{id}", tag = "trials", params(("id" = i64, Path)),
    responses((status = 200, body = ImportBody), (status = 404, description = "No such import, or none of your studies'")))]
async fn read_import(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let (import, _) = visible_import(&mut conn, &user, id).await?;
    Ok(ok(ImportBody::new(&import)))
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct FaultsQuery {
    /// A code; any if absent.
    code: String,
    /// 1 to 100; 50 if absent.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

/// The faults of an import, in the order of its file. Of one with very many, the first ten thousand.
#[utoipa::path(get, path = "/imports/{id}/faults", tag = "trials", params(("id" = i64, Path), FaultsQuery),
    responses((status = 200, body = PageOf<FaultBody>), (status = 404, description = "No such import, or none of your studies'")))]
async fn list_file_faults(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Query(query): Query<FaultsQuery>,
) -> Result<Response, AppError> {
    let (after, size) = (Cursor::after(&query.cursor)?, page_size(query.limit));
    let mut conn = app.db.read().await?;
    let (import, _) = visible_import(&mut conn, &user, id).await?;
    let filter = FaultFilter {
        import: import.id,
        code: query.code,
        after,
    };
    let faults = list_faults(&mut conn, &filter, size + 1).await?;
    let page = PageOf::from_rows(faults, size, |line| Cursor::new([&line.seq]));
    Ok(ok(page.map(|line| line.fault.body())))
}

/// The reason for taking an import back.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = ImportRevert)]
struct RevertInput {
    /// The reason, for the audit trail: 1 to 300 characters.
    #[schema(required, max_length = 300)]
    reason: String,
}

/// Take back every reading that an import brought, but for those that somebody corrected or struck out since, which are
/// named. Coordinators only. Once more changes nothing.
#[utoipa::path(post, path = "/imports/{id}/revert", tag = "trials", params(("id" = i64, Path)), request_body = RevertInput,
    responses((status = 200, body = RevertedBody), (status = 403, description = "Not a coordinator of the study"),
              (status = 404, description = "No such import, or none of your studies'"),
              (status = 409, description = "Nothing of it is stored"), (status = 422, description = "The reason is missing")))]
async fn revert_import(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Json(input): Json<RevertInput>,
) -> Result<Response, AppError> {
    let reverted = revert::revert_import(&app, &user, id, &input.reason).await?;
    Ok(ok(RevertedBody::new(&reverted)))
}
