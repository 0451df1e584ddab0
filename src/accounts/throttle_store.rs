//! SQL for what the throttles count: tries to sign in, and registrations.

use crate::clock::Timestamp;
use crate::server::{Conn, Engine, with_db};
use sqlx::AssertSqlSafe;

/// Keeps others from counting the same until the transaction ends, so that tries made at once are all
/// counted. SQLite has one writer at a time anyway.
pub async fn lock(conn: &mut Conn, what: &str) -> sqlx::Result<()> {
    if conn.engine() == Engine::Sqlite {
        return Ok(());
    }
    let query = "SELECT pg_advisory_xact_lock(hashtextextended('throttle ' || $1, 0))";
    with_db!(conn, |c| sqlx::query(query)
        .bind(what)
        .execute(c)
        .await
        .map(drop))
}

/// When the failed tries in the window were made, newest first: those for the account, whichever
/// the address, or only those from `address`.
pub async fn list_failures(
    conn: &mut Conn,
    account: Option<&str>,
    address: Option<&str>,
    since: Timestamp,
    limit: i64,
) -> sqlx::Result<Vec<Timestamp>> {
    let by = match (account, address) {
        (Some(_), Some(_)) => "account = $1 AND address = $2",
        (Some(_), None) => "account = $1 AND $2 = ''",
        _ => "$1 = '' AND address = $2",
    };
    let query = AssertSqlSafe(format!(
        "SELECT at FROM sign_in_attempts WHERE {by} AND at > $3 AND NOT succeeded
         ORDER BY at DESC LIMIT $4"
    ));
    with_db!(conn, |c| sqlx::query_scalar(query)
        .bind(account.unwrap_or_default())
        .bind(address.unwrap_or_default())
        .bind(since)
        .bind(limit)
        .fetch_all(c)
        .await)
}

/// Whether the account was signed in to from this address since `since`.
pub async fn knows_address(
    conn: &mut Conn,
    account: &str,
    address: &str,
    since: Timestamp,
) -> sqlx::Result<bool> {
    let query = "SELECT COUNT(*) FROM sign_in_attempts
                 WHERE account = $1 AND address = $2 AND at > $3 AND succeeded";
    let count: i64 = with_db!(conn, |c| sqlx::query_scalar(query)
        .bind(account)
        .bind(address)
        .bind(since)
        .fetch_one(c)
        .await)?;
    Ok(count > 0)
}

pub async fn create_attempt(
    conn: &mut Conn,
    account: &str,
    address: &str,
    now: Timestamp,
) -> sqlx::Result<i64> {
    let query = "INSERT INTO sign_in_attempts (account, address, succeeded, at)
                 VALUES ($1, $2, FALSE, $3) RETURNING id";
    with_db!(conn, |c| sqlx::query_scalar(query)
        .bind(account)
        .bind(address)
        .bind(now)
        .fetch_one(c)
        .await)
}

/// The account was made from this address, which it is known by from now on.
pub async fn create_known_address(
    conn: &mut Conn,
    account: &str,
    address: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = "INSERT INTO sign_in_attempts (account, address, succeeded, at)
                 VALUES ($1, $2, TRUE, $3)";
    with_db!(conn, |c| sqlx::query(query)
        .bind(account)
        .bind(address)
        .bind(now)
        .execute(c)
        .await
        .map(drop))
}

/// The try succeeded: the failures before it, from the same address, are forgiven.
pub async fn forgive_attempts(
    conn: &mut Conn,
    attempt: i64,
    account: &str,
    address: &str,
) -> sqlx::Result<()> {
    let query = "UPDATE sign_in_attempts SET succeeded = TRUE WHERE id = $1";
    with_db!(conn, |c| sqlx::query(query)
        .bind(attempt)
        .execute(c)
        .await
        .map(drop))?;
    let query = "DELETE FROM sign_in_attempts
                 WHERE account = $1 AND address = $2 AND NOT succeeded";
    with_db!(conn, |c| sqlx::query(query)
        .bind(account)
        .bind(address)
        .execute(c)
        .await
        .map(drop))
}

/// When people registered from this address since `since`, newest first.
pub async fn list_registrations(
    conn: &mut Conn,
    address: &str,
    since: Timestamp,
    limit: i64,
) -> sqlx::Result<Vec<Timestamp>> {
    let query = "SELECT at FROM registrations WHERE address = $1 AND at > $2
                 ORDER BY at DESC LIMIT $3";
    with_db!(conn, |c| sqlx::query_scalar(query)
        .bind(address)
        .bind(since)
        .bind(limit)
        .fetch_all(c)
        .await)
}

pub async fn create_registration(
    conn: &mut Conn,
    address: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = "INSERT INTO registrations (address, at) VALUES ($1, $2)";
    with_db!(conn, |c| sqlx::query(query)
        .bind(address)
        .bind(now)
        .execute(c)
        .await
        .map(drop))
}
