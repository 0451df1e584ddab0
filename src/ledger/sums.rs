//! The sum of all entries, and transfers that do not balance.

use super::Side;
use super::verify::UNBALANCED;
use crate::money::Currency;
use crate::server::{Conn, fetch_all, fetch_scalar};
use sqlx::AssertSqlSafe;

/// All debits and all credits of one currency: always the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums {
    pub currency: Currency,
    pub debits: i64,
    pub credits: i64,
}

/// Amounts are summed in two parts, whole millions and what is left of them: no sum of many can be too
/// large for the database then.
const MILLION: i64 = 1_000_000;

pub async fn sum_entries(conn: &mut Conn) -> sqlx::Result<Vec<Sums>> {
    let rows: Vec<(Currency, Side, i64, i64)> = fetch_all!(
        conn,
        "SELECT a.currency, e.side,
                CAST(SUM(e.amount / $1) AS BIGINT), CAST(SUM(e.amount % $1) AS BIGINT)
         FROM ledger_entries e JOIN ledger_accounts a ON a.id = e.account_id
         GROUP BY a.currency, e.side ORDER BY a.currency",
        MILLION
    )?;
    let mut sums: Vec<Sums> = Vec::new();
    for (currency, side, millions, rest) in rows {
        if sums.last().is_none_or(|last| last.currency != currency) {
            sums.push(Sums {
                currency,
                debits: 0,
                credits: 0,
            });
        }
        let sum = millions.saturating_mul(MILLION).saturating_add(rest);
        if let Some(last) = sums.last_mut() {
            match side {
                Side::Debit => last.debits = sum,
                Side::Credit => last.credits = sum,
            }
        }
    }
    Ok(sums)
}

/// How many transfers do not balance. Where one has too much and another too little, the sums of all
/// entries may be equal all the same.
pub async fn count_unbalanced(conn: &mut Conn) -> sqlx::Result<i64> {
    let query = AssertSqlSafe(format!("SELECT COUNT(*) FROM ({UNBALANCED}) AS unbalanced"));
    fetch_scalar!(conn, query)
}
