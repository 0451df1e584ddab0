//! Stock and orders counted again, quickly enough to be watched.

use super::verify::differing;
use crate::error::AppError;
use crate::server::{Conn, with_db};

/// All products together: what is written, and what the changes come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StockCount {
    pub on_hand: i64,
    pub adjusted: i64,
    pub shipped: i64,
    pub reserved: i64,
    pub reservations: i64,
}

pub async fn count_stock(conn: &mut Conn) -> sqlx::Result<StockCount> {
    let query = "SELECT
        CAST(COALESCE((SELECT SUM(on_hand) FROM products), 0) AS BIGINT),
        CAST(COALESCE((SELECT SUM(change) FROM stock_adjustments), 0) AS BIGINT),
        CAST(COALESCE((SELECT SUM(i.quantity) FROM order_items i JOIN order_events e
                       ON e.order_id = i.order_id AND e.kind = 'shipped'), 0) AS BIGINT),
        CAST(COALESCE((SELECT SUM(reserved) FROM products), 0) AS BIGINT),
        CAST(COALESCE((SELECT SUM(quantity) FROM reservations), 0) AS BIGINT)";
    let (on_hand, adjusted, shipped, reserved, reservations) =
        with_db!(conn, |c| sqlx::query_as(query).fetch_one(c).await)?;
    Ok(StockCount {
        on_hand,
        adjusted,
        shipped,
        reserved,
        reservations,
    })
}

/// Orders, how many of the newest were folded again, and how many of those differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FoldCount {
    pub orders: i64,
    pub folded: i64,
    pub differing: i64,
}

/// Folds the newest orders again, `most` at the most.
pub async fn count_folds(conn: &mut Conn, most: i64) -> Result<FoldCount, AppError> {
    let query = "SELECT COUNT(*), COALESCE(MAX(id), 0) FROM orders";
    let (orders, last): (i64, i64) =
        with_db!(&mut *conn, |c| sqlx::query_as(query).fetch_one(c).await)?;
    let (folded, differing) = differing(conn, last - most, most).await?;
    Ok(FoldCount {
        orders,
        folded,
        differing,
    })
}
