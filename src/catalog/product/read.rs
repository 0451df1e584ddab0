//! Reads one product by its key, or refuses if there is none.

use super::store;
use super::types::{Product, ProductKey};
use crate::error::AppError;
use crate::server::{App, Conn};

/// Reads the product that a URL names.
pub async fn read_product(conn: &mut Conn, key: &str) -> Result<Product, AppError> {
    let missing = || AppError::not_found("product");
    let key = ProductKey::read(key).ok_or_else(missing)?;
    store::find_product(conn, &key).await?.ok_or_else(missing)
}

/// Reads the product that anybody asks for, or refuses if there is none.
pub async fn read_visible_product(app: &App, key: &str, staff: bool) -> Result<Product, AppError> {
    find_visible_product(app, key, staff)
        .await?
        .ok_or_else(|| AppError::not_found("product"))
}

/// Finds the product that anybody asks for: unless by `staff` only what is for sale.
pub async fn find_visible_product(
    app: &App,
    key: &str,
    staff: bool,
) -> Result<Option<Product>, AppError> {
    let known = &app.shop.known;
    let Some(key) = ProductKey::read(key) else {
        return Ok(None);
    };
    if known.rules_out(app, &key).await? {
        return Ok(None);
    }
    let mut conn = app.db.read().await?;
    let found = store::find_product(&mut conn, &key).await?;
    if found.is_none() {
        known.note_absent(app);
    }
    Ok(found.filter(|product| product.active || staff))
}

/// Reads the product with this id, which is known to exist.
pub async fn read_again(conn: &mut Conn, id: i64) -> Result<Product, AppError> {
    store::find_product(conn, &ProductKey::Id(id))
        .await?
        .ok_or_else(AppError::internal)
}
