//! Vital signs as a stream: the bytes of a file or one reading after another, and what is wrong with them.

use crate::accounts::User;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::App;
use crate::server::rpc::proto::v1::import_vital_signs_request::Part;
use crate::server::rpc::proto::v1::import_vital_signs_response::Part as Answer;
use crate::server::rpc::proto::v1::{
    Fault, ImportOptions, ImportSummary, ImportVitalSignsRequest, ImportVitalSignsResponse,
    VitalSigns,
};
use crate::trials::Study;
use crate::trials::access::visible_study;
use crate::trials::imports::{FaultBody, Report, Wanted, run_import, typed_offset, wanted};
use futures_util::stream::{self, Stream};
use serde_json::{Map, Value};
use std::pin::Pin;
use tonic::{Status, Streaming};

pub type Answers = Pin<Box<dyn Stream<Item = Result<ImportVitalSignsResponse, Status>> + Send>>;

/// The rows of a stream, as the file that they are or would be.
#[derive(Default)]
struct Rows {
    bytes: Vec<u8>,
    /// True of a file, false of readings; `None` before the first.
    is_file: Option<bool>,
}

impl Rows {
    /// Takes one more part of at most so many bytes in all.
    fn take(&mut self, part: Part, most: usize) -> Result<(), AppError> {
        let odd = || AppError::unreadable(t!("trials-stream-order"));
        let is_file = match part {
            Part::Options(_) => return Err(odd()),
            Part::File(piece) => {
                self.bytes.extend_from_slice(&piece);
                true
            }
            Part::Reading(reading) => {
                self.bytes.extend_from_slice(line(reading).as_bytes());
                false
            }
        };
        if self
            .is_file
            .replace(is_file)
            .is_some_and(|before| before != is_file)
        {
            return Err(odd());
        }
        match self.bytes.len() > most {
            true => Err(AppError::too_large(t!("trials-file-too-large"))),
            false => Ok(()),
        }
    }
}

/// Writes a reading as a line of JSON, in which nothing stands for what is empty.
fn line(reading: VitalSigns) -> String {
    let cells = [
        ("patient_id", reading.patient_id),
        ("record_time", reading.record_time),
        ("heart_rate", reading.heart_rate),
        ("blood_pressure", reading.blood_pressure),
        ("temperature", reading.temperature),
        ("oxygen_saturation", reading.oxygen_saturation),
        ("respiratory_rate", reading.respiratory_rate),
    ];
    let mut object = Map::new();
    for (name, text) in cells {
        let value = match text.is_empty() {
            true => Value::Null,
            false => Value::String(text),
        };
        object.insert(name.to_owned(), value);
    }
    format!("{}\n", Value::Object(object))
}

/// Imports what the stream brings. Nothing is read of it before it is known that `user` may.
pub async fn import_vital_signs(
    app: &App,
    user: &User,
    mut parts: Streaming<ImportVitalSignsRequest>,
) -> Result<Answers, Status> {
    let first = parts.message().await?.and_then(|message| message.part);
    let Some(Part::Options(options)) = first else {
        return Err(AppError::unreadable(t!("trials-stream-order")).into());
    };
    let study = own_study(app, user, options.project_id).await?;
    let ahead = typed_offset(&options.offset)?;
    let mut rows = Rows::default();
    let most = app.config.server.import_limit_bytes;
    while let Some(message) = parts.message().await? {
        if let Some(part) = message.part {
            rows.take(part, most)?;
        }
    }
    let file = wanted(&options.file_name, rows.bytes.into(), ahead);
    let report = run(app, user, &study, &options, file).await?;
    let faults = report
        .faults
        .iter()
        .map(|fault| Answer::Fault(told(fault.body())));
    let mut answers: Vec<Answer> = faults.collect();
    answers.push(Answer::Summary(summary(&report)));
    let answers = answers
        .into_iter()
        .map(|part| Ok(ImportVitalSignsResponse { part: Some(part) }));
    Ok(Box::pin(stream::iter(answers)))
}

async fn own_study(app: &App, user: &User, id: i64) -> Result<Study, AppError> {
    let mut conn = app.db.read().await?;
    let (study, rights) = visible_study(&mut conn, user, id).await?;
    rights.check_coordinates()?;
    Ok(study)
}

async fn run(
    app: &App,
    user: &User,
    study: &Study,
    options: &ImportOptions,
    file: Wanted,
) -> Result<Report, AppError> {
    let file = Wanted {
        dry_run: options.dry_run,
        stop_on_error: options.stop_on_error,
        again: options.again,
        ..file
    };
    run_import(app, Some(user.id), study, file).await
}

fn told(fault: FaultBody) -> Fault {
    Fault {
        row: fault.row,
        column: fault.column.unwrap_or_default(),
        offset: fault.offset,
        text: fault.text,
        code: fault.code,
        message: fault.message,
        suggestion: fault.suggestion,
    }
}

fn summary(report: &Report) -> ImportSummary {
    let import = &report.import;
    ImportSummary {
        id: import.id,
        records: import.records,
        good: import.good,
        bad: import.bad,
        unusual: import.unusual,
        dry_run: report.dry_run,
    }
}
