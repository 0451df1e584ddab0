//! SQL that only the pages of orders need.

use super::Address;
use super::checkout::shortage;
use crate::error::AppError;
use crate::server::{Conn, with_db};
use sqlx::FromRow;

/// A product in the cart, as the checkout shows it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct CheckoutLine {
    pub product_id: i64,
    pub slug: String,
    pub name: String,
    pub quantity: i64,
    /// What it costs now.
    pub price: i64,
    /// What it cost when the person last saw the cart.
    pub seen_price: i64,
    /// How many can be had.
    pub available: i64,
    pub active: bool,
}

impl CheckoutLine {
    /// Why so many cannot be ordered.
    pub fn shortage(&self) -> Option<String> {
        let enough = self.active && self.available >= self.quantity;
        (!enough).then(|| shortage(&self.name, self.available, self.active))
    }

    pub fn total(&self) -> i64 {
        self.price.saturating_mul(self.quantity)
    }
}

/// What is in the person's cart, in the order it was put there.
pub async fn list_checkout_lines(conn: &mut Conn, user: i64) -> sqlx::Result<Vec<CheckoutLine>> {
    let query = "SELECT i.product_id, p.slug, p.name, i.quantity, p.price, i.seen_price,
                        p.on_hand - p.reserved AS available, p.active
                 FROM carts c JOIN cart_items i ON i.cart_id = c.id
                 JOIN products p ON p.id = i.product_id
                 WHERE c.user_id = $1 ORDER BY i.added_at, i.product_id";
    with_db!(conn, |c| sqlx::query_as(query)
        .bind(user)
        .fetch_all(c)
        .await)
}

/// Where the customer's last order went.
pub async fn find_last_address(
    conn: &mut Conn,
    customer: i64,
) -> Result<Option<Address>, AppError> {
    let query = "SELECT address FROM orders WHERE customer_id = $1 ORDER BY id DESC LIMIT 1";
    let address: Option<String> = with_db!(conn, |c| sqlx::query_scalar(query)
        .bind(customer)
        .fetch_optional(c)
        .await)?;
    Ok(address.and_then(|address| serde_json::from_str(&address).ok()))
}
