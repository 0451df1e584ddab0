//! SQL for studies, their sites, arms and members.

use crate::clock::Timestamp;
use crate::server::{
    Conn, execute, fetch_all, fetch_optional, fetch_optional_scalar, fetch_scalar, rows_affected,
    stored_as_word,
};
use crate::trials::{Arm, Member, Sex, Site, Study, StudyRole, StudyStatus, SubjectStatus};
use sqlx::{AssertSqlSafe, FromRow};

stored_as_word!(Sex, StudyRole, StudyStatus, SubjectStatus);

const STUDY: &str =
    "s.id, s.code, s.title, s.status, s.planned, s.version, s.created_at, s.updated_at";

#[derive(FromRow)]
struct StudyRow {
    id: i64,
    code: String,
    title: String,
    status: StudyStatus,
    planned: Option<i64>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<StudyRow> for Study {
    fn from(row: StudyRow) -> Self {
        Self {
            id: row.id,
            code: row.code,
            title: row.title,
            status: row.status,
            planned: row.planned,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

pub async fn insert_study(
    conn: &mut Conn,
    study: &Study,
    created_by: Option<i64>,
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO studies (code, title, status, planned, created_by, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id",
        &study.code,
        &study.title,
        study.status,
        study.planned,
        created_by,
        study.created_at
    )
}

/// Saves what can change. Returns false if the version is not the one it was read with.
pub async fn update_study(conn: &mut Conn, study: &Study, now: Timestamp) -> sqlx::Result<bool> {
    let updated = rows_affected!(
        conn,
        "UPDATE studies SET title = $1, status = $2, planned = $3, version = version + 1, updated_at = $4
         WHERE id = $5 AND version = $6",
        &study.title,
        study.status,
        study.planned,
        now,
        study.id,
        study.version
    )?;
    Ok(updated == 1)
}

pub async fn find_study(conn: &mut Conn, id: i64) -> sqlx::Result<Option<Study>> {
    let query = AssertSqlSafe(format!("SELECT {STUDY} FROM studies s WHERE s.id = $1"));
    let row: Option<StudyRow> = fetch_optional!(conn, query, id)?;
    Ok(row.map(Study::from))
}

pub async fn find_study_called(conn: &mut Conn, code: &str) -> sqlx::Result<Option<Study>> {
    let query = AssertSqlSafe(format!("SELECT {STUDY} FROM studies s WHERE s.code = $1"));
    let row: Option<StudyRow> = fetch_optional!(conn, query, code)?;
    Ok(row.map(Study::from))
}

/// A study in a list: with the reader's role, and the number of its subjects.
#[derive(FromRow)]
pub struct StudyLine {
    #[sqlx(flatten)]
    study: StudyRow,
    pub role: Option<StudyRole>,
    pub enrolled: i64,
}

impl StudyLine {
    pub fn into_parts(self) -> (Study, Option<StudyRole>, i64) {
        (self.study.into(), self.role, self.enrolled)
    }
}

/// Returns the studies after this id in which the user has a role, or every study.
pub async fn list_studies(
    conn: &mut Conn,
    user: i64,
    all: bool,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<StudyLine>> {
    let join = if all { "LEFT JOIN" } else { "JOIN" };
    let query = AssertSqlSafe(format!(
        "SELECT {STUDY}, m.role,
                (SELECT COUNT(*) FROM subjects b WHERE b.study_id = s.id
                 AND b.status IN ('enrolled', 'completed')) AS enrolled
         FROM studies s {join} study_members m ON m.study_id = s.id AND m.user_id = $1
         WHERE s.id > $2 ORDER BY s.id LIMIT $3"
    ));
    fetch_all!(conn, query, user, after, limit)
}

#[derive(FromRow)]
struct SiteRow {
    id: i64,
    code: String,
    name: String,
    last_ordinal: i64,
}

impl From<SiteRow> for Site {
    fn from(row: SiteRow) -> Self {
        Self {
            id: row.id,
            code: row.code,
            name: row.name,
            last_ordinal: row.last_ordinal,
        }
    }
}

pub async fn insert_site(conn: &mut Conn, study: i64, code: &str, name: &str) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO study_sites (study_id, code, name) VALUES ($1, $2, $3) RETURNING id",
        study,
        code,
        name
    )
}

pub async fn list_sites(conn: &mut Conn, study: i64) -> sqlx::Result<Vec<Site>> {
    let rows: Vec<SiteRow> = fetch_all!(
        conn,
        "SELECT id, code, name, last_ordinal FROM study_sites WHERE study_id = $1 ORDER BY code",
        study
    )?;
    Ok(rows.into_iter().map(Site::from).collect())
}

/// Counts the site's subjects up by one and returns its new last ordinal. PostgreSQL keeps the row locked until the
/// transaction ends, and SQLite has one writer at a time.
pub async fn take_ordinal(conn: &mut Conn, site: i64) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "UPDATE study_sites SET last_ordinal = last_ordinal + 1 WHERE id = $1 RETURNING last_ordinal",
        site
    )
}

pub async fn insert_arm(conn: &mut Conn, study: i64, name: &str) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO study_arms (study_id, name) VALUES ($1, $2) RETURNING id",
        study,
        name
    )
}

pub async fn list_arms(conn: &mut Conn, study: i64) -> sqlx::Result<Vec<Arm>> {
    let rows: Vec<(i64, String)> = fetch_all!(
        conn,
        "SELECT id, name FROM study_arms WHERE study_id = $1 ORDER BY id",
        study
    )?;
    Ok(rows
        .into_iter()
        .map(|(id, name)| Arm { id, name })
        .collect())
}

pub async fn find_role(conn: &mut Conn, study: i64, user: i64) -> sqlx::Result<Option<StudyRole>> {
    fetch_optional_scalar!(
        conn,
        "SELECT role FROM study_members WHERE study_id = $1 AND user_id = $2",
        study,
        user
    )
}

#[derive(FromRow)]
struct MemberRow {
    user_id: i64,
    name: String,
    email: String,
    role: StudyRole,
    since: Timestamp,
}

/// Returns everybody with a role in the study, by the time since when.
pub async fn list_members(conn: &mut Conn, study: i64) -> sqlx::Result<Vec<Member>> {
    let rows: Vec<MemberRow> = fetch_all!(
        conn,
        "SELECT m.user_id, u.name, u.email, m.role, m.since
         FROM study_members m JOIN users u ON u.id = m.user_id
         WHERE m.study_id = $1 ORDER BY m.since, m.user_id",
        study
    )?;
    let members = rows.into_iter().map(|row| Member {
        user_id: row.user_id,
        name: row.name,
        email: row.email,
        role: row.role,
        since: row.since,
    });
    Ok(members.collect())
}

/// Gives somebody a role in the study, instead of one they had.
pub async fn save_member(
    conn: &mut Conn,
    study: i64,
    user: i64,
    role: StudyRole,
    now: Timestamp,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "INSERT INTO study_members (study_id, user_id, role, since) VALUES ($1, $2, $3, $4)
         ON CONFLICT (study_id, user_id) DO UPDATE SET role = excluded.role, since = excluded.since",
        study,
        user,
        role,
        now
    )
}

pub async fn delete_member(conn: &mut Conn, study: i64, user: i64) -> sqlx::Result<()> {
    execute!(
        conn,
        "DELETE FROM study_members WHERE study_id = $1 AND user_id = $2",
        study,
        user
    )
}

/// The subjects of one site in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct StateCount {
    pub site_id: i64,
    pub status: SubjectStatus,
    pub subjects: i64,
}

/// Counts the study's subjects by site and state.
pub async fn count_subjects(conn: &mut Conn, study: i64) -> sqlx::Result<Vec<StateCount>> {
    fetch_all!(
        conn,
        "SELECT site_id, status, COUNT(*) AS subjects FROM subjects
         WHERE study_id = $1 GROUP BY site_id, status",
        study
    )
}

/// Returns for each site with subjects their number, the first ordinal and the last.
pub async fn count_numbers(conn: &mut Conn, study: i64) -> sqlx::Result<Vec<(i64, i64, i64, i64)>> {
    fetch_all!(
        conn,
        "SELECT site_id, COUNT(*), MIN(ordinal), MAX(ordinal) FROM subjects
         WHERE study_id = $1 GROUP BY site_id",
        study
    )
}

/// Returns true if there is any study.
pub async fn has_studies(conn: &mut Conn) -> sqlx::Result<bool> {
    let count: i64 = fetch_scalar!(conn, "SELECT COUNT(*) FROM studies")?;
    Ok(count > 0)
}
