//! SQL for sessions. Each statement writes what it is about and nothing else.

use crate::accounts::store::{USER, UserRow};
use crate::accounts::{Role, User};
use crate::clock::Timestamp;
use crate::server::{
    Conn, Subject, execute, fetch_all, fetch_optional, fetch_scalar, rows_affected,
};
use sqlx::{AssertSqlSafe, FromRow};

#[derive(FromRow)]
pub struct OpenSession {
    pub session: String,
    pub session_role: Role,
    pub started: Timestamp,
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
    /// The end of the time in which its previous id is valid too.
    pub previous_until: Option<Timestamp>,
    #[sqlx(flatten)]
    pub user: UserRow,
}

/// Returns the session with this id, or that had it until recently.
pub async fn find_open_session(
    conn: &mut Conn,
    id: &str,
    now: Timestamp,
) -> sqlx::Result<Option<OpenSession>> {
    let query = AssertSqlSafe(format!(
        "SELECT s.id AS session, s.role AS session_role, s.created_at AS started, s.seen_at,
             s.expires_at, s.previous_until, u.*
         FROM sessions s JOIN (SELECT {USER} FROM users) AS u ON u.id = s.user_id
         WHERE (s.id = $1 OR (s.previous_id = $1 AND s.previous_until > $2))
           AND s.expires_at > $2 AND u.active"
    ));
    fetch_optional!(conn, query, id, now)
}

pub async fn update_seen(
    conn: &mut Conn,
    id: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE sessions SET seen_at = $1, expires_at = $2 WHERE id = $3",
        now,
        expires_at,
        id
    )
}

/// A session to be inserted.
pub struct NewSession<'a> {
    /// The hash of its cookie's value.
    pub id: &'a str,
    pub agent: &'a str,
    pub address: &'a str,
    pub expires_at: Timestamp,
}

pub async fn insert_session(
    conn: &mut Conn,
    user: &User,
    session: NewSession<'_>,
    now: Timestamp,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "INSERT INTO sessions
             (id, user_id, role, user_agent, address, created_at, seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
        session.id,
        user.id,
        user.role,
        session.agent,
        session.address,
        now,
        session.expires_at
    )
}

/// Gives the session a new id for this role; the previous one stays valid until `previous_until`. False if
/// the session has ended.
pub async fn renew_id(
    conn: &mut Conn,
    id: &str,
    next: &str,
    previous_until: Timestamp,
    role: Role,
) -> sqlx::Result<bool> {
    conn.note_change(Subject::People);
    let written = rows_affected!(
        conn,
        "UPDATE sessions SET id = $1, previous_id = id, previous_until = $2, role = $3
         WHERE id = $4",
        next,
        previous_until,
        role,
        id
    )?;
    Ok(written == 1)
}

/// Gives the session a new id and invalidates the previous one. False if it has ended.
pub async fn update_id(conn: &mut Conn, id: &str, next: &str) -> sqlx::Result<bool> {
    conn.note_change(Subject::People);
    let written = rows_affected!(
        conn,
        "UPDATE sessions SET id = $1, previous_id = NULL, previous_until = NULL WHERE id = $2",
        next,
        id
    )?;
    Ok(written == 1)
}

pub async fn count_sessions(conn: &mut Conn, id: &str) -> sqlx::Result<i64> {
    fetch_scalar!(conn, "SELECT COUNT(*) FROM sessions WHERE id = $1", id)
}

/// A session as its owner sees it.
#[derive(Clone, Debug, FromRow)]
pub struct SessionRow {
    /// The stored hash, which grants nothing.
    pub id: String,
    pub user_agent: String,
    pub address: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
}

/// Returns the person's live sessions, most recently used first.
pub async fn list_sessions(
    conn: &mut Conn,
    user: i64,
    now: Timestamp,
    oldest: Timestamp,
) -> sqlx::Result<Vec<SessionRow>> {
    fetch_all!(
        conn,
        "SELECT id, user_agent, address, created_at, seen_at FROM sessions
         WHERE user_id = $1 AND expires_at > $2 AND created_at > $3
         ORDER BY seen_at DESC LIMIT 100",
        user,
        now,
        oldest
    )
}

/// Deletes one of the person's own sessions. False if it had ended.
pub async fn delete_session(conn: &mut Conn, user: i64, id: &str) -> sqlx::Result<bool> {
    conn.note_change(Subject::People);
    let deleted = rows_affected!(
        conn,
        "DELETE FROM sessions WHERE user_id = $1 AND id = $2",
        user,
        id
    )?;
    Ok(deleted == 1)
}

/// Deletes all the person's sessions but `kept` (an empty text keeps none).
pub async fn delete_other_sessions(conn: &mut Conn, user: i64, kept: &str) -> sqlx::Result<()> {
    conn.note_change(Subject::People);
    execute!(
        conn,
        "DELETE FROM sessions WHERE user_id = $1 AND id <> $2",
        user,
        kept
    )
}

/// Deletes the sessions that are over.
pub async fn delete_over(conn: &mut Conn, now: Timestamp, oldest: Timestamp) -> sqlx::Result<()> {
    execute!(
        conn,
        "DELETE FROM sessions WHERE expires_at <= $1 OR created_at <= $2",
        now,
        oldest
    )
}
