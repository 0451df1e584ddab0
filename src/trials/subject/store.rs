//! SQL for subjects.

use super::filter::SubjectFilter;
use crate::clock::Timestamp;
use crate::server::{
    Conn, QueryBuilder, fetch_all, fetch_optional, fetch_optional_scalar, fetch_scalar,
    rows_affected,
};
use crate::trials::{Sex, Subject, SubjectStatus};
use sqlx::{AssertSqlSafe, FromRow};

const SUBJECT: &str = "id, study_id, site_id, number, age, sex, arm_id, status, enrolled_at, version, \
     created_at, updated_at";

#[derive(FromRow)]
struct SubjectRow {
    id: i64,
    study_id: i64,
    site_id: i64,
    number: String,
    age: i64,
    sex: Sex,
    arm_id: Option<i64>,
    status: SubjectStatus,
    enrolled_at: Option<Timestamp>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<SubjectRow> for Subject {
    fn from(row: SubjectRow) -> Self {
        Self {
            id: row.id,
            study_id: row.study_id,
            site_id: row.site_id,
            number: row.number,
            age: row.age,
            sex: row.sex,
            arm_id: row.arm_id,
            status: row.status,
            enrolled_at: row.enrolled_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

pub async fn insert_subject(
    conn: &mut Conn,
    subject: &Subject,
    ordinal: i64,
    sealed_name: &str,
    created_by: Option<i64>,
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO subjects (study_id, site_id, ordinal, number, sealed_name, age, sex, arm_id, status,
             enrolled_at, created_by, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) RETURNING id",
        subject.study_id,
        subject.site_id,
        ordinal,
        &subject.number,
        sealed_name,
        subject.age,
        subject.sex,
        subject.arm_id,
        subject.status,
        subject.enrolled_at,
        created_by,
        subject.created_at
    )
}

/// Saves what can change. Returns false if the version is not the one it was read with.
pub async fn update_subject(
    conn: &mut Conn,
    subject: &Subject,
    sealed_name: &str,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let updated = rows_affected!(
        conn,
        "UPDATE subjects SET sealed_name = $1, age = $2, sex = $3, arm_id = $4, status = $5, enrolled_at = $6,
             version = version + 1, updated_at = $7
         WHERE id = $8 AND version = $9",
        sealed_name,
        subject.age,
        subject.sex,
        subject.arm_id,
        subject.status,
        subject.enrolled_at,
        now,
        subject.id,
        subject.version
    )?;
    Ok(updated == 1)
}

pub async fn find_subject(conn: &mut Conn, id: i64) -> sqlx::Result<Option<Subject>> {
    let query = AssertSqlSafe(format!("SELECT {SUBJECT} FROM subjects WHERE id = $1"));
    let row: Option<SubjectRow> = fetch_optional!(conn, query, id)?;
    Ok(row.map(Subject::from))
}

pub async fn find_subject_numbered(conn: &mut Conn, number: &str) -> sqlx::Result<Option<Subject>> {
    let query = AssertSqlSafe(format!("SELECT {SUBJECT} FROM subjects WHERE number = $1"));
    let row: Option<SubjectRow> = fetch_optional!(conn, query, number)?;
    Ok(row.map(Subject::from))
}

/// Returns the subject's name as it is stored.
pub async fn find_sealed_name(conn: &mut Conn, id: i64) -> sqlx::Result<Option<String>> {
    fetch_optional_scalar!(conn, "SELECT sealed_name FROM subjects WHERE id = $1", id)
}

/// A subject's number, and the site that gave it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SubjectKey {
    pub id: i64,
    pub number: String,
    pub site_id: i64,
}

/// Returns the subjects of a study after this id, up to and with the last one.
pub async fn list_subject_keys(
    conn: &mut Conn,
    study: i64,
    (after, last): (i64, i64),
    limit: i64,
) -> sqlx::Result<Vec<SubjectKey>> {
    fetch_all!(
        conn,
        "SELECT id, number, site_id FROM subjects WHERE study_id = $1 AND id > $2 AND id <= $3 ORDER BY id LIMIT $4",
        study,
        after,
        last,
        limit
    )
}

/// Returns the id of the study's subject that was registered last; 0 if there is none.
pub async fn find_last_subject(conn: &mut Conn, study: i64) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "SELECT COALESCE(MAX(id), 0) FROM subjects WHERE study_id = $1",
        study
    )
}

/// A subject in a list, with its name as it is stored.
#[derive(FromRow)]
pub struct SubjectLine {
    #[sqlx(flatten)]
    subject: SubjectRow,
    pub sealed_name: String,
}

impl SubjectLine {
    pub fn into_parts(self) -> (Subject, String) {
        (self.subject.into(), self.sealed_name)
    }
}

/// Returns the matching subjects, the newest first.
pub async fn list_subjects(
    conn: &mut Conn,
    filter: &SubjectFilter,
    limit: i64,
) -> sqlx::Result<Vec<SubjectLine>> {
    let mut query = QueryBuilder::new(
        conn,
        format!("SELECT {SUBJECT}, sealed_name FROM subjects WHERE id < "),
    );
    query.push_bind(filter.before);
    if let Some(study) = filter.study_id {
        query.push(" AND study_id = ").push_bind(study);
    } else {
        query.push(" AND study_id IN (SELECT study_id FROM study_members WHERE user_id = ");
        query.push_bind(filter.user_id).push(")");
    }
    if let Some(status) = filter.status {
        query.push(" AND status = ").push_bind(status);
    }
    if let Some(site) = filter.site_id {
        query.push(" AND site_id = ").push_bind(site);
    }
    if let Some(arm) = filter.arm_id {
        query.push(" AND arm_id = ").push_bind(arm);
    }
    if !filter.number.is_empty() {
        let pattern = format!("%{}%", filter.number);
        query.push(" AND number LIKE ").push_bind(pattern);
        query.push(" ESCAPE '\\'");
    }
    query.push(" ORDER BY id DESC LIMIT ").push_bind(limit);
    query.fetch_all(conn).await
}
