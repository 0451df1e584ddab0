//! SQL for reservations and shipments.

use crate::catalog::Shipment;
use crate::orders::Line;
use crate::server::{Conn, execute, fetch_all};

/// Inserts the order's reservations. The caller has checked that the stock is available.
pub async fn create_reservations(conn: &mut Conn, order: i64, items: &[Line]) -> sqlx::Result<()> {
    for line in items {
        execute!(
            conn,
            "INSERT INTO reservations (order_id, product_id, quantity) VALUES ($1, $2, $3)",
            order,
            line.product_id,
            line.quantity
        )?;
    }
    Ok(())
}

/// Returns the product's shipments, latest first.
pub async fn list_shipments(
    conn: &mut Conn,
    product: i64,
    limit: i64,
) -> sqlx::Result<Vec<Shipment>> {
    fetch_all!(
        conn,
        "SELECT o.number, i.quantity, e.actor, e.at
         FROM order_items i JOIN orders o ON o.id = i.order_id
         JOIN order_events e ON e.order_id = i.order_id AND e.kind = 'shipped'
         WHERE i.product_id = $1 ORDER BY e.at DESC, o.id DESC LIMIT $2",
        product,
        limit
    )
}

/// Deletes the order's reservations and returns them in order of product id, in which every transaction goes
/// through its products to avoid deadlocks.
pub async fn take_reservations(conn: &mut Conn, order: i64) -> sqlx::Result<Vec<(i64, i64)>> {
    let mut taken: Vec<(i64, i64)> = fetch_all!(
        conn,
        "DELETE FROM reservations WHERE order_id = $1 RETURNING product_id, quantity",
        order
    )?;
    taken.sort_unstable();
    Ok(taken)
}
