//! Correcting a reading, and striking it out.
//!
//! A reading is never deleted. One that is struck out stays in the table, counts no more, and makes room for another at
//! its time. Nothing takes that back: whoever was wrong records the reading anew, and the audit trail has both.

use super::measure::Measure;
use super::ranges::{Ranges, read_ranges};
use super::reading::{NewReading, Reading, StruckOut};
use super::record::READING_THERE;
use super::store;
use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::{App, Conn, Field};
use crate::trials::access::Rights;
use crate::trials::audit::{Author, RECORDED, STRUCK_OUT, Trail, vital_record};
use crate::trials::subject::visible_subject;
use crate::trials::{Reason, Subject};
use serde::Deserialize;
use serde_json::Value;

/// Error code: the reading is struck out, and stays as it is.
pub const READING_STRUCK_OUT: u16 = 3608;

/// A correction of a reading. Absent fields stay; `null` clears what need not be measured.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadingChange {
    /// RFC 3339, with its offset; not in the future.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub record_time: Field<Value>,
    /// In beats a minute.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 15, maximum = 320)]
    pub heart_rate: Field<Value>,
    /// Systolic over diastolic, in mmHg: `120/80`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub blood_pressure: Field<Value>,
    /// In degrees Celsius, to a tenth.
    #[serde(default)]
    #[schema(value_type = Option<f64>)]
    pub temperature: Field<Value>,
    /// In percent.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 30, maximum = 100)]
    pub oxygen_saturation: Field<Value>,
    /// In breaths a minute.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 2, maximum = 90)]
    pub respiratory_rate: Field<Value>,
    /// The version that the correction began from.
    #[schema(required)]
    pub version: Option<i64>,
    /// The reason, for the audit trail: 1 to 300 characters.
    #[serde(default)]
    #[schema(required, max_length = 300)]
    pub reason: String,
}

/// Returns the value after a change of this field.
fn over(field: &Field<Value>, before: Value) -> Value {
    match field {
        Field::Absent => before,
        Field::Null => Value::Null,
        Field::Value(value) => value.clone(),
    }
}

impl ReadingChange {
    /// Checks everything at once, and returns the reading as it would be. The whole reading is checked as a new one is:
    /// a time or a pressure that was cleared is as wrong as one that is missing.
    fn check(&self, before: &Reading, now: Timestamp) -> Result<Reading, AppError> {
        let mut faults = Faults::default();
        let was = NewReading::of(before);
        let wanted = NewReading {
            record_time: over(&self.record_time, was.record_time),
            heart_rate: over(&self.heart_rate, was.heart_rate),
            blood_pressure: over(&self.blood_pressure, was.blood_pressure),
            temperature: over(&self.temperature, was.temperature),
            oxygen_saturation: over(&self.oxygen_saturation, was.oxygen_saturation),
            respiratory_rate: over(&self.respiratory_rate, was.respiratory_rate),
        };
        let after = wanted.check(&mut faults, now);
        let version = self.version.ok_or_else(|| t!("trials-version-needed"));
        faults.check("version", version);
        faults.check("reason", self.reason.parse::<Reason>());
        faults.finish()?;
        Ok(Reading {
            id: before.id,
            version: before.version,
            struck_out: before.struck_out,
            ..after
        })
    }
}

/// Returns the reading of this subject, and what `user` may do in its study.
pub async fn visible_reading(
    conn: &mut Conn,
    user: &User,
    (subject, id): (i64, i64),
) -> Result<(Subject, Rights, Reading), AppError> {
    let (subject, rights) = visible_subject(conn, user, subject).await?;
    let reading = store::find_reading(conn, subject.id, id).await?;
    let reading = reading.ok_or_else(|| AppError::not_found("reading"))?;
    Ok((subject, rights, reading))
}

/// Corrects a reading, if it still is as it was when the correction was begun, for a coordinator of its study.
pub async fn correct_reading(
    app: &App,
    user: &User,
    place: (i64, i64),
    change: &ReadingChange,
) -> Result<(Reading, Ranges), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let (subject, rights, before) = visible_reading(&mut tx, user, place).await?;
    rights.check_coordinates()?;
    change.check(&before, now)?;
    let author = Author::with_reason(user, now, &change.reason)?;
    let mut trail = Trail::lock(&mut tx, subject.study_id, author).await?;
    // Read again now that nobody else changes it.
    let (_, _, before) = visible_reading(&mut tx, user, place).await?;
    if change.version != Some(before.version) {
        return Err(AppError::stale("reading"));
    }
    if before.struck_out.is_some() {
        let message = t!("trials-reading-struck-out");
        return Err(AppError::conflict(READING_STRUCK_OUT, message));
    }
    let mut after = change.check(&before, now)?;
    let ranges = read_ranges(&mut tx, subject.study_id).await?;
    note_correction(&mut trail, &subject.number, &before, &after);
    if trail.is_empty() {
        return Ok((after, ranges));
    }
    let moved = after.recorded_at != before.recorded_at;
    if moved
        && store::find_reading_at(&mut tx, subject.id, after.recorded_at)
            .await?
            .is_some()
    {
        let message = t!("trials-reading-there");
        return Err(AppError::conflict(READING_THERE, message));
    }
    if !store::update_reading(&mut tx, &after, now).await? {
        return Err(AppError::stale("reading"));
    }
    trail.write(&mut tx).await?;
    tx.commit().await?;
    after.version += 1;
    tracing::info!(
        subject.number,
        reading.id = after.id,
        user.id = user.id,
        "Vital signs were corrected"
    );
    Ok((after, ranges))
}

/// Notes each field that differs. A reading is named by its time: one that goes to another is noted under both names, so
/// that neither history ends without a word.
fn note_correction(trail: &mut Trail, number: &str, before: &Reading, after: &Reading) {
    let record = vital_record(number, after.recorded_at);
    if after.recorded_at != before.recorded_at {
        let (old, new) = (before.recorded_at.rfc3339(), after.recorded_at.rfc3339());
        let records = [vital_record(number, before.recorded_at), record.clone()];
        for record in records {
            let (old, new) = (Some(old.clone()), Some(new.clone()));
            trail.note(&record, "record_time", old, new);
        }
    }
    for measure in Measure::ALL {
        let text = |reading: &Reading| reading.value(measure).map(|value| measure.format(value));
        trail.note(&record, measure.as_str(), text(before), text(after));
    }
}

/// Strikes a reading out, for a coordinator of its study. One that is struck out stays so. If a version is named, it has
/// to be the present one: the reading may have been corrected in the meantime.
pub async fn strike_out_reading(
    app: &App,
    user: &User,
    place: (i64, i64),
    version: Option<i64>,
    reason: &str,
) -> Result<(), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let (subject, rights, _) = visible_reading(&mut tx, user, place).await?;
    rights.check_coordinates()?;
    let author = Author::with_reason(user, now, reason)?;
    let mut trail = Trail::lock(&mut tx, subject.study_id, author).await?;
    // Read again now that nobody else changes it.
    let (_, _, reading) = visible_reading(&mut tx, user, place).await?;
    if reading.struck_out.is_some() {
        return Ok(());
    }
    if version.is_some_and(|version| version != reading.version) {
        return Err(AppError::stale("reading"));
    }
    let by = Some(user.id);
    if !store::strike_out(&mut tx, &reading, StruckOut { at: now, by }).await? {
        return Err(AppError::stale("reading"));
    }
    let record = vital_record(&subject.number, reading.recorded_at);
    let [old, new] = [RECORDED, STRUCK_OUT].map(|word| Some(word.to_owned()));
    trail.note(&record, "status", old, new);
    trail.write(&mut tx).await?;
    tx.commit().await?;
    tracing::info!(
        subject.number,
        reading.id = reading.id,
        user.id = user.id,
        "Vital signs were struck out"
    );
    Ok(())
}
