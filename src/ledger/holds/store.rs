//! SQL for holds.

use super::hold::{Hold, HoldStatus};
use crate::clock::Timestamp;
use crate::server::{Conn, with_db};
use sqlx::AssertSqlSafe;

const HOLD: &str = "seq, id, debit_account_id, credit_account_id, amount, captured, status, \
     reference, memo, actor_id, created_at, expires_at, closed_at";

pub async fn create_hold(conn: &mut Conn, hold: &Hold) -> sqlx::Result<i64> {
    let query = "INSERT INTO holds (id, debit_account_id, credit_account_id, amount, status,
                                    reference, memo, actor_id, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING seq";
    with_db!(conn, |c| sqlx::query_scalar(query)
        .bind(&hold.id)
        .bind(hold.debit_account_id)
        .bind(hold.credit_account_id)
        .bind(hold.amount)
        .bind(hold.status)
        .bind(&hold.reference)
        .bind(&hold.memo)
        .bind(hold.actor_id)
        .bind(hold.created_at)
        .bind(hold.expires_at)
        .fetch_one(c)
        .await)
}

/// The hold, and nobody else changes it until the transaction ends.
pub async fn lock_hold(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Hold>> {
    let lock = conn.pick("", "FOR NO KEY UPDATE");
    let query = AssertSqlSafe(format!("SELECT {HOLD} FROM holds WHERE id = $1 {lock}"));
    with_db!(conn, |c| sqlx::query_as(query)
        .bind(id)
        .fetch_optional(c)
        .await)
}

pub async fn find_hold(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Hold>> {
    let query = AssertSqlSafe(format!("SELECT {HOLD} FROM holds WHERE id = $1"));
    with_db!(conn, |c| sqlx::query_as(query)
        .bind(id)
        .fetch_optional(c)
        .await)
}

/// Ends the hold.
pub async fn close_hold(
    conn: &mut Conn,
    seq: i64,
    status: HoldStatus,
    captured: i64,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = "UPDATE holds SET status = $1, captured = $2, closed_at = $3 WHERE seq = $4";
    with_db!(conn, |c| sqlx::query(query)
        .bind(status)
        .bind(captured)
        .bind(now)
        .bind(seq)
        .execute(c)
        .await
        .map(drop))
}

/// The ids of open holds whose time is up, the longest expired first.
pub async fn list_expired_holds(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> sqlx::Result<Vec<String>> {
    let query = "SELECT id FROM holds WHERE status = 'open' AND expires_at <= $1
                 ORDER BY expires_at LIMIT $2";
    with_db!(conn, |c| sqlx::query_scalar(query)
        .bind(now)
        .bind(limit)
        .fetch_all(c)
        .await)
}
