//! SQL for the addresses that mail may go to, once confirmed by their owners.

use super::hash_of;
use crate::clock::Timestamp;
use crate::server::{Conn, execute, fetch_one, fetch_optional, fetch_scalar, rows_affected};

/// Returns the event that the address was first written to about (this one if none), and whether the address
/// is confirmed. The token counts while that mail may still have to be sent again.
pub async fn open_address(
    conn: &mut Conn,
    address: &str,
    seq: i64,
    token: &str,
    now: Timestamp,
) -> sqlx::Result<(i64, bool)> {
    fetch_one!(
        conn,
        "INSERT INTO mail_addresses (address, first_seq, token_hash, created_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (address) DO UPDATE SET
             first_seq = COALESCE(mail_addresses.first_seq, excluded.first_seq),
             token_hash = CASE
                 WHEN mail_addresses.confirmed_at IS NULL
                      AND COALESCE(mail_addresses.first_seq, excluded.first_seq) = excluded.first_seq
                 THEN excluded.token_hash ELSE mail_addresses.token_hash END
         RETURNING first_seq, confirmed_at IS NOT NULL",
        address,
        seq,
        hash_of(token),
        now
    )
}

/// Marks the address as confirmed without a link: the company's staff vouched for it.
pub async fn confirm_address(conn: &mut Conn, address: &str, now: Timestamp) -> sqlx::Result<()> {
    execute!(
        conn,
        "INSERT INTO mail_addresses (address, confirmed_at, created_at) VALUES ($1, $2, $2)
         ON CONFLICT (address) DO UPDATE SET
             confirmed_at = COALESCE(mail_addresses.confirmed_at, excluded.confirmed_at)",
        address,
        now
    )
}

pub async fn is_confirmed(conn: &mut Conn, address: &str) -> sqlx::Result<bool> {
    fetch_scalar!(
        conn,
        "SELECT EXISTS (SELECT 1 FROM mail_addresses
         WHERE address = $1 AND confirmed_at IS NOT NULL)",
        address
    )
}

/// Returns the address that a link confirms, and whether it is confirmed.
pub async fn find_by_token(conn: &mut Conn, token: &str) -> sqlx::Result<Option<(String, bool)>> {
    fetch_optional!(
        conn,
        "SELECT address, confirmed_at IS NOT NULL FROM mail_addresses WHERE token_hash = $1",
        hash_of(token)
    )
}

/// Confirms the address of the link; repeating it changes nothing. False if there is no such link.
pub async fn confirm_by_token(conn: &mut Conn, token: &str, now: Timestamp) -> sqlx::Result<bool> {
    let known = rows_affected!(
        conn,
        "UPDATE mail_addresses SET confirmed_at = COALESCE(confirmed_at, $2)
         WHERE token_hash = $1",
        hash_of(token),
        now
    )?;
    Ok(known == 1)
}
