//! The forms that record a reading, correct it, and strike it out.

use super::correct::{ReadingChange, correct_reading, strike_out_reading};
use super::reading::NewReading;
use super::record::record_reading;
use crate::accounts::Person;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::forms::form_below;
use crate::server::{App, Field, Path, Posted, done};
use crate::trials::components::study_path;
use crate::trials::subject::subject_id;
use crate::ui::Flash;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;
use serde_json::Value;

pub fn form_router() -> Router<App> {
    let readings = "/trials/{code}/subjects/{number}/vital-signs";
    Router::new()
        .route(readings, form_below(record_form))
        .route(&format!("{readings}/{{id}}"), post(correct_form))
        .route(
            &format!("{readings}/{{id}}/strike-out"),
            form_below(strike_out_form),
        )
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReadingForm {
    record_time: String,
    heart_rate: String,
    blood_pressure: String,
    temperature: String,
    oxygen_saturation: String,
    respiratory_rate: String,
}

/// Completes a time as people type it: `2026-11-28 08:15` is in UTC, as all times on the pages are.
fn with_offset(text: &str) -> String {
    let text = text.trim();
    let date_and_time = text.replacen(' ', "T", 1);
    let candidates = [
        text.to_owned(),
        date_and_time.clone(),
        format!("{date_and_time}Z"),
        format!("{date_and_time}:00Z"),
    ];
    let read = candidates
        .iter()
        .find(|text| Timestamp::parse(text).is_some());
    read.cloned().unwrap_or_else(|| text.to_owned())
}

async fn record_form(
    State(app): State<App>,
    Person(user): Person,
    Path((code, number)): Path<(String, String)>,
    Posted(form): Posted<ReadingForm>,
) -> Result<Response, AppError> {
    let id = subject_id(&app, &user, &code, &number).await?;
    let input = NewReading {
        record_time: with_offset(&form.record_time).into(),
        heart_rate: form.heart_rate.into(),
        blood_pressure: form.blood_pressure.into(),
        temperature: form.temperature.into(),
        oxygen_saturation: form.oxygen_saturation.into(),
        respiratory_rate: form.respiratory_rate.into(),
    };
    record_reading(&app, &user, id, &input).await?;
    let said = Flash::good(t!("trials-record-done"));
    Ok(done(
        &study_path(&code, &format!("subjects/{number}")),
        said,
    ))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CorrectionForm {
    record_time: String,
    heart_rate: String,
    blood_pressure: String,
    temperature: String,
    oxygen_saturation: String,
    respiratory_rate: String,
    version: Option<i64>,
    reason: String,
}

/// Returns a field as it was typed: an empty one is cleared.
fn typed(text: String) -> Field<Value> {
    match text.trim().is_empty() {
        true => Field::Null,
        false => Field::Value(text.into()),
    }
}

async fn correct_form(
    State(app): State<App>,
    Person(user): Person,
    Path((code, number, id)): Path<(String, String, i64)>,
    Posted(form): Posted<CorrectionForm>,
) -> Result<Response, AppError> {
    let subject = subject_id(&app, &user, &code, &number).await?;
    let change = ReadingChange {
        record_time: typed(with_offset(&form.record_time)),
        heart_rate: typed(form.heart_rate),
        blood_pressure: typed(form.blood_pressure),
        temperature: typed(form.temperature),
        oxygen_saturation: typed(form.oxygen_saturation),
        respiratory_rate: typed(form.respiratory_rate),
        version: form.version,
        reason: form.reason,
    };
    correct_reading(&app, &user, (subject, id), &change).await?;
    let said = Flash::good(t!("trials-saved"));
    Ok(done(
        &study_path(&code, &format!("subjects/{number}")),
        said,
    ))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct StrikeForm {
    version: Option<i64>,
    reason: String,
}

async fn strike_out_form(
    State(app): State<App>,
    Person(user): Person,
    Path((code, number, id)): Path<(String, String, i64)>,
    Posted(form): Posted<StrikeForm>,
) -> Result<Response, AppError> {
    let subject = subject_id(&app, &user, &code, &number).await?;
    let StrikeForm { version, reason } = form;
    strike_out_reading(&app, &user, (subject, id), version, &reason).await?;
    let said = Flash::good(t!("trials-strike-out-done"));
    Ok(done(
        &study_path(&code, &format!("subjects/{number}")),
        said,
    ))
}

#[cfg(test)]
mod tests {
    use super::with_offset;

    #[test]
    fn a_time_as_people_type_it_is_in_utc() {
        for (typed, read) in [
            ("2026-11-28 08:15", "2026-11-28T08:15:00Z"),
            ("2026-11-28T08:15:30", "2026-11-28T08:15:30Z"),
            (" 2026-11-28T08:15:30+08:00 ", "2026-11-28T08:15:30+08:00"),
            ("2026-11-28 08:15:30+08:00", "2026-11-28 08:15:30+08:00"),
            ("yesterday", "yesterday"),
            ("", ""),
        ] {
            assert_eq!(with_offset(typed), read, "{typed}");
        }
    }
}
