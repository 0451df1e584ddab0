//! The forms on the pages of imports: a file that is uploaded, and an import that is taken back.

use super::command::read_offset;
use super::format::{Given, Input};
use super::revert::{revert_import, visible_import};
use super::run::{Wanted, run_import};
use crate::accounts::Person;
use crate::error::AppError;
use crate::i18n::t;
use crate::importing::Overrides;
use crate::server::config::ServerConfig;
use crate::server::forms::form_below;
use crate::server::{App, Path, Posted, done};
use crate::trials::access::visible_study_called;
use crate::trials::components::study_path;
use crate::ui::Flash;
use axum::Router;
use axum::body::Bytes;
use axum::extract::multipart::{Multipart, MultipartError, MultipartRejection};
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use axum::routing::post;
use http_body_util::LengthLimitError;
use serde::Deserialize;
use std::io::Cursor;

pub fn form_router(server: &ServerConfig) -> Router<App> {
    let upload = post(upload_form).layer(DefaultBodyLimit::max(server.import_limit_bytes));
    Router::new().route("/trials/{code}/imports", upload).route(
        "/trials/{code}/imports/{id}/revert",
        form_below(revert_form),
    )
}

/// The fields of the form that uploads a file.
#[derive(Default)]
struct Upload {
    file_name: String,
    bytes: Bytes,
    offset: String,
    stop: bool,
    again: bool,
}

async fn read_upload(mut body: Multipart) -> Result<Upload, AppError> {
    let mut upload = Upload::default();
    while let Some(field) = body.next_field().await.map_err(broken_body)? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" => {
                upload.file_name = field.file_name().unwrap_or_default().to_owned();
                upload.bytes = field.bytes().await.map_err(broken_body)?;
            }
            "offset" => upload.offset = field.text().await.map_err(broken_body)?,
            "stop" => upload.stop = true,
            "again" => upload.again = true,
            _ => {}
        }
    }
    Ok(upload)
}

/// Returns the error for a body that is too long, or ends before its end.
pub fn broken_body(error: MultipartError) -> AppError {
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return AppError::too_large(t!("trials-file-too-large"));
        }
        cause = error.source();
    }
    AppError::unreadable(t!("trials-file-cut"))
}

/// Returns a file in memory as it is to be imported.
pub fn wanted(file_name: &str, bytes: Bytes, ahead: Option<i32>) -> Wanted {
    Wanted {
        file_name: crate::text::Line::cut(file_name, 120).into(),
        opener: Box::new(move || Ok(Box::new(Cursor::new(bytes.clone())) as Input)),
        given: Given {
            overrides: Overrides::default(),
            ahead,
        },
        dry_run: false,
        stop_on_error: false,
        again: false,
    }
}

/// Reads the offset of times without one; none if it is left out.
pub fn typed_offset(text: &str) -> Result<Option<i32>, AppError> {
    match text.trim() {
        "" => Ok(None),
        text => {
            let wrong = || AppError::invalid("offset", t!("trials-offset-wrong"));
            read_offset(text).ok_or_else(wrong).map(Some)
        }
    }
}

async fn upload_form(
    State(app): State<App>,
    Person(user): Person,
    Path(code): Path<String>,
    body: Result<Multipart, MultipartRejection>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let (study, rights) = visible_study_called(&mut conn, &user, &code).await?;
    drop(conn);
    rights.check_coordinates()?;
    let body = body.map_err(|_| AppError::unsupported(t!("trials-file-needed")))?;
    let upload = read_upload(body).await?;
    if upload.bytes.is_empty() {
        return Err(AppError::invalid("file", t!("trials-file-needed")));
    }
    let ahead = typed_offset(&upload.offset)?;
    let wanted = Wanted {
        stop_on_error: upload.stop,
        again: upload.again,
        ..wanted(&upload.file_name, upload.bytes, ahead)
    };
    let report = run_import(&app, Some(user.id), &study, wanted).await?;
    let import = report.import;
    if import.id == 0 {
        let columns: Vec<String> = report
            .faults
            .iter()
            .map(|fault| format!("{}: {}", fault.column_name, fault.message()))
            .collect();
        return Err(AppError::invalid("file", columns.join(" ")));
    }
    let said = t!(
        "trials-import-done",
        records = import.records,
        good = import.good,
        bad = import.bad
    );
    let said = match import.bad {
        0 => Flash::good(said),
        _ => Flash {
            tone: crate::ui::Tone::Warn,
            ..Flash::good(said)
        },
    };
    Ok(done(
        &study_path(&study.code, &format!("imports/{}", import.id)),
        said,
    ))
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
    let mut conn = app.db.read().await?;
    let (study, _) = visible_study_called(&mut conn, &user, &code).await?;
    let (import, _) = visible_import(&mut conn, &user, id).await?;
    drop(conn);
    if import.study_id != study.id {
        return Err(AppError::not_found("import"));
    }
    revert_import(&app, &user, id, &form.reason).await?;
    let said = Flash::good(t!("trials-reverted"));
    Ok(done(
        &study_path(&study.code, &format!("imports/{id}")),
        said,
    ))
}
