//! Stock reservations of an order.

use super::store::take_reservations;
use crate::catalog::{release_stock, ship_stock};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::orders::order::Order;
use crate::server::Conn;

/// Gives back all that the order holds.
pub async fn release(conn: &mut Conn, order: &Order, now: Timestamp) -> Result<(), AppError> {
    for (product, quantity) in take_reservations(conn, order.id).await? {
        release_stock(conn, product, quantity, now).await?;
    }
    Ok(())
}

/// Lets all that the order holds leave the house.
pub async fn ship(conn: &mut Conn, order: &Order, now: Timestamp) -> Result<(), AppError> {
    for (product, quantity) in take_reservations(conn, order.id).await? {
        ship_stock(conn, product, quantity, now).await?;
    }
    Ok(())
}
