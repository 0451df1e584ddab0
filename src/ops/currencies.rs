//! Amounts in currencies other than the shop's, logged when the server starts.
//!
//! No amount is ever taken for another currency: accounts and orders keep theirs, and a product is
//! not for sale until it has a price in the shop's. But whoever changed the setting should know.

use super::store::{OtherCurrency, list_other_currencies};
use crate::catalog::note_currency;
use crate::error::AppError;
use crate::server::App;

/// Returns what exists in currencies other than the shop's. Prices without a recorded currency are
/// taken to be in the shop's from now on, and recorded as such.
pub async fn find_other_currencies(app: &App) -> Result<Vec<OtherCurrency>, AppError> {
    let shop = app.config.shop.currency;
    let mut tx = app.db.write().await?;
    note_currency(&mut tx, shop).await?;
    tx.commit().await?;
    let mut conn = app.db.read().await?;
    Ok(list_other_currencies(&mut conn, shop).await?)
}

/// Logs a warning for each of them.
pub async fn say_other_currencies(app: &App) -> Result<(), AppError> {
    for other in find_other_currencies(app).await? {
        tracing::warn!(
            shop.currency = app.config.shop.currency.code(),
            other.currency = other.currency.code(),
            other.products = other.products,
            other.orders = other.orders,
            other.accounts = other.accounts,
            "The shop counts in {}, and {} prices, {} open orders and {} accounts are in {}: the products are \
             not for sale until they have a price in {}, and the rest goes on in {}",
            app.config.shop.currency.code(),
            other.products,
            other.orders,
            other.accounts,
            other.currency.code(),
            app.config.shop.currency.code(),
            other.currency.code(),
        );
    }
    Ok(())
}
