//! Addresses that mail may go to, confirmed by their owners.
//!
//! Anybody can type anybody's address. Until its owner has followed the link in the first mail, or staff
//! have made the account, that first mail is the only one; and nobody gets more than so many a day.

use crate::accounts::{hash_of, random_token};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{App, Conn, execute, fetch_one, fetch_optional, fetch_scalar, rows_affected};

/// What may go to an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    Open,
    /// This mail alone, with a link of this token to confirm the address.
    First(String),
    /// Nothing.
    Closed,
}

/// What of the event with this number may go to the address. Asked again for the same event, it is the
/// same.
pub async fn admit(app: &App, address: &str, seq: i64) -> Result<Admission, AppError> {
    let (now, most) = (app.clock.now(), app.config.mail.most_per_day);
    let address = address.to_owned();
    let work = app.db.write_grouped(move |conn| {
        Box::pin(async move {
            let token = random_token();
            let (first, confirmed) = open_address(conn, &address, seq, &token, now).await?;
            if !confirmed {
                return Ok(match first == seq {
                    true => Admission::First(token),
                    false => Admission::Closed,
                });
            }
            if count_others(conn, &address, seq, now.plus_days(-1)).await? >= most {
                tracing::warn!(
                    event.seq = seq,
                    "A mail is left out: its recipient had the most of a day"
                );
                return Ok(Admission::Closed);
            }
            create_sent(conn, &address, seq, now).await?;
            Ok(Admission::Open)
        })
    });
    work.await
}

/// The event that the address was first written to about, this one where it was none, and whether the
/// address is confirmed. The token counts while that mail may still have to be sent again.
async fn open_address(
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

async fn count_others(
    conn: &mut Conn,
    address: &str,
    seq: i64,
    since: Timestamp,
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "SELECT COUNT(*) FROM mails_sent WHERE address = $1 AND seq <> $2 AND at > $3",
        address,
        seq,
        since
    )
}

async fn create_sent(conn: &mut Conn, address: &str, seq: i64, now: Timestamp) -> sqlx::Result<()> {
    execute!(
        conn,
        "INSERT INTO mails_sent (address, seq, at) VALUES ($1, $2, $3)
         ON CONFLICT (address, seq) DO NOTHING",
        address,
        seq,
        now
    )
}

/// Forgets what was sent before `before`.
pub async fn delete_old_sent(conn: &mut Conn, before: Timestamp) -> sqlx::Result<()> {
    execute!(conn, "DELETE FROM mails_sent WHERE at < $1", before)
}

/// Takes the address for right without a link: somebody of the house has vouched for it.
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

/// The address that a link is about, and whether it is confirmed.
pub async fn find_by_token(conn: &mut Conn, token: &str) -> sqlx::Result<Option<(String, bool)>> {
    fetch_optional!(
        conn,
        "SELECT address, confirmed_at IS NOT NULL FROM mail_addresses WHERE token_hash = $1",
        hash_of(token)
    )
}

/// Takes the word of whoever has the link, once and as often as they like. False where there is no such
/// link.
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
