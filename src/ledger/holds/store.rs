//! SQL for holds.

use super::hold::{Hold, HoldStatus};
use crate::clock::Timestamp;
use crate::server::{Conn, execute, fetch_optional, fetch_scalar, fetch_scalars, stored_as_word};
use sqlx::AssertSqlSafe;

stored_as_word!(HoldStatus);

const HOLD: &str = "SELECT seq, id, debit_account_id, credit_account_id, amount, captured, status, \
     reference, memo, actor_id, created_at, expires_at, closed_at FROM holds";

pub async fn create_hold(conn: &mut Conn, hold: &Hold) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO holds (id, debit_account_id, credit_account_id, amount, status,
                            reference, memo, actor_id, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING seq",
        &hold.id,
        hold.debit_account_id,
        hold.credit_account_id,
        hold.amount,
        hold.status,
        &hold.reference,
        &hold.memo,
        hold.actor_id,
        hold.created_at,
        hold.expires_at
    )
}

/// Returns the hold, locked until the transaction ends; `None` if there is none.
pub async fn lock_hold(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Hold>> {
    let lock = conn.pick("", "FOR NO KEY UPDATE");
    let query = AssertSqlSafe(format!("{HOLD} WHERE id = $1 {lock}"));
    fetch_optional!(conn, query, id)
}

pub async fn find_hold(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Hold>> {
    let query = AssertSqlSafe(format!("{HOLD} WHERE id = $1"));
    fetch_optional!(conn, query, id)
}

/// Closes the hold.
pub async fn close_hold(
    conn: &mut Conn,
    seq: i64,
    status: HoldStatus,
    captured: i64,
    now: Timestamp,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE holds SET status = $1, captured = $2, closed_at = $3 WHERE seq = $4",
        status,
        captured,
        now,
        seq
    )
}

/// Returns the ids of open holds past their expiry, the longest expired first.
pub async fn list_expired_holds(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> sqlx::Result<Vec<String>> {
    fetch_scalars!(
        conn,
        "SELECT id FROM holds WHERE status = 'open' AND expires_at <= $1
         ORDER BY expires_at LIMIT $2",
        now,
        limit
    )
}
