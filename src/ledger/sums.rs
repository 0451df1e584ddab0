//! The sum of all entries, and transfers that do not balance.

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

/// Transfers that have not exactly their amount once on each of their accounts. Where one has too much
/// and another too little, the sums of all entries may be equal all the same.
pub async fn count_unbalanced(conn: &mut Conn) -> sqlx::Result<i64> {
    let query = "SELECT COUNT(*) FROM (
                     SELECT t.seq FROM transfers t
                     LEFT JOIN ledger_entries e ON e.transfer_seq = t.seq AND e.amount = t.amount
                          AND e.account_id = CASE e.side WHEN 'debit' THEN t.debit_account_id
                                                         ELSE t.credit_account_id END
                     GROUP BY t.seq HAVING COUNT(e.seq) <> 2) AS unbalanced";
    with_db!(conn, |c| sqlx::query_scalar(query).fetch_one(c).await)
}
