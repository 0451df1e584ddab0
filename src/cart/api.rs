//! Server functions of the cart's islands.

use super::CartAnswer;
use crate::error::AppError;
use leptos::prelude::*;

/// Puts so many of a product in the cart of whoever asks: so many `more`, or so many in all.
#[server]
pub async fn change_cart(
    product_id: i64,
    quantity: i64,
    more: bool,
) -> Result<CartAnswer, AppError> {
    super::answer::change(product_id, quantity, more).await
}
