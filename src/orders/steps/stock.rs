//! An order's stock reservations.

use super::store::take_reservations;
use crate::catalog::{release_stock, ship_stock};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::orders::order::Order;
use crate::server::Conn;

/// Releases all the stock that the order reserves.
pub async fn release(conn: &mut Conn, order: &Order, now: Timestamp) -> Result<(), AppError> {
    for (product, quantity) in take_reservations(conn, order.id).await? {
        release_stock(conn, product, quantity, now).await?;
    }
    Ok(())
}

/// Ships all the stock that the order reserves.
pub async fn ship(conn: &mut Conn, order: &Order, now: Timestamp) -> Result<(), AppError> {
    for (product, quantity) in take_reservations(conn, order.id).await? {
        ship_stock(conn, product, quantity, now).await?;
    }
    Ok(())
}
