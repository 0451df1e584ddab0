//! The sum of all entries.

use crate::money::Currency;
use crate::server::{Conn, with_db};

/// All debits and all credits of one currency: always the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Sums {
    pub currency: Currency,
    pub debits: i64,
    pub credits: i64,
}

pub async fn sum_entries(conn: &mut Conn) -> sqlx::Result<Vec<Sums>> {
    let query = "SELECT a.currency,
                        CAST(SUM(CASE e.side WHEN 'debit' THEN e.amount ELSE 0 END) AS BIGINT) AS debits,
                        CAST(SUM(CASE e.side WHEN 'credit' THEN e.amount ELSE 0 END) AS BIGINT) AS credits
                 FROM ledger_entries e JOIN ledger_accounts a ON a.id = e.account_id
                 GROUP BY a.currency ORDER BY a.currency";
    with_db!(conn, |c| sqlx::query_as(query).fetch_all(c).await)
}
