//! The forms on the pages of imports, and the file of bad rows.

use super::fault_store::{list_bad_rows, list_faults_of_rows};
use super::file::{COLUMNS, Cells, MOST_KEPT};
use super::mend::mend_rows;
use super::mend_page::{cell_name, left_out_name};
use super::report::Import;
use super::revert::{revert_import, visible_import};
use super::upload::{told, upload_form};
use crate::accounts::{Person, User};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::config::ServerConfig;
use crate::server::forms::{Fields, form_below};
use crate::server::{App, Path, Posted, attachment, done};
use crate::spreadsheet::{BYTE_ORDER_MARK, line};
use crate::trials::Study;
use crate::trials::access::visible_study_called;
use crate::trials::components::study_path;
use crate::ui::Flash;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

pub fn form_router(server: &ServerConfig) -> Router<App> {
    let upload = post(upload_form).layer(DefaultBodyLimit::max(server.import_limit_bytes));
    let revert = form_below(revert_form);
    let bad_rows = get(export_bad_rows);
    Router::new()
        .route("/trials/{code}/imports", upload)
        .route("/trials/{code}/imports/{id}/revert", revert)
        .route("/trials/{code}/imports/{id}/mend", post(mend_form))
        .route("/trials/{code}/imports/{id}/bad-rows.csv", bad_rows)
}

/// Returns the study and the import that an address names, for a coordinator.
async fn coordinated_import(
    app: &App,
    user: &User,
    code: &str,
    id: i64,
) -> Result<(Study, Import), AppError> {
    let mut conn = app.db.read().await?;
    let (study, rights) = visible_study_called(&mut conn, user, code).await?;
    let (import, _) = visible_import(&mut conn, user, id).await?;
    if import.study_id != study.id {
        return Err(AppError::not_found("import"));
    }
    rights.check_coordinates()?;
    Ok((study, import))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RevertForm {
    reason: String,
}

async fn revert_form(
    State(app): State<App>,
    Person(user): Person,
    Path((code, id)): Path<(String, i64)>,
    Posted(form): Posted<RevertForm>,
) -> Result<Response, AppError> {
    let (study, _) = coordinated_import(&app, &user, &code, id).await?;
    let reverted = revert_import(&app, &user, id, &form.reason).await?;
    let said = match reverted.count {
        0 => t!("trials-reverted").to_owned(),
        kept => t!("trials-reverted-but", kept = kept),
    };
    let said = Flash::good(said);
    let path = format!("imports/{id}");
    Ok(done(&study_path(&study.code, &path), said))
}

async fn mend_form(
    State(app): State<App>,
    Person(user): Person,
    Path((code, id)): Path<(String, i64)>,
    Posted(form): Posted<Fields>,
) -> Result<Response, AppError> {
    let (study, import) = coordinated_import(&app, &user, &code, id).await?;
    let mut rows: Vec<(i64, Cells)> = Vec::new();
    for (name, _) in form.beginning("cell-") {
        let number = name.split('-').next();
        let Some(number) = number.and_then(|number| number.parse().ok()) else {
            continue;
        };
        let known = rows.iter().any(|(row, _)| *row == number);
        if known || form.has(&left_out_name(number)) {
            continue;
        }
        let cells = std::array::from_fn(|column| form.text(&cell_name(number, column)).to_owned());
        rows.push((number, cells));
    }
    let report = mend_rows(&app, &user, &study, &import, rows).await?;
    Ok(told(&study, &report.import))
}

/// Sends the bad rows that are not mended, with what was probably meant in its place, and what is wrong beside it.
async fn export_bad_rows(
    State(app): State<App>,
    Person(user): Person,
    Path((code, id)): Path<(String, i64)>,
) -> Result<Response, AppError> {
    let (study, import) = coordinated_import(&app, &user, &code, id).await?;
    let mut conn = app.db.read().await?;
    let mut rows = list_bad_rows(&mut conn, import.id, 0, MOST_KEPT as i64).await?;
    let faults = list_faults_of_rows(&mut conn, import.id, 0, i64::MAX).await?;
    drop(conn);
    let mut head: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
    head.extend(["row", "faults"]);
    let mut text = format!("{BYTE_ORDER_MARK}{}", line(&head));
    let mut faults = faults.into_iter().peekable();
    for row in &mut rows {
        let mut own = Vec::new();
        while let Some(fault) = faults.next_if(|fault| fault.row_no <= row.number) {
            own.push(fault);
        }
        own.retain(|fault| fault.row_no == row.number);
        row.take_suggestions(&own);
        let told = own
            .iter()
            .map(|fault| format!("{} {}", fault.code, fault.found));
        let (number, told) = (row.number.to_string(), told.collect::<Vec<_>>().join("; "));
        let mut values: Vec<&str> = row.cells.iter().map(String::as_str).collect();
        values.extend([number.as_str(), &told]);
        text.push_str(&line(&values));
    }
    let name = format!("{}-import-{id}-bad-rows.csv", study.code);
    Ok(attachment("text/csv; charset=utf-8", &name, text))
}
