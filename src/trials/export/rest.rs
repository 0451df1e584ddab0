//! The exports of the API: `/api/v1/studies/{id}/exports/subjects.csv` and so on.

use super::faults::{FaultsFile, faults_file};
use super::files::{ExportFile, ExportQuery, export_file};
use super::odm::odm_file;
use crate::accounts::Person;
use crate::error::AppError;
use crate::server::{App, Path, Query};
use crate::trials::access::visible_study;
use crate::trials::imports::visible_import;
use crate::trials::study::store::find_study;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn api_router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(export_odm))
        .routes(routes!(export_list))
        .routes(routes!(export_faults))
}

/// A study as CDISC ODM 1.3.2: a snapshot of its definitions, sites, subjects and vital signs, each value with the entry of
/// the audit trail that it is from. Without names.
#[utoipa::path(get, path = "/studies/{id}/odm", tag = "trials", params(("id" = i64, Path)),
    responses((status = 200, body = String, content_type = "application/xml"),
              (status = 404, description = "No such study, or not one of yours")))]
async fn export_odm(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let mut conn = app.db.snapshot().await?;
    let (study, _) = visible_study(&mut conn, &user, id).await?;
    odm_file(&app, conn, study).await
}

/// A list of a study, whole: as CSV, or as JSON Lines of what the lists of this API have.
#[utoipa::path(get, path = "/studies/{id}/exports/{file}", tag = "trials",
    params(("id" = i64, Path), ("file" = ExportFile, Path), ExportQuery),
    responses((status = 200, content((String = "text/csv"), (String = "application/jsonl"))),
              (status = 403, description = "Names are for coordinators of the study"),
              (status = 404, description = "No such study or file, or not one of yours"),
              (status = 422, description = "A filter is at fault")))]
async fn export_list(
    State(app): State<App>,
    Person(user): Person,
    Path((id, wanted)): Path<(i64, ExportFile)>,
    Query(query): Query<ExportQuery>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let study = visible_study(&mut conn, &user, id).await?;
    drop(conn);
    export_file(app, &user, study, wanted, query).await
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct FaultsQuery {
    /// A code; any if absent.
    code: String,
}

/// The faults of an import, in the order of its file: as CSV or as JSON Lines. Of one with very many, the first ten thousand.
#[utoipa::path(get, path = "/imports/{id}/exports/{file}", tag = "trials",
    params(("id" = i64, Path), ("file" = FaultsFile, Path), FaultsQuery),
    responses((status = 200, content((String = "text/csv"), (String = "application/jsonl"))),
              (status = 404, description = "No such import or file, or none of your studies'")))]
async fn export_faults(
    State(app): State<App>,
    Person(user): Person,
    Path((id, wanted)): Path<(i64, FaultsFile)>,
    Query(query): Query<FaultsQuery>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let (import, _) = visible_import(&mut conn, &user, id).await?;
    let study = find_study(&mut conn, import.study_id).await?;
    drop(conn);
    let study = study.ok_or_else(AppError::internal)?;
    Ok(faults_file(app, &study.code, id, query.code, wanted))
}
