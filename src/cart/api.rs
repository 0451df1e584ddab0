//! Server functions of the cart's islands.

use crate::error::AppError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What came of a change of the cart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartAnswer {
    /// Whether it was made. A refusal is an answer as well: the island takes back what it showed ahead.
    pub agreed: bool,
    /// How many things there are in the cart now.
    pub count: i64,
    /// When they were counted: microseconds since 1970, by the server's clock.
    pub at: i64,
    /// What to say about it; nothing where it speaks for itself.
    pub said: String,
}

/// Puts so many of a product in the cart of whoever asks: so many `more`, or so many in all.
#[server]
pub async fn change_cart(
    product_id: i64,
    quantity: i64,
    more: bool,
) -> Result<CartAnswer, AppError> {
    super::answer::change(product_id, quantity, more).await
}
