//! Reads one product by its key, or refuses if there is none.

use super::store;
use super::types::{Product, ProductKey};
use crate::error::AppError;
use crate::server::Conn;

/// Reads the product that a URL names.
pub async fn read_product(conn: &mut Conn, key: &str) -> Result<Product, AppError> {
    let missing = || AppError::not_found("product");
    let key = ProductKey::read(key).ok_or_else(missing)?;
    store::find_product(conn, &key).await?.ok_or_else(missing)
}

/// Like [`read_product`], but unless `staff` finds only what is for sale.
pub async fn read_visible_product(
    conn: &mut Conn,
    key: &str,
    staff: bool,
) -> Result<Product, AppError> {
    let product = read_product(conn, key).await?;
    if product.active || staff {
        Ok(product)
    } else {
        Err(AppError::not_found("product"))
    }
}

/// Reads the product with this id, which is known to exist.
pub async fn read_again(conn: &mut Conn, id: i64) -> Result<Product, AppError> {
    store::find_product(conn, &ProductKey::Id(id))
        .await?
        .ok_or_else(AppError::internal)
}
