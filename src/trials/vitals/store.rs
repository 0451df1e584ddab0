//! SQL for vital signs and their ranges.

use super::measure::{Measure, Range};
use super::reading::{MEASURES, Reading, StruckOut};
use crate::clock::Timestamp;
use crate::server::{
    Conn, QueryBuilder, execute, fetch_all, fetch_optional, fetch_scalar, rows_affected,
};
use sqlx::{AssertSqlSafe, FromRow};

/// The columns of a reading.
const READING: &str = "id, recorded_at, heart_rate, systolic, diastolic, temperature, oxygen_saturation, \
     respiratory_rate, version, struck_out_at, struck_out_by";

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
    version: i64,
    struck_out_at: Option<Timestamp>,
    struck_out_by: Option<i64>,
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
            version: row.version,
            struck_out: row.struck_out_at.map(|at| StruckOut {
                at,
                by: row.struck_out_by,
            }),
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

/// Saves a correction. Returns false if the version is not the one it was read with.
pub async fn update_reading(
    conn: &mut Conn,
    reading: &Reading,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let updated = rows_affected!(
        conn,
        "UPDATE vital_signs SET recorded_at = $1, heart_rate = $2, systolic = $3, diastolic = $4, temperature = $5,
             oxygen_saturation = $6, respiratory_rate = $7, version = version + 1, updated_at = $8
         WHERE id = $9 AND version = $10 AND struck_out_at IS NULL",
        reading.recorded_at,
        reading.value(Measure::HeartRate),
        reading.value(Measure::Systolic),
        reading.value(Measure::Diastolic),
        reading.value(Measure::Temperature),
        reading.value(Measure::OxygenSaturation),
        reading.value(Measure::RespiratoryRate),
        now,
        reading.id,
        reading.version
    )?;
    Ok(updated == 1)
}

/// Marks a reading as struck out. Returns false if the version is not the one it was read with.
pub async fn strike_out(
    conn: &mut Conn,
    reading: &Reading,
    struck_out: StruckOut,
) -> sqlx::Result<bool> {
    let updated = rows_affected!(
        conn,
        "UPDATE vital_signs SET struck_out_at = $1, struck_out_by = $2, version = version + 1, updated_at = $1
         WHERE id = $3 AND version = $4 AND struck_out_at IS NULL",
        struck_out.at,
        struck_out.by,
        reading.id,
        reading.version
    )?;
    Ok(updated == 1)
}

/// Returns the reading with this id, if it is the subject's.
pub async fn find_reading(conn: &mut Conn, subject: i64, id: i64) -> sqlx::Result<Option<Reading>> {
    let query = AssertSqlSafe(format!(
        "SELECT {READING} FROM vital_signs WHERE id = $1 AND subject_id = $2"
    ));
    let row: Option<ReadingRow> = fetch_optional!(conn, query, id, subject)?;
    Ok(row.map(Reading::from))
}

/// Returns the subject's reading at this time that counts.
pub async fn find_reading_at(
    conn: &mut Conn,
    subject: i64,
    at: Timestamp,
) -> sqlx::Result<Option<Reading>> {
    let query = AssertSqlSafe(format!(
        "SELECT {READING} FROM vital_signs WHERE subject_id = $1 AND recorded_at = $2 AND struck_out_at IS NULL"
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
    /// The time and the id before which the list continues.
    pub before: Option<(Timestamp, i64)>,
    /// True for those that are struck out, instead of those that count.
    pub struck_out: bool,
}

impl ReadingFilter {
    /// All readings of a subject that count.
    pub const fn of(subject: i64) -> Self {
        Self {
            subject,
            since: None,
            before: None,
            struck_out: false,
        }
    }
}

pub async fn list_readings(
    conn: &mut Conn,
    filter: ReadingFilter,
    limit: i64,
) -> sqlx::Result<Vec<Reading>> {
    let begin = format!("SELECT {READING} FROM vital_signs WHERE subject_id = ");
    let mut query = QueryBuilder::new(conn, begin);
    query.push_bind(filter.subject);
    query.push(match filter.struck_out {
        true => " AND struck_out_at IS NOT NULL",
        false => " AND struck_out_at IS NULL",
    });
    if let Some(since) = filter.since {
        query.push(" AND recorded_at >= ").push_bind(since);
    }
    if let Some((at, id)) = filter.before {
        query.push(" AND (recorded_at, id) < (").push_bind(at);
        query.push(", ").push_bind(id).push(")");
    }
    query
        .push(" ORDER BY recorded_at DESC, id DESC LIMIT ")
        .push_bind(limit);
    let rows: Vec<ReadingRow> = query.fetch_all(conn).await?;
    Ok(rows.into_iter().map(Reading::from).collect())
}

/// A reading with its subject's number and id.
#[derive(FromRow)]
pub struct Numbered {
    number: String,
    subject_id: i64,
    #[sqlx(flatten)]
    reading: ReadingRow,
}

impl Numbered {
    pub fn into_parts(self) -> (String, i64, Reading) {
        (self.number, self.subject_id, self.reading.into())
    }
}

/// Returns SQL that begins a query of [`Numbered`] readings, which are called `v`.
pub fn numbered() -> String {
    format!(
        "SELECT (SELECT number FROM subjects b WHERE b.id = v.subject_id) AS number, subject_id, {READING}
         FROM vital_signs v"
    )
}

/// Returns the readings that an import brought and nobody touched since, after this id.
pub async fn list_brought(
    conn: &mut Conn,
    import: i64,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<Numbered>> {
    let query = AssertSqlSafe(format!(
        "{} WHERE import_id = $1 AND version = 1 AND id > $2 ORDER BY id LIMIT $3",
        numbered()
    ));
    fetch_all!(conn, query, import, after, limit)
}

/// Returns the readings of a study that count, before this id, the one that was stored last first.
pub async fn list_study_readings(
    conn: &mut Conn,
    study: i64,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<Numbered>> {
    let query = AssertSqlSafe(format!(
        "{} WHERE study_id = $1 AND id < $2 AND struck_out_at IS NULL ORDER BY id DESC LIMIT $3",
        numbered()
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

/// Returns the readings that an import brought and somebody corrected or struck out since.
pub async fn list_touched(conn: &mut Conn, import: i64, limit: i64) -> sqlx::Result<Vec<Numbered>> {
    let query = AssertSqlSafe(format!(
        "{} WHERE import_id = $1 AND version > 1 ORDER BY id LIMIT $2",
        numbered()
    ));
    fetch_all!(conn, query, import, limit)
}

/// Counts the readings that an import brought and somebody corrected or struck out since.
pub async fn count_touched(conn: &mut Conn, import: i64) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "SELECT COUNT(*) FROM vital_signs WHERE import_id = $1 AND version > 1",
        import
    )
}

/// Removes the readings that an import brought and nobody touched since.
pub async fn delete_brought(conn: &mut Conn, import: i64) -> sqlx::Result<()> {
    execute!(
        conn,
        "DELETE FROM vital_signs WHERE import_id = $1 AND version = 1",
        import
    )
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
