//! Verification of orders and stock: every history is folded again and compared, and stock is recomputed from
//! its changes.

use super::order::{Order, OrderEvent};
use super::{Event, OrderState, RefundTo, store};
use crate::error::AppError;
use crate::ledger::{GivenBack, find_missing_refunds};
use crate::proof::{Check, Finding, NAMED, find_breaks};
use crate::server::{App, Conn, fetch_one};
use futures_util::future::BoxFuture;

const CHECKS: [Check; 8] = [
    (
        // Numbers have no gaps: in each year the last one equals the number of orders.
        "In {} there are {} orders, and the last is number {}",
        "SELECT CAST(year AS TEXT), COUNT(*), MAX(ordinal) FROM orders
         GROUP BY year HAVING COUNT(*) <> MAX(ordinal)",
    ),
    (
        "Product {} has {} on hand, and its adjustments less what was shipped come to {}",
        "SELECT slug, on_hand, should_be FROM (
             SELECT p.slug, p.on_hand, CAST(
                 COALESCE((SELECT SUM(a.change) FROM stock_adjustments a WHERE a.product_id = p.id), 0)
                 - COALESCE((SELECT SUM(i.quantity) FROM order_items i WHERE i.product_id = p.id
                             AND EXISTS (SELECT 1 FROM order_events e WHERE e.order_id = i.order_id
                                         AND e.kind = 'shipped')), 0) AS BIGINT) AS should_be
             FROM products p) AS counted
         WHERE on_hand <> should_be",
    ),
    (
        "Product {} has {} reserved, and its open reservations come to {}",
        "SELECT slug, reserved, should_be FROM (
             SELECT p.slug, p.reserved, CAST(COALESCE((SELECT SUM(r.quantity) FROM reservations r
                 WHERE r.product_id = p.id), 0) AS BIGINT) AS should_be FROM products p) AS counted
         WHERE reserved <> should_be",
    ),
    (
        "Order {} has reserved {} of one of its products, where {} should be",
        "SELECT o.number, CAST(counted.reserved AS BIGINT), CAST(counted.should_be AS BIGINT)
         FROM (SELECT order_id, product_id, SUM(reserved) AS reserved, SUM(should_be) AS should_be
               FROM (SELECT order_id, product_id, quantity AS reserved, 0 AS should_be
                     FROM reservations
                     UNION ALL
                     SELECT i.order_id, i.product_id, 0, i.quantity
                     FROM order_items i JOIN orders o ON o.id = i.order_id
                     WHERE o.status IN ('placed', 'paid', 'packed')) AS parts
               GROUP BY order_id, product_id) AS counted
         JOIN orders o ON o.id = counted.order_id
         WHERE counted.reserved <> counted.should_be",
    ),
    (
        "Order {} says that it comes to {}, and its things and their delivery come to {}",
        "SELECT number, total, should_be FROM (
             SELECT o.number, o.total, o.subtotal, o.delivery_fee,
                    CAST(o.delivery_fee + COALESCE((SELECT SUM(i.unit_price * i.quantity)
                         FROM order_items i WHERE i.order_id = o.id), 0) AS BIGINT) AS should_be
             FROM orders o) AS counted
         WHERE total <> should_be OR subtotal <> should_be - delivery_fee",
    ),
    (
        "Order {} holds {}, and its open hold in the ledger is of {}",
        "SELECT number, held, in_ledger FROM (
             SELECT o.number, o.held, CAST(COALESCE((SELECT SUM(h.amount) FROM holds h
                 WHERE h.id = 'guildhall:order-' || o.number AND h.status = 'open'), 0) AS BIGINT) AS in_ledger
             FROM orders o) AS counted
         WHERE held <> in_ledger",
    ),
    (
        "Order {} captured {}, and its captures in the ledger come to {}",
        "SELECT number, captured, in_ledger FROM (
             SELECT o.number, o.captured, CAST(COALESCE((SELECT SUM(t.amount) FROM transfers t
                 JOIN holds h ON h.seq = t.hold_seq
                 WHERE h.id = 'guildhall:order-' || o.number AND t.kind = 'capture'), 0) AS BIGINT) AS in_ledger
             FROM orders o) AS counted
         WHERE captured <> in_ledger",
    ),
    (
        "Order {} refunded {}, and its refunds in the ledger come to {}",
        "SELECT number, refunded, in_ledger FROM (
             SELECT o.number, o.refunded, CAST(COALESCE((SELECT SUM(t.amount) FROM transfers t
                 WHERE t.reference = o.number AND t.reference <> '' AND t.kind = 'refund'), 0)
                 AS BIGINT) AS in_ledger
             FROM orders o) AS counted
         WHERE refunded <> in_ledger",
    ),
];

/// Returns the inconsistencies in orders and stock; empty if there are none. Reads one snapshot of the
/// database, so it can run while the shop is open.
///
/// Boxed, as [`crate::seed::seed`] is.
pub fn verify_orders(app: &App) -> BoxFuture<'_, Result<Vec<Finding>, AppError>> {
    Box::pin(check(app))
}

async fn check(app: &App) -> Result<Vec<Finding>, AppError> {
    let mut conn = app.db.snapshot().await?;
    let mut findings = refold(&mut conn).await?;
    findings.extend(find_breaks(&mut conn, &CHECKS).await?);
    Ok(findings)
}

/// Folds every history again, in batches of orders.
async fn refold(conn: &mut Conn) -> Result<Vec<Finding>, AppError> {
    const AT_ONCE: i64 = 500;
    let (mut findings, mut last) = (Vec::new(), 0);
    loop {
        let histories = store::list_histories(conn, last, AT_ONCE).await?;
        let Some((order, _)) = histories.last() else {
            return Ok(findings);
        };
        last = order.id;
        let wrong = histories
            .iter()
            .filter_map(|(order, events)| compare(order, events));
        findings.extend(wrong.take(NAMED - findings.len().min(NAMED)));
        findings.extend(check_refunds(conn, &histories).await?);
    }
}

/// Folds the histories of at most `most` orders with ids above `after`. Returns the number of orders, and the
/// number whose row differs from the fold.
pub async fn differing(conn: &mut Conn, after: i64, most: i64) -> Result<(i64, i64), AppError> {
    let histories = store::list_histories(conn, after, most).await?;
    let wrong = histories
        .iter()
        .filter(|(order, events)| compare(order, events).is_some());
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    Ok((count(histories.len()), count(wrong.count())))
}

fn compare(order: &Order, events: &[OrderEvent]) -> Option<Finding> {
    let number = &order.number;
    let in_order = events.iter().zip(1..).all(|(event, seq)| event.seq == seq);
    if !in_order {
        return Some(Finding(format!("The history of order {number} has a gap")));
    }
    let folded = OrderState::fold(events.iter().map(|event| (&event.event, event.at)));
    match folded {
        Some(folded) if folded == order.state => None,
        Some(folded) => Some(Finding(format!(
            "Order {number} is {} at version {}, and its history makes it {} at version {}",
            order.state.status, order.state.version, folded.status, folded.version
        ))),
        None => Some(Finding(format!(
            "The history of order {number} does not begin with its placing"
        ))),
    }
}

/// Checks that each refund has its transfer in the ledger.
async fn check_refunds(
    conn: &mut Conn,
    histories: &[(Order, Vec<OrderEvent>)],
) -> Result<Vec<Finding>, AppError> {
    let events = histories
        .iter()
        .flat_map(|(order, events)| events.iter().map(move |event| (order, event)));
    let given: Vec<GivenBack<'_>> = events
        .filter_map(|(order, event)| match event.event {
            Event::Refunded { amount, to, .. } => Some(GivenBack {
                number: &order.number,
                step: event.seq,
                amount,
                by_bank: to == RefundTo::Bank,
            }),
            _ => None,
        })
        .collect();
    let missing = find_missing_refunds(conn, &given).await?;
    let findings = missing.iter().take(NAMED).map(|given| {
        Finding(format!(
            "Order {} gave {} back in event {}, and no such transfer is in the ledger",
            given.number, given.amount, given.step
        ))
    });
    Ok(findings.collect())
}

/// Stock totals over all products: as stored, and as computed from the changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct StockCount {
    pub on_hand: i64,
    pub adjusted: i64,
    pub shipped: i64,
    pub reserved: i64,
    pub reservations: i64,
    /// The number of products whose stock does not match their own changes. Two opposite differences cancel
    /// out in the sums, but count here.
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

/// The number of orders, of the newest ones folded again, and of those that differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FoldCount {
    pub orders: i64,
    pub folded: i64,
    pub differing: i64,
}

/// Folds the newest orders again, at most `most` of them.
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
