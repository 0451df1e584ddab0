//! The exports on the pages of a study: `/trials/{code}/subjects.csv` and so on.

use super::faults::{FaultsFile, faults_file};
use super::files::{ExportFile, ExportQuery, export_file};
use super::odm::odm_file;
use crate::accounts::Person;
use crate::error::AppError;
use crate::server::{App, Path, Query};
use crate::trials::access::visible_study_called;
use crate::trials::imports::visible_import;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

pub fn router() -> Router<App> {
    let mut router = Router::new().route("/trials/{code}/export.odm.xml", get(odm));
    for wanted in ExportFile::ALL {
        let handler = move |app, person, code, query| list(app, person, code, query, wanted);
        router = router.route(&format!("/trials/{{code}}/{wanted}"), get(handler));
    }
    for wanted in FaultsFile::ALL {
        let handler = move |app, person, place, query| faults(app, person, place, query, wanted);
        let path = format!("/trials/{{code}}/imports/{{id}}/{wanted}");
        router = router.route(&path, get(handler));
    }
    router
}

async fn list(
    State(app): State<App>,
    Person(user): Person,
    Path(code): Path<String>,
    Query(query): Query<ExportQuery>,
    wanted: ExportFile,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let study = visible_study_called(&mut conn, &user, &code).await?;
    drop(conn);
    export_file(app, &user, study, wanted, query).await
}

/// The filter of the page of an import.
#[derive(Default, Deserialize)]
#[serde(default)]
struct FaultsQuery {
    fault: String,
}

async fn faults(
    State(app): State<App>,
    Person(user): Person,
    Path((code, id)): Path<(String, i64)>,
    Query(query): Query<FaultsQuery>,
    wanted: FaultsFile,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let (study, _) = visible_study_called(&mut conn, &user, &code).await?;
    let (import, _) = visible_import(&mut conn, &user, id).await?;
    drop(conn);
    if import.study_id != study.id {
        return Err(AppError::not_found("import"));
    }
    Ok(faults_file(app, &study.code, id, query.fault, wanted))
}

async fn odm(
    State(app): State<App>,
    Person(user): Person,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let mut conn = app.db.snapshot().await?;
    let (study, _) = visible_study_called(&mut conn, &user, &code).await?;
    odm_file(&app, conn, study).await
}
