//! Recounting stock and orders, quickly enough to be watched.

use super::verify::differing;
use crate::error::AppError;
use crate::server::{Conn, fetch_one};

/// All products: what is written, and what the changes come to, each summed up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct StockCount {
    pub on_hand: i64,
    pub adjusted: i64,
    pub shipped: i64,
    pub reserved: i64,
    pub reservations: i64,
    /// Products that are not as their own changes make them. Two that differ by as much the one way and
    /// the other are none in the sums.
    pub differing: i64,
}

pub async fn count_stock(conn: &mut Conn) -> sqlx::Result<StockCount> {
    fetch_one!(
        conn,
        "SELECT
         CAST(COALESCE(SUM(on_hand), 0) AS BIGINT) AS on_hand,
         CAST(COALESCE(SUM(adjusted), 0) AS BIGINT) AS adjusted,
         CAST(COALESCE(SUM(shipped), 0) AS BIGINT) AS shipped,
         CAST(COALESCE(SUM(reserved), 0) AS BIGINT) AS reserved,
         CAST(COALESCE(SUM(reservations), 0) AS BIGINT) AS reservations,
         CAST(COALESCE(SUM(CASE WHEN on_hand <> adjusted - shipped OR reserved <> reservations
                           THEN 1 ELSE 0 END), 0) AS BIGINT) AS differing
         FROM (SELECT p.on_hand, p.reserved, COALESCE(a.total, 0) AS adjusted,
                      COALESCE(s.total, 0) AS shipped, COALESCE(r.total, 0) AS reservations
               FROM products p
               LEFT JOIN (SELECT product_id, SUM(change) AS total FROM stock_adjustments
                          GROUP BY product_id) AS a ON a.product_id = p.id
               LEFT JOIN (SELECT i.product_id, SUM(i.quantity) AS total FROM order_items i
                          JOIN order_events e ON e.order_id = i.order_id AND e.kind = 'shipped'
                          GROUP BY i.product_id) AS s ON s.product_id = p.id
               LEFT JOIN (SELECT product_id, SUM(quantity) AS total FROM reservations
                          GROUP BY product_id) AS r ON r.product_id = p.id) AS products"
    )
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
    let (orders, last): (i64, i64) =
        fetch_one!(conn, "SELECT COUNT(*), COALESCE(MAX(id), 0) FROM orders")?;
    let (folded, differing) = differing(conn, last - most, most).await?;
    Ok(FoldCount {
        orders,
        folded,
        differing,
    })
}
