//! SQL for what the throttles count: sign-in attempts, and registrations.

use crate::clock::Timestamp;
use crate::server::{ClientIp, Conn, Engine, execute, fetch_scalar, fetch_scalars};
use sqlx::AssertSqlSafe;

/// Keeps others from counting the same until the transaction ends, so that concurrent attempts are all
/// counted. SQLite has one writer at a time anyway.
pub async fn lock(conn: &mut Conn, what: &str) -> sqlx::Result<()> {
    if conn.engine() == Engine::Sqlite {
        return Ok(());
    }
    execute!(
        conn,
        "SELECT pg_advisory_xact_lock(hashtextextended('throttle ' || $1, 0))",
        what
    )
}

/// The failed attempts to count.
pub enum Failures<'a> {
    /// For the account, from any address.
    OfAccount(&'a str),
    /// For the account, from this address.
    OfAccountFrom(&'a str, &'a str),
    /// From this address, for any account.
    From(&'a str),
    /// From this wide network, for any account.
    FromWide(&'a str),
}

/// A client's location, for counting.
pub struct Place {
    /// An IPv4 address, or the first address of an IPv6 network of 64 bits.
    pub near: String,
    /// The same of 48 bits; empty for IPv4.
    pub wide: String,
}

impl From<ClientIp> for Place {
    fn from(address: ClientIp) -> Self {
        let text = |ClientIp(address)| address.to_string();
        Self {
            near: text(address.network()),
            wide: address.wide_network().map_or_else(String::new, text),
        }
    }
}

impl Place {
    pub fn wide(&self) -> Option<Failures<'_>> {
        (!self.wide.is_empty()).then_some(Failures::FromWide(&self.wide))
    }
}

/// Returns the times of the failures since `since`, newest first.
pub async fn list_failures(
    conn: &mut Conn,
    which: Failures<'_>,
    since: Timestamp,
    limit: i64,
) -> sqlx::Result<Vec<Timestamp>> {
    let (by, account, address) = match which {
        Failures::OfAccount(account) => ("account = $1 AND $2 = ''", account, ""),
        Failures::OfAccountFrom(account, address) => {
            ("account = $1 AND address = $2", account, address)
        }
        Failures::From(address) => ("$1 = '' AND address = $2", "", address),
        // The condition is repeated so that the partial index serves.
        Failures::FromWide(wide) => ("$1 = '' AND wide = $2 AND wide <> ''", "", wide),
    };
    let query = AssertSqlSafe(format!(
        "SELECT at FROM sign_in_attempts WHERE {by} AND at > $3 AND NOT succeeded
         ORDER BY at DESC LIMIT $4"
    ));
    fetch_scalars!(conn, query, account, address, since, limit)
}

/// Returns true if the account was signed in to from this address since `since`.
pub async fn knows_address(
    conn: &mut Conn,
    account: &str,
    address: &str,
    since: Timestamp,
) -> sqlx::Result<bool> {
    let count: i64 = fetch_scalar!(
        conn,
        "SELECT COUNT(*) FROM sign_in_attempts
         WHERE account = $1 AND address = $2 AND at > $3 AND succeeded",
        account,
        address,
        since
    )?;
    Ok(count > 0)
}

pub async fn create_attempt(
    conn: &mut Conn,
    account: &str,
    place: &Place,
    now: Timestamp,
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO sign_in_attempts (account, address, wide, succeeded, at)
         VALUES ($1, $2, $3, FALSE, $4) RETURNING id",
        account,
        &place.near,
        &place.wide,
        now
    )
}

/// Records that the account was created from this address, which it is known by from now on.
pub async fn create_known_address(
    conn: &mut Conn,
    account: &str,
    address: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "INSERT INTO sign_in_attempts (account, address, succeeded, at)
         VALUES ($1, $2, TRUE, $3)",
        account,
        address,
        now
    )
}

/// Marks the attempt as succeeded and forgives the failures from the same address.
pub async fn forgive_attempts(
    conn: &mut Conn,
    attempt: i64,
    account: &str,
    address: &str,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE sign_in_attempts SET succeeded = TRUE WHERE id = $1",
        attempt
    )?;
    execute!(
        conn,
        "DELETE FROM sign_in_attempts
         WHERE account = $1 AND address = $2 AND NOT succeeded",
        account,
        address
    )
}

/// Returns the times of registrations from this network since `since`, newest first.
pub async fn list_registrations(
    conn: &mut Conn,
    network: &str,
    is_wide: bool,
    since: Timestamp,
    limit: i64,
) -> sqlx::Result<Vec<Timestamp>> {
    let by = match is_wide {
        true => "wide = $1 AND wide <> ''",
        false => "address = $1",
    };
    let query = AssertSqlSafe(format!(
        "SELECT at FROM registrations WHERE {by} AND at > $2 ORDER BY at DESC LIMIT $3"
    ));
    fetch_scalars!(conn, query, network, since, limit)
}

pub async fn create_registration(
    conn: &mut Conn,
    place: &Place,
    now: Timestamp,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "INSERT INTO registrations (address, wide, at) VALUES ($1, $2, $3)",
        &place.near,
        &place.wide,
        now
    )
}
