//! SQL for people, sessions and tokens.

use super::email::{Spellings, search_key};
use super::{Email, PersonName, Role, User};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::{Language, t};
use crate::server::matching::{self, Whereabouts};
use crate::server::{
    Conn, Subject, execute, fetch_all, fetch_optional, fetch_optional_scalar, fetch_scalar,
    fetch_scalars, rows_affected, stored_as_word,
};
use sqlx::{AssertSqlSafe, FromRow};

stored_as_word!(Role, Language);

pub const USER: &str = "id, name, email, role, active, version, language, created_at, updated_at";

/// Finds one user. `$where` may use `$1` and what joins before it names `users`.
macro_rules! user_query {
    ($rest:literal) => {
        AssertSqlSafe(format!("SELECT {USER} FROM users {}", $rest))
    };
}

#[derive(FromRow)]
pub struct UserRow {
    id: i64,
    name: String,
    email: String,
    role: Role,
    active: bool,
    version: i64,
    language: Option<Language>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            email: row.email,
            role: row.role,
            active: row.active,
            version: row.version,
            language: row.language,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

pub async fn find_user(conn: &mut Conn, id: i64) -> sqlx::Result<Option<User>> {
    let query = user_query!("WHERE id = $1");
    let row: Option<UserRow> = fetch_optional!(conn, query, id)?;
    Ok(row.map(User::from))
}

/// Returns the user of this token family, unless it has ended.
pub async fn find_user_of_family(conn: &mut Conn, family: i64) -> sqlx::Result<Option<User>> {
    let query = user_query!(
        "WHERE id = (SELECT user_id FROM token_families WHERE id = $1 AND ended_at IS NULL)"
    );
    let row: Option<UserRow> = fetch_optional!(conn, query, family)?;
    Ok(row.map(User::from))
}

/// The stored password that a given one is checked against.
#[derive(FromRow)]
pub struct KnownPassword {
    pub id: i64,
    pub password_hash: String,
    /// Changes with each new password.
    pub password_version: i64,
}

/// Returns the password of the user with this address. If two have it in different spellings, the one who has
/// it as typed counts.
pub async fn find_password(
    conn: &mut Conn,
    old: &str,
    one: &str,
) -> sqlx::Result<Option<KnownPassword>> {
    fetch_optional!(
        conn,
        "SELECT id, password_hash, password_version FROM users
         WHERE email = $1 OR email_key = $2 ORDER BY email = $1 DESC, id LIMIT 1",
        old,
        one
    )
}

/// Returns true if the person can sign in and this is still their password, and keeps it so until the
/// transaction ends: what is created in it precedes a change, which ends it with all the others.
pub async fn hold_password(conn: &mut Conn, user: i64, version: i64) -> sqlx::Result<bool> {
    let query = conn.pick(
        "SELECT id FROM users WHERE id = $1 AND password_version = $2 AND active",
        "SELECT id FROM users WHERE id = $1 AND password_version = $2 AND active
         FOR NO KEY UPDATE",
    );
    let found: Option<i64> = fetch_optional_scalar!(conn, query, user, version)?;
    Ok(found.is_some())
}

/// Returns true if another account than `own` has the address, in any spelling.
pub async fn is_email_taken(conn: &mut Conn, email: &str, own: i64) -> sqlx::Result<bool> {
    let count: i64 = fetch_scalar!(
        conn,
        "SELECT COUNT(*) FROM users WHERE email_key = $1 AND id <> $2",
        email,
        own
    )?;
    Ok(count > 0)
}

/// Refuses an address that another account has, in any spelling.
pub async fn check_free(conn: &mut Conn, email: &str, own: i64) -> Result<(), AppError> {
    if is_email_taken(conn, email, own).await? {
        let message = t!("accounts-email-taken");
        return Err(AppError::invalid("email", message));
    }
    Ok(())
}

pub async fn create_user(
    conn: &mut Conn,
    name: &PersonName,
    email: &Email,
    password_hash: &str,
    role: Role,
    now: Timestamp,
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO users (name, email, password_hash, role, created_at, updated_at,
                            email_key, search_key)
         VALUES ($1, $2, $3, $4, $5, $5, $2, $6) RETURNING id",
        name.as_str(),
        email.as_str(),
        password_hash,
        role,
        now,
        search_key(name.as_str(), email.as_str())
    )
}

/// Updates all that may change but the password. False if `user.version` is stale.
pub async fn update_user(conn: &mut Conn, user: &User, now: Timestamp) -> sqlx::Result<bool> {
    conn.note_change(Subject::People);
    let written = rows_affected!(
        conn,
        "UPDATE users
         SET name = $1, email = $2, role = $3, active = $4, version = version + 1, updated_at = $5,
             email_key = $8, search_key = $9
         WHERE id = $6 AND version = $7",
        &user.name,
        &user.email,
        user.role,
        user.active,
        now,
        user.id,
        user.version,
        Spellings::of(&user.email).one,
        search_key(&user.name, &user.email)
    )?;
    Ok(written == 1)
}

pub async fn update_password(
    conn: &mut Conn,
    user: i64,
    password_hash: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    conn.note_change(Subject::People);
    execute!(
        conn,
        "UPDATE users SET password_hash = $1, password_version = password_version + 1,
             version = version + 1, updated_at = $2 WHERE id = $3",
        password_hash,
        now,
        user
    )
}

/// Replaces the hash of the same password, as long as it is still the password.
pub async fn update_hash(
    conn: &mut Conn,
    user: i64,
    version: i64,
    password_hash: &str,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE users SET password_hash = $1 WHERE id = $2 AND password_version = $3",
        password_hash,
        user,
        version
    )
}

/// Locks the admins' rows, so that two of them cannot remove each other concurrently, and counts those who
/// can sign in.
pub async fn count_admins(conn: &mut Conn) -> sqlx::Result<usize> {
    let query = conn.pick(
        "SELECT id FROM users WHERE role = 'admin' AND active",
        "SELECT id FROM users WHERE role = 'admin' AND active ORDER BY id FOR UPDATE",
    );
    let admins: Vec<i64> = fetch_scalars!(conn, query)?;
    Ok(admins.len())
}

/// The filter of a user list.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Part of the name or the address.
    pub text: String,
    pub role: Option<Role>,
    /// Only users before this id: the newest come first.
    pub before: Option<i64>,
}

pub async fn list_users(
    conn: &mut Conn,
    filter: &UserFilter,
    limit: i64,
) -> sqlx::Result<Vec<User>> {
    let fits = matching::fits("search_key", "$3");
    let query = AssertSqlSafe(format!(
        "SELECT {USER} FROM users WHERE id < $1 AND ($2 = '' OR role = $2) AND {fits}
         ORDER BY id DESC LIMIT $4"
    ));
    let pattern = matching::pattern(Whereabouts::Anywhere, &filter.text);
    let rows: Vec<UserRow> = fetch_all!(
        conn,
        query,
        filter.before.unwrap_or(i64::MAX),
        filter.role.map_or("", Role::as_str),
        pattern,
        limit
    )?;
    Ok(rows.into_iter().map(User::from).collect())
}

/// The stored state of a refresh token.
#[derive(FromRow)]
pub struct KnownToken {
    pub family_id: i64,
    pub user_id: i64,
    pub ended: bool,
    pub expires_at: Timestamp,
    /// The start of its family.
    pub started: Timestamp,
}

pub async fn create_token_family(
    conn: &mut Conn,
    user: i64,
    user_agent: &str,
    address: &str,
    now: Timestamp,
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO token_families (user_id, user_agent, address, created_at)
         VALUES ($1, $2, $3, $4) RETURNING id",
        user,
        user_agent,
        address,
        now
    )
}

pub async fn create_refresh_token(
    conn: &mut Conn,
    hash: &str,
    family: i64,
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "INSERT INTO refresh_tokens (hash, family_id, expires_at) VALUES ($1, $2, $3)",
        hash,
        family,
        expires_at
    )
}

pub async fn find_refresh_token(conn: &mut Conn, hash: &str) -> sqlx::Result<Option<KnownToken>> {
    fetch_optional!(
        conn,
        "SELECT t.family_id, f.user_id, f.ended_at IS NOT NULL AS ended, t.expires_at,
             f.created_at AS started
         FROM refresh_tokens t JOIN token_families f ON f.id = t.family_id
         WHERE t.hash = $1",
        hash
    )
}

/// Marks the token as used. False if it already was, by whoever came first.
pub async fn use_refresh_token(conn: &mut Conn, hash: &str, now: Timestamp) -> sqlx::Result<bool> {
    let used = rows_affected!(
        conn,
        "UPDATE refresh_tokens SET used_at = $1 WHERE hash = $2 AND used_at IS NULL",
        now,
        hash
    )?;
    Ok(used == 1)
}

/// Marks the token's response as given a second time. False if it already was, or was first used before
/// `since`, or if its successor has been used: then somebody had the first response.
pub async fn repeat_refresh_token(
    conn: &mut Conn,
    hash: &str,
    successor: &str,
    since: Timestamp,
) -> sqlx::Result<bool> {
    let repeated = rows_affected!(
        conn,
        "UPDATE refresh_tokens SET repeated = TRUE
         WHERE hash = $1 AND NOT repeated AND used_at > $2 AND EXISTS
             (SELECT 1 FROM refresh_tokens s WHERE s.hash = $3 AND s.used_at IS NULL)",
        hash,
        since,
        successor
    )?;
    Ok(repeated == 1)
}

pub async fn end_token_family(conn: &mut Conn, family: i64, now: Timestamp) -> sqlx::Result<()> {
    conn.note_change(Subject::People);
    execute!(
        conn,
        "UPDATE token_families SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL",
        now,
        family
    )
}

/// Ends all the sign-ins of the person's programs and returns their number.
pub async fn end_token_families_of(
    conn: &mut Conn,
    user: i64,
    now: Timestamp,
) -> sqlx::Result<u64> {
    conn.note_change(Subject::People);
    rows_affected!(
        conn,
        "UPDATE token_families SET ended_at = $1 WHERE user_id = $2 AND ended_at IS NULL",
        now,
        user
    )
}

/// Deletes what is no longer needed: old attempts and registrations, and refresh tokens long expired.
pub async fn delete_stale(conn: &mut Conn, before: Timestamp) -> sqlx::Result<()> {
    for query in [
        "DELETE FROM sign_in_attempts WHERE at < $1",
        "DELETE FROM registrations WHERE at < $1",
        "DELETE FROM refresh_tokens WHERE expires_at < $1",
        "DELETE FROM token_families WHERE created_at < $1
           AND NOT EXISTS (SELECT 1 FROM refresh_tokens r WHERE r.family_id = token_families.id)",
    ] {
        execute!(conn, query, before)?;
    }
    Ok(())
}

pub async fn update_language(conn: &mut Conn, user: i64, language: Language) -> sqlx::Result<()> {
    conn.note_change(Subject::People);
    execute!(
        conn,
        "UPDATE users SET language = $1 WHERE id = $2",
        language,
        user
    )
}
