//! What the islands ask the server for.

use crate::error::AppError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// How many things are in the cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartCount {
    pub count: i64,
    /// When it was counted: microseconds since 1970, by the server's clock.
    pub at: i64,
    /// What to say about the change; nothing where it speaks for itself.
    pub said: String,
}

/// How many there are after the change, or why it was refused.
pub type CartAnswer = Result<CartCount, String>;

/// Puts so many more of a product in the cart of whoever asks.
#[server]
pub async fn add_to_cart(product_id: i64, quantity: i64) -> Result<CartAnswer, AppError> {
    use super::cart_change::add_product;
    let (app, owner) = (crate::server::app(), super::CartOwner::current());
    let once = crate::server::Once::Unkeyed;
    let written = add_product(&app, owner, once, product_id, quantity).await;
    super::cart_answer::answer(&app, written, |cart| {
        format!("{} is in your cart.", cart.name_of(product_id))
    })
}

/// Sets how many of a product are in the cart of whoever asks.
#[server]
pub async fn set_cart_quantity(product_id: i64, quantity: i64) -> Result<CartAnswer, AppError> {
    use super::cart_change::{Price, set_quantity};
    let (app, owner) = (crate::server::app(), super::CartOwner::current());
    let written = set_quantity(&app, owner, product_id, quantity, Price::AsSeen).await;
    super::cart_answer::answer(&app, written, |_| String::new())
}
