//! SQL for planned visits, and what has become of them.

use super::rules::Visit;
use crate::clock::Timestamp;
use crate::server::{Conn, execute, fetch_all, fetch_scalar};
use sqlx::{AssertSqlSafe, FromRow};

#[derive(FromRow)]
struct VisitRow {
    id: i64,
    name: String,
    day: i64,
    days_before: i64,
    days_after: i64,
}

impl From<VisitRow> for Visit {
    fn from(row: VisitRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            day: row.day,
            before: row.days_before,
            after: row.days_after,
        }
    }
}

pub async fn insert_visit(conn: &mut Conn, study: i64, visit: &Visit) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO study_visits (study_id, name, day, days_before, days_after)
         VALUES ($1, $2, $3, $4, $5) RETURNING id",
        study,
        &visit.name,
        visit.day,
        visit.before,
        visit.after
    )
}

pub async fn delete_visit(conn: &mut Conn, study: i64, id: i64) -> sqlx::Result<()> {
    execute!(
        conn,
        "DELETE FROM study_visits WHERE study_id = $1 AND id = $2",
        study,
        id
    )
}

/// Returns the visits that a study plans, by day.
pub async fn list_visits(conn: &mut Conn, study: i64) -> sqlx::Result<Vec<Visit>> {
    let rows: Vec<VisitRow> = fetch_all!(
        conn,
        "SELECT id, name, day, days_before, days_after FROM study_visits WHERE study_id = $1 ORDER BY day",
        study
    )?;
    Ok(rows.into_iter().map(Visit::from).collect())
}

/// SQL for the condition that a reading of `r` counts and is in the window of a visit of `v`, for a subject whose day of
/// enrolment is this. It compares instants, so that the index of the subject's readings serves it.
fn in_window(enrolled: &str) -> String {
    format!(
        "r.struck_out_at IS NULL
         AND r.recorded_at >= ({enrolled} + v.day - v.days_before) * 86400000000
         AND r.recorded_at < ({enrolled} + v.day + v.days_after + 1) * 86400000000"
    )
}

#[derive(FromRow)]
struct SubjectVisitRow {
    #[sqlx(flatten)]
    visit: VisitRow,
    done_at: Option<Timestamp>,
}

/// Returns the visits that a study plans, by day, each with the time of the first reading in the window of this subject.
pub async fn list_visits_of(
    conn: &mut Conn,
    study: i64,
    subject: i64,
    enrolled_on: i64,
) -> sqlx::Result<Vec<(Visit, Option<Timestamp>)>> {
    let in_window = in_window("$3");
    let query = AssertSqlSafe(format!(
        "SELECT v.id, v.name, v.day, v.days_before, v.days_after,
                (SELECT MIN(r.recorded_at) FROM vital_signs r WHERE r.subject_id = $2 AND {in_window}) AS done_at
         FROM study_visits v WHERE v.study_id = $1 ORDER BY v.day"
    ));
    let rows: Vec<SubjectVisitRow> = fetch_all!(conn, query, study, subject, enrolled_on)?;
    let visits = rows.into_iter().map(|row| (row.visit.into(), row.done_at));
    Ok(visits.collect())
}

/// A visit that a subject has missed.
#[derive(FromRow)]
pub struct MissedRow {
    pub subject_id: i64,
    pub number: String,
    pub enrolled_at: Timestamp,
    #[sqlx(flatten)]
    visit: VisitRow,
}

impl MissedRow {
    pub fn into_parts(self) -> (i64, String, Timestamp, Visit) {
        (
            self.subject_id,
            self.number,
            self.enrolled_at,
            self.visit.into(),
        )
    }
}

/// SQL for the missed visits of study `$1` on day `$2`: of subjects that take part or have completed the study.
fn missed() -> String {
    let enrolled = "b.enrolled_at / 86400000000";
    let in_window = in_window(enrolled);
    format!(
        "FROM subjects b JOIN study_visits v ON v.study_id = b.study_id
         WHERE b.study_id = $1 AND b.status IN ('enrolled', 'completed')
           AND {enrolled} + v.day + v.days_after < $2
           AND NOT EXISTS (SELECT 1 FROM vital_signs r WHERE r.subject_id = b.id AND {in_window})"
    )
}

/// Counts the missed visits of a study.
pub async fn count_missed(conn: &mut Conn, study: i64, today: i64) -> sqlx::Result<i64> {
    let query = AssertSqlSafe(format!("SELECT COUNT(*) {}", missed()));
    fetch_scalar!(conn, query, study, today)
}

/// Returns the missed visits of a study by subject and day, after this subject and day.
pub async fn list_missed(
    conn: &mut Conn,
    study: i64,
    today: i64,
    (subject, day): (i64, i64),
    limit: i64,
) -> sqlx::Result<Vec<MissedRow>> {
    let query = AssertSqlSafe(format!(
        "SELECT b.id AS subject_id, b.number, b.enrolled_at, v.id, v.name, v.day, v.days_before, v.days_after {}
           AND (b.id, v.day) > ($3, $4)
         ORDER BY b.id, v.day LIMIT $5",
        missed()
    ));
    fetch_all!(conn, query, study, today, subject, day, limit)
}
