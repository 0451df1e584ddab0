//! The form that uploads a file.

use super::command::read_offset;
use super::file::{FileFault, Given, Input, Origin};
use super::report::Import;
use super::run::{Wanted, run_import};
use crate::accounts::Person;
use crate::error::AppError;
use crate::i18n::t;
use crate::importing::Overrides;
use crate::server::{App, Path, done, is_too_long};
use crate::trials::Study;
use crate::trials::access::visible_study_called;
use crate::trials::components::study_path;
use crate::ui::{Flash, Tone};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartError, MultipartRejection};
use axum::response::Response;
use std::io::Cursor;

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
    let broken = |error: MultipartError| broken_body(&error);
    let mut upload = Upload::default();
    while let Some(field) = body.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" => {
                upload.file_name = field.file_name().unwrap_or_default().to_owned();
                upload.bytes = field.bytes().await.map_err(broken)?;
            }
            "offset" => upload.offset = field.text().await.map_err(broken)?,
            "stop" => upload.stop = true,
            "again" => upload.again = true,
            _ => {}
        }
    }
    Ok(upload)
}

/// Returns the error for a file that is too long, or ends before its end.
pub fn broken_body(error: &(dyn std::error::Error + 'static)) -> AppError {
    match is_too_long(error) {
        true => AppError::too_large(t!("trials-file-too-large")),
        false => AppError::unreadable(t!("trials-file-cut")),
    }
}

/// Returns a file in memory as it is to be imported.
pub fn wanted(file_name: &str, bytes: Bytes, ahead: Option<i32>) -> Wanted {
    Wanted {
        file_name: file_name.to_owned(),
        origin: Origin::File(Box::new(move || {
            Ok(Box::new(Cursor::new(bytes.clone())) as Input)
        })),
        given: Given {
            overrides: Overrides::default(),
            ahead,
        },
        dry_run: false,
        stop_on_error: false,
        again: false,
        mends: None,
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

pub async fn upload_form(
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
    if report.import.id == 0 {
        let fault = |fault: &FileFault| format!("{}: {}", fault.column_name, fault.message());
        let faults: Vec<String> = report.faults.iter().map(fault).collect();
        return Err(AppError::invalid("file", faults.join(" ")));
    }
    Ok(told(&study, &report.import))
}

/// Leads to the page of an import, and says how it went.
pub fn told(study: &Study, import: &Import) -> Response {
    let said = t!(
        "trials-import-done",
        records = import.records,
        good = import.good,
        bad = import.bad
    );
    let tone = match import.bad {
        0 => Tone::Good,
        _ => Tone::Warn,
    };
    let said = Flash {
        tone,
        ..Flash::good(said)
    };
    let path = format!("imports/{}", import.id);
    done(&study_path(&study.code, &path), said)
}
