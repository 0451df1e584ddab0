//! Server functions of the cart's islands.

use super::CartAnswer;
use crate::error::AppError;
use leptos::prelude::*;

/// Adds `quantity` of a product to the requester's cart (`more`), or sets its quantity to that.
#[server]
pub async fn change_cart(
    product_id: i64,
    quantity: i64,
    more: bool,
) -> Result<CartAnswer, AppError> {
    super::answer::change(product_id, quantity, more).await
}
