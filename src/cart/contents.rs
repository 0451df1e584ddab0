//! A cart as it is shown: its items, with their current availability and prices.

use super::owner::CartOwner;
use super::rules::LineState;
use super::store::{CartRow, find_cart, list_cart_rows};
use crate::catalog::Picture;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::{Multilingual, t};
use crate::money::{Currency, Money};
use crate::server::{App, Conn};

/// A product in a cart, with prices in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CartLine {
    pub product_id: i64,
    pub slug: String,
    pub name: Multilingual,
    pub picture: Option<Picture>,
    /// The current unit price.
    pub price: i64,
    /// The unit price when the person last saw it in the cart.
    pub seen_price: i64,
    pub quantity: i64,
    /// The quantity available now.
    pub available: i64,
    /// True if the product is for sale.
    pub active: bool,
    pub added_at: Timestamp,
}

impl CartLine {
    pub fn state(&self) -> LineState {
        LineState::new(self.quantity, self.available, self.active)
    }

    pub fn total(&self) -> i64 {
        self.price.saturating_mul(self.quantity)
    }

    /// Returns true if the price differs from the one seen. An unavailable product has no price to speak of.
    pub fn has_moved(&self) -> bool {
        self.price != self.seen_price && self.state().counts()
    }

    /// Returns true if the line can be ordered as it is.
    pub fn is_orderable(&self) -> bool {
        self.state() == LineState::Good
    }

    /// Returns the reason the line cannot be ordered as it is; `None` if it can.
    pub fn trouble(&self) -> Option<String> {
        match self.state() {
            LineState::Good => None,
            LineState::TooFew => Some(t!("cart-only-left", count = self.available)),
            LineState::SoldOut => Some(t!("cart-line-sold-out").to_owned()),
            LineState::NotForSale => Some(t!("cart-line-not-for-sale").to_owned()),
        }
    }
}

impl From<CartRow> for CartLine {
    fn from(row: CartRow) -> Self {
        Self {
            product_id: row.item.product_id,
            slug: row.slug,
            name: row.name,
            picture: row.picture.map(Picture::read),
            price: row.price,
            seen_price: row.item.seen_price,
            quantity: row.item.quantity,
            available: row.available,
            active: row.active,
            added_at: row.item.added_at,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cart {
    pub lines: Vec<CartLine>,
    pub currency: Currency,
}

impl Cart {
    /// Returns the number of items in the cart, available or not.
    pub fn count(&self) -> i64 {
        self.lines.iter().map(|line| line.quantity).sum()
    }

    /// Returns the sum of the lines of which at least one item is available.
    pub fn subtotal(&self) -> Money {
        let counted = self.lines.iter().filter(|line| line.state().counts());
        let sum = counted.fold(0_i64, |sum, line| sum.saturating_add(line.total()));
        Money::new(sum, self.currency)
    }

    pub fn line(&self, product: i64) -> Option<&CartLine> {
        self.lines.iter().find(|line| line.product_id == product)
    }

    /// Returns true if the cart is not empty and all of it can be ordered as it is.
    pub fn is_orderable(&self) -> bool {
        !self.lines.is_empty() && self.lines.iter().all(CartLine::is_orderable)
    }
}

/// Reads the owner's cart; an empty one if there is none. Writes nothing.
pub async fn read_cart(app: &App, owner: &CartOwner) -> Result<Cart, AppError> {
    let currency = app.config.shop.currency;
    if *owner == CartOwner::Nobody {
        let lines = Vec::new();
        return Ok(Cart { lines, currency });
    }
    let mut conn = app.db.read().await?;
    find_cart_within(&mut conn, owner, currency).await
}

/// Like [`read_cart`], within an open transaction.
pub async fn find_cart_within(
    conn: &mut Conn,
    owner: &CartOwner,
    currency: Currency,
) -> Result<Cart, AppError> {
    let cart = find_cart(conn, owner).await?;
    let rows = match cart {
        Some(cart) => list_cart_rows(conn, cart, currency).await?,
        None => Vec::new(),
    };
    let lines = rows.into_iter().map(CartLine::from).collect();
    Ok(Cart { lines, currency })
}
