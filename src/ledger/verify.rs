//! Verification of the books: everything that can be recomputed is, and compared.

use super::Side;
use crate::error::AppError;
use crate::money::Currency;
use crate::proof::{Check, Finding, find_breaks};
use crate::server::{App, Conn, fetch_all, fetch_scalar};
use futures_util::future::BoxFuture;
use sqlx::AssertSqlSafe;

/// The transfers without exactly one entry of their amount on each of their accounts.
const UNBALANCED: &str = "SELECT t.id, CAST(COALESCE(SUM(e.amount), 0) AS BIGINT), 2 * t.amount
     FROM transfers t LEFT JOIN ledger_entries e ON e.transfer_seq = t.seq AND e.amount = t.amount
          AND e.account_id = CASE e.side WHEN 'debit' THEN t.debit_account_id
                                         ELSE t.credit_account_id END
     GROUP BY t.seq, t.id, t.amount HAVING COUNT(e.seq) <> 2";

const CHECKS: [Check; 10] = [
    (
        "Transfer {} has entries of {} where two of its amount on its two accounts should be ({})",
        UNBALANCED,
    ),
    (
        "Account {} has a balance of {}, and its entries add up to {}",
        "SELECT a.code, a.balance, CAST(COALESCE(SUM(CASE WHEN e.side = a.normal_side
                 THEN e.amount ELSE -e.amount END), 0) AS BIGINT) AS entries
         FROM ledger_accounts a LEFT JOIN ledger_entries e ON e.account_id = a.id
         GROUP BY a.id, a.code, a.balance
         HAVING a.balance <> COALESCE(SUM(CASE WHEN e.side = a.normal_side
                 THEN e.amount ELSE -e.amount END), 0)",
    ),
    (
        "An entry of account {} shows a balance of {} where it should be {}",
        "SELECT code, balance, running FROM (
             SELECT a.code, e.seq, e.balance, CAST(SUM(CASE WHEN e.side = a.normal_side
                 THEN e.amount ELSE -e.amount END)
                 OVER (PARTITION BY e.account_id ORDER BY e.seq) AS BIGINT) AS running
             FROM ledger_entries e JOIN ledger_accounts a ON a.id = e.account_id) AS steps
         WHERE balance <> running",
    ),
    (
        "Account {} holds back {}, and its open holds add up to {}",
        "SELECT a.code, a.held, CAST(COALESCE(SUM(h.amount), 0) AS BIGINT)
         FROM ledger_accounts a LEFT JOIN holds h ON h.status = 'open' AND a.id =
              CASE a.normal_side WHEN 'credit' THEN h.debit_account_id ELSE h.credit_account_id END
         GROUP BY a.id, a.code, a.held HAVING a.held <> COALESCE(SUM(h.amount), 0)",
    ),
    (
        "Account {} can give {}, which is below the least it may have, {}",
        "SELECT code, balance - held, min_balance FROM ledger_accounts
         WHERE balance - held < min_balance",
    ),
    (
        "Hold {} was captured with {}, and its transfers add up to {}",
        "SELECT h.id, h.captured, CAST(COALESCE(SUM(t.amount), 0) AS BIGINT)
         FROM holds h LEFT JOIN transfers t ON t.hold_seq = h.seq
         GROUP BY h.seq, h.id, h.captured HAVING h.captured <> COALESCE(SUM(t.amount), 0)",
    ),
    (
        "Transfer {} goes from account no. {} to no. {}, which count in two currencies",
        "SELECT t.id, t.debit_account_id, t.credit_account_id FROM transfers t
         JOIN ledger_accounts d ON d.id = t.debit_account_id
         JOIN ledger_accounts c ON c.id = t.credit_account_id
         WHERE d.currency <> c.currency",
    ),
    (
        "Hold {} is on account no. {} for no. {}, which count in two currencies",
        "SELECT h.id, h.debit_account_id, h.credit_account_id FROM holds h
         JOIN ledger_accounts d ON d.id = h.debit_account_id
         JOIN ledger_accounts c ON c.id = h.credit_account_id
         WHERE d.currency <> c.currency",
    ),
    (
        "Order {} counts in another currency than account no. {}, which its transfer no. {} debits",
        "SELECT o.number, a.id, t.seq FROM transfers t
         JOIN orders o ON o.number = t.reference
         JOIN ledger_accounts a ON a.id = t.debit_account_id
         WHERE t.reference <> '' AND a.currency <> o.currency
           AND t.id LIKE 'guildhall:order-%'",
    ),
    (
        // In millions and the remainder, so that no sum is too large for the database.
        "In {} all debits less all credits come to {}, where {} should be",
        "SELECT currency, excess, CAST(0 AS BIGINT) FROM (
             SELECT a.currency,
                    CAST(SUM(CASE e.side WHEN 'debit' THEN e.amount / 1000000
                             ELSE -(e.amount / 1000000) END) * 1000000
                       + SUM(CASE e.side WHEN 'debit' THEN e.amount % 1000000
                             ELSE -(e.amount % 1000000) END) AS BIGINT) AS excess
             FROM ledger_entries e JOIN ledger_accounts a ON a.id = e.account_id
             GROUP BY a.currency) AS sums
         WHERE excess <> 0",
    ),
];

/// Returns the errors in the books; empty if they are right. Reads one snapshot of the database throughout,
/// so it can run while the shop is open.
///
/// Boxed, as [`crate::seed::seed`] is.
pub fn verify_ledger(app: &App) -> BoxFuture<'_, Result<Vec<Finding>, AppError>> {
    Box::pin(check(app))
}

async fn check(app: &App) -> Result<Vec<Finding>, AppError> {
    let mut conn = app.db.snapshot().await?;
    Ok(find_breaks(&mut conn, &CHECKS).await?)
}

/// The total debits and the total credits of one currency: always equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums {
    pub currency: Currency,
    pub debits: i64,
    pub credits: i64,
}

/// Amounts are summed in two parts, whole millions and the remainder, so that no sum of many is too large for
/// the database.
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

/// Counts the transfers that do not balance. If one has too much and another too little, the sums of all
/// entries may still be equal.
pub async fn count_unbalanced(conn: &mut Conn) -> sqlx::Result<i64> {
    let query = AssertSqlSafe(format!("SELECT COUNT(*) FROM ({UNBALANCED}) AS unbalanced"));
    fetch_scalar!(conn, query)
}
