//! SQL for vital signs and their ranges.

use super::measure::{Measure, Range};
use super::reading::{MEASURES, Reading};
use crate::clock::Timestamp;
use crate::server::{Conn, QueryBuilder, execute, fetch_all, fetch_optional, fetch_scalar};
use sqlx::{AssertSqlSafe, FromRow};

/// The columns of a reading.
const READING: &str = "id, recorded_at, heart_rate, systolic, diastolic, temperature, oxygen_saturation, \
     respiratory_rate";

#[derive(FromRow)]
struct ReadingRow {
    id: i64,
    recorded_at: Timestamp,
    heart_rate: Option<i64>,
    systolic: Option<i64>,
    diastolic: Option<i64>,
    temperature: Option<i64>,
    oxygen_saturation: Option<i64>,
    respiratory_rate: Option<i64>,
}

impl From<ReadingRow> for Reading {
    fn from(row: ReadingRow) -> Self {
        let mut values = [None; MEASURES];
        for (measure, value) in [
            (Measure::HeartRate, row.heart_rate),
            (Measure::Systolic, row.systolic),
            (Measure::Diastolic, row.diastolic),
            (Measure::Temperature, row.temperature),
            (Measure::OxygenSaturation, row.oxygen_saturation),
            (Measure::RespiratoryRate, row.respiratory_rate),
        ] {
            values[measure.index()] = value;
        }
        Self {
            id: row.id,
            recorded_at: row.recorded_at,
            values,
        }
    }
}

pub async fn insert_reading(
    conn: &mut Conn,
    (study, subject): (i64, i64),
    reading: &Reading,
    created_by: Option<i64>,
    now: Timestamp,
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO vital_signs (study_id, subject_id, recorded_at, heart_rate, systolic, diastolic, temperature,
             oxygen_saturation, respiratory_rate, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
        study,
        subject,
        reading.recorded_at,
        reading.value(Measure::HeartRate),
        reading.value(Measure::Systolic),
        reading.value(Measure::Diastolic),
        reading.value(Measure::Temperature),
        reading.value(Measure::OxygenSaturation),
        reading.value(Measure::RespiratoryRate),
        created_by,
        now
    )
}

/// Returns the subject's reading at this time.
pub async fn find_reading_at(
    conn: &mut Conn,
    subject: i64,
    at: Timestamp,
) -> sqlx::Result<Option<Reading>> {
    let query = AssertSqlSafe(format!(
        "SELECT {READING} FROM vital_signs WHERE subject_id = $1 AND recorded_at = $2"
    ));
    let row: Option<ReadingRow> = fetch_optional!(conn, query, subject, at)?;
    Ok(row.map(Reading::from))
}

/// The readings of a subject to list, the latest first.
#[derive(Clone, Copy, Debug)]
pub struct ReadingFilter {
    pub subject: i64,
    /// The time of the earliest.
    pub since: Option<Timestamp>,
    /// The time before which the list continues.
    pub before: Option<Timestamp>,
}

pub async fn list_readings(
    conn: &mut Conn,
    filter: ReadingFilter,
    limit: i64,
) -> sqlx::Result<Vec<Reading>> {
    let begin = format!("SELECT {READING} FROM vital_signs WHERE subject_id = ");
    let mut query = QueryBuilder::new(conn, begin);
    query.push_bind(filter.subject);
    if let Some(since) = filter.since {
        query.push(" AND recorded_at >= ").push_bind(since);
    }
    if let Some(before) = filter.before {
        query.push(" AND recorded_at < ").push_bind(before);
    }
    query
        .push(" ORDER BY recorded_at DESC LIMIT ")
        .push_bind(limit);
    let rows: Vec<ReadingRow> = query.fetch_all(conn).await?;
    Ok(rows.into_iter().map(Reading::from).collect())
}

/// A reading with its subject's number.
#[derive(FromRow)]
pub struct NumberedReading {
    number: String,
    #[sqlx(flatten)]
    reading: ReadingRow,
}

impl NumberedReading {
    pub fn into_parts(self) -> (String, Reading) {
        (self.number, self.reading.into())
    }
}

/// Returns the readings that an import brought, after this id.
pub async fn list_brought(
    conn: &mut Conn,
    import: i64,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<NumberedReading>> {
    let query = AssertSqlSafe(format!(
        "SELECT (SELECT number FROM subjects b WHERE b.id = v.subject_id) AS number, {READING} FROM vital_signs v
         WHERE import_id = $1 AND id > $2 ORDER BY id LIMIT $3"
    ));
    fetch_all!(conn, query, import, after, limit)
}

/// Returns the readings of a study before this id, the one that was stored last first.
pub async fn list_study_readings(
    conn: &mut Conn,
    study: i64,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<NumberedReading>> {
    let query = AssertSqlSafe(format!(
        "SELECT (SELECT number FROM subjects b WHERE b.id = v.subject_id) AS number, {READING} FROM vital_signs v
         WHERE study_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
    ));
    fetch_all!(conn, query, study, before, limit)
}

/// Returns the id of the study's reading that was stored last; 0 if there is none.
pub async fn find_last_reading(conn: &mut Conn, study: i64) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "SELECT COALESCE(MAX(id), 0) FROM vital_signs WHERE study_id = $1",
        study
    )
}

/// Removes the readings that an import brought.
pub async fn delete_brought(conn: &mut Conn, import: i64) -> sqlx::Result<()> {
    execute!(conn, "DELETE FROM vital_signs WHERE import_id = $1", import)
}

/// Returns the ranges that differ from what is expected elsewhere: measure, low and high.
pub async fn list_ranges(conn: &mut Conn, study: i64) -> sqlx::Result<Vec<(String, i64, i64)>> {
    fetch_all!(
        conn,
        "SELECT measure, low, high FROM study_ranges WHERE study_id = $1",
        study
    )
}

pub async fn save_range(
    conn: &mut Conn,
    study: i64,
    measure: Measure,
    range: Range,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "INSERT INTO study_ranges (study_id, measure, low, high) VALUES ($1, $2, $3, $4)
         ON CONFLICT (study_id, measure) DO UPDATE SET low = excluded.low, high = excluded.high",
        study,
        measure.as_str(),
        range.low,
        range.high
    )
}
