//! SQL for carts.

use crate::clock::Timestamp;
use crate::server::{Conn, with_db};
use sqlx::FromRow;

/// A product in a cart.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct CartItem {
    pub product_id: i64,
    pub quantity: i64,
    /// What it cost when the person last saw it in the cart.
    pub seen_price: i64,
}

/// The person's cart, and nobody else changes it until the transaction ends.
pub async fn lock_cart_of(conn: &mut Conn, user: i64) -> sqlx::Result<Option<i64>> {
    let query = conn.pick(
        "SELECT id FROM carts WHERE user_id = $1",
        "SELECT id FROM carts WHERE user_id = $1 FOR UPDATE",
    );
    with_db!(conn, |c| sqlx::query_scalar(query)
        .bind(user)
        .fetch_optional(c)
        .await)
}

/// What is in the cart, in the order it was put there.
pub async fn list_cart_items(conn: &mut Conn, cart: i64) -> sqlx::Result<Vec<CartItem>> {
    let query = "SELECT product_id, quantity, seen_price FROM cart_items
                 WHERE cart_id = $1 ORDER BY added_at, product_id";
    with_db!(conn, |c| sqlx::query_as(query)
        .bind(cart)
        .fetch_all(c)
        .await)
}

/// Takes everything out of the cart.
pub async fn empty_cart(conn: &mut Conn, cart: i64, now: Timestamp) -> sqlx::Result<()> {
    let query = "DELETE FROM cart_items WHERE cart_id = $1";
    with_db!(&mut *conn, |c| sqlx::query(query)
        .bind(cart)
        .execute(c)
        .await
        .map(drop))?;
    touch_cart(conn, cart, now).await
}

/// Notes that somebody used the cart.
pub async fn touch_cart(conn: &mut Conn, cart: i64, now: Timestamp) -> sqlx::Result<()> {
    let query = "UPDATE carts SET updated_at = $1 WHERE id = $2";
    with_db!(conn, |c| sqlx::query(query)
        .bind(now)
        .bind(cart)
        .execute(c)
        .await
        .map(drop))
}
