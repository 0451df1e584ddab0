//! SQL for sent mails.

use crate::clock::Timestamp;
use crate::server::{Conn, execute, fetch_scalar};

pub async fn count_others(
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

pub async fn create_sent(
    conn: &mut Conn,
    address: &str,
    seq: i64,
    now: Timestamp,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "INSERT INTO mails_sent (address, seq, at) VALUES ($1, $2, $3)
         ON CONFLICT (address, seq) DO NOTHING",
        address,
        seq,
        now
    )
}

/// Deletes the records of mails sent before `before`.
pub async fn delete_old_sent(conn: &mut Conn, before: Timestamp) -> sqlx::Result<()> {
    execute!(conn, "DELETE FROM mails_sent WHERE at < $1", before)
}
