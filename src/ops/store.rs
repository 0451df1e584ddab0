//! SQL over the tables of all slices.

use crate::money::Currency;
use crate::server::{Conn, fetch_all, fetch_scalar};
use sqlx::FromRow;

/// The number of products, orders and accounts in one other currency.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct OtherCurrency {
    pub currency: Currency,
    /// Products priced in it; not for sale.
    pub products: i64,
    /// Open orders.
    pub orders: i64,
    /// Accounts with a balance or a held amount.
    pub accounts: i64,
}

pub async fn list_other_currencies(
    conn: &mut Conn,
    shop: Currency,
) -> sqlx::Result<Vec<OtherCurrency>> {
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

/// Runs a query that costs nothing, to check that the tables exist and can be read.
pub async fn count_nobody(conn: &mut Conn) -> sqlx::Result<i64> {
    fetch_scalar!(conn, "SELECT COUNT(*) FROM users WHERE id = 0")
}
