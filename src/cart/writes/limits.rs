//! Limits of a cart.

use crate::cart::rules::MOST_PRODUCTS;
use crate::cart::store::count_items;
use crate::catalog::{LARGEST_QUANTITY, OUT_OF_STOCK, Product, ProductKey, find_product, shortage};
use crate::error::AppError;
use crate::i18n::t;
use crate::money::Currency;
use crate::server::Conn;

/// There is no room for another product in the cart.
pub const CART_FULL: u16 = 3408;
/// The product is not for sale, or not any more.
pub const NOT_FOR_SALE: u16 = 3409;

pub async fn read_product_for_sale(
    conn: &mut Conn,
    product: i64,
    shop: Currency,
) -> Result<Product, AppError> {
    let product = find_product(conn, &ProductKey::Id(product)).await?;
    let product = product.ok_or_else(|| AppError::not_found("product"))?;
    if product.is_for_sale(shop) {
        return Ok(product);
    }
    // Without its name, which may not be public yet.
    let message = t!("cart-product-not-for-sale");
    Err(AppError::conflict(NOT_FOR_SALE, message))
}

/// Checks that the cart has room for another product.
pub async fn check_room(conn: &mut Conn, cart: i64) -> Result<(), AppError> {
    if count_items(conn, cart).await? < MOST_PRODUCTS {
        return Ok(());
    }
    let message = t!("cart-full", most = MOST_PRODUCTS);
    Err(AppError::conflict(CART_FULL, message))
}

/// Returns the error for too large a quantity, whatever the stock: says how many more the cart takes.
pub fn too_many(present: i64) -> AppError {
    let rest = LARGEST_QUANTITY - present;
    let message = t!(
        "cart-too-many",
        most = LARGEST_QUANTITY,
        present = present,
        rest = rest
    );
    AppError::invalid("quantity", message)
}

/// Returns the error for too little stock: says how many there are, and how many more the cart can take.
pub fn too_few(product: &Product, present: i64) -> AppError {
    let left = product.available();
    let (message, advice) = match (left - present).clamp(0, LARGEST_QUANTITY) {
        _ if left <= 0 => (short(product), t!("cart-nothing-left").to_owned()),
        _ if present == 0 => (short(product), t!("cart-choose-at-most", count = left)),
        0 => {
            let message = t!("cart-all-yours", product = product.name.shown());
            (message, t!("cart-no-more").to_owned())
        }
        more => {
            let message = t!(
                "cart-short-and-present",
                shortage = short(product),
                count = present
            );
            (message, t!("cart-choose-at-most", count = more))
        }
    };
    AppError {
        errors: [("quantity".to_owned(), advice)].into(),
        ..AppError::conflict(OUT_OF_STOCK, message)
    }
}

fn short(product: &Product) -> String {
    shortage(product.name.shown(), product.available(), product.active)
}
