//! SQL for the stock and its log.

use crate::catalog::rules::LARGEST;
use crate::clock::Timestamp;
use crate::server::{Conn, Subject, fetch_all, fetch_optional, fetch_scalar};
use sqlx::{AssertSqlSafe, FromRow};

/// A stock change, in the log.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct StockAdjustment {
    pub id: i64,
    pub change: i64,
    /// The quantity on hand afterwards.
    pub on_hand: i64,
    pub reason: String,
    /// The name of whoever did it; `None` if the account is gone or the program did it itself.
    pub actor: Option<String>,
    pub at: Timestamp,
}

/// The columns of a [`StockAdjustment`], and the tables they are in.
const ADJUSTMENT: &str = "a.id, a.change, a.on_hand, a.reason, u.name AS actor, a.at
                          FROM stock_adjustments a LEFT JOIN users u ON u.id = a.actor_id";

/// The quantity on hand, and the part of it that open orders reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct StockLevel {
    pub on_hand: i64,
    pub reserved: i64,
}

/// Changes the stock, and returns the new level. `None` if fewer would be on hand than are
/// reserved, the reserved fewer than none, or more on hand than the maximum.
pub async fn change_stock(
    conn: &mut Conn,
    product: i64,
    change: i64,
    reserve: i64,
    now: Timestamp,
) -> sqlx::Result<Option<StockLevel>> {
    conn.note_change(Subject::Stock);
    fetch_optional!(
        conn,
        "UPDATE products SET on_hand = on_hand + $1, reserved = reserved + $2, updated_at = $3
         WHERE id = $4 AND on_hand + $1 <= $5
           AND reserved + $2 BETWEEN 0 AND on_hand + $1
         RETURNING on_hand, reserved",
        change,
        reserve,
        now,
        product,
        LARGEST
    )
}

/// Logs a change, and the quantity on hand after it.
pub async fn create_stock_adjustment(
    conn: &mut Conn,
    product: i64,
    actor: Option<i64>,
    (change, on_hand): (i64, i64),
    reason: &str,
    at: Timestamp,
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO stock_adjustments (product_id, change, on_hand, reason, actor_id, at)
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        product,
        change,
        on_hand,
        reason,
        actor,
        at
    )
}

pub async fn find_stock_adjustment(
    conn: &mut Conn,
    id: i64,
) -> sqlx::Result<Option<StockAdjustment>> {
    let query = AssertSqlSafe(format!("SELECT {ADJUSTMENT} WHERE a.id = $1"));
    fetch_optional!(conn, query, id)
}

/// Lists the log, the newest entries first: those before the one with the id `before`.
pub async fn list_stock_adjustments(
    conn: &mut Conn,
    product: i64,
    before: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<StockAdjustment>> {
    let query = AssertSqlSafe(format!(
        "SELECT {ADJUSTMENT} WHERE a.product_id = $1 AND a.id < $2 ORDER BY a.id DESC LIMIT $3"
    ));
    fetch_all!(conn, query, product, before.unwrap_or(i64::MAX), limit)
}
