//! Amounts in another currency than the shop's, said when the server starts.
//!
//! Nothing is ever taken for another currency: accounts and orders keep theirs, and a product is not for
//! sale until its price is written in the shop's. But whoever changed the setting should know.

use crate::catalog::note_currency;
use crate::error::AppError;
use crate::money::Currency;
use crate::server::{App, Conn, fetch_all};
use sqlx::FromRow;

/// What there is in one other currency.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct OtherCurrency {
    pub currency: Currency,
    /// Whose prices are written in it; not for sale.
    pub products: i64,
    /// That are not over.
    pub orders: i64,
    /// With money on them, or some of it held.
    pub accounts: i64,
}

/// What there is in other currencies than the shop's. Prices of which it was never noted what they are
/// written in are taken to be in the shop's, from now on.
pub async fn find_other_currencies(app: &App) -> Result<Vec<OtherCurrency>, AppError> {
    let shop = app.config.shop.currency;
    let mut tx = app.db.write().await?;
    note_currency(&mut tx, shop).await?;
    tx.commit().await?;
    let mut conn = app.db.read().await?;
    Ok(list(&mut conn, shop).await?)
}

async fn list(conn: &mut Conn, shop: Currency) -> sqlx::Result<Vec<OtherCurrency>> {
    fetch_all!(
        conn,
        "SELECT currency, CAST(SUM(products) AS BIGINT) AS products,
                CAST(SUM(orders) AS BIGINT) AS orders,
                CAST(SUM(accounts) AS BIGINT) AS accounts
         FROM (SELECT currency, COUNT(*) AS products, 0 AS orders, 0 AS accounts
               FROM products GROUP BY currency
               UNION ALL
               SELECT currency, 0, COUNT(*), 0 FROM orders
               WHERE status IN ('placed', 'paid', 'packed', 'shipped') GROUP BY currency
               UNION ALL
               SELECT currency, 0, 0, COUNT(*) FROM ledger_accounts
               WHERE balance <> 0 OR held <> 0 GROUP BY currency) AS counted
         WHERE currency <> $1 GROUP BY currency ORDER BY currency",
        shop
    )
}

/// Says it in the log.
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
