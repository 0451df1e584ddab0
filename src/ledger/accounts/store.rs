//! SQL for the pages of accounts.

use super::account::Account;
use crate::accounts::find_ids_named;
use crate::clock::Timestamp;
use crate::ledger::{Side, store};
use crate::money::Currency;
use crate::server::matching::Whereabouts;
use crate::server::{Conn, execute, fetch_all, fetch_scalar, fetch_scalars, matching};
use serde_json::json;
use sqlx::{AssertSqlSafe, FromRow};
use std::collections::HashMap;

/// The maximum number of people matched by name or address: more would not make a search clearer.
const MOST_OWNERS: i64 = 500;

/// The filter of an account list.
#[derive(Clone, Debug, Default)]
pub struct AccountFilter {
    /// A part of the code, the name, or the owner's name or address.
    pub text: String,
    /// The id of the last account seen.
    pub after: i64,
}

/// Returns the matching accounts, by id.
pub async fn search_accounts(
    conn: &mut Conn,
    filter: &AccountFilter,
    limit: i64,
) -> sqlx::Result<Vec<Account>> {
    let text = filter.text.trim();
    if text.is_empty() {
        return store::list_accounts(conn, None, filter.after, limit).await;
    }
    let owners = find_ids_named(conn, text, MOST_OWNERS).await?;
    let pattern = matching::pattern(Whereabouts::Anywhere, text);
    let is_owned = conn.pick(
        "owner_id IN (SELECT value FROM json_each($3))",
        "owner_id IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($3 AS JSON)))",
    );
    let fits = matching::fits("search_key", "$2");
    let query = AssertSqlSafe(format!(
        "SELECT id FROM ledger_accounts WHERE id > $1 AND ({fits} OR {is_owned})
         ORDER BY id LIMIT $4"
    ));
    let owners = json!(owners).to_string();
    let ids: Vec<i64> = fetch_scalars!(conn, query, filter.after, pattern, owners, limit)?;
    store::find_accounts(conn, &ids).await
}

/// Rebuilds the search keys of the next accounts after this id and returns the last id.
pub async fn index_accounts_again(
    conn: &mut Conn,
    after: i64,
    limit: i64,
) -> sqlx::Result<Option<i64>> {
    let accounts: Vec<(i64, String, String)> = fetch_all!(
        conn,
        "SELECT id, code, name FROM ledger_accounts WHERE id > $1 ORDER BY id LIMIT $2",
        after,
        limit
    )?;
    for (id, code, name) in &accounts {
        execute!(
            conn,
            "UPDATE ledger_accounts SET search_key = $1 WHERE id = $2",
            matching::key([code.as_str(), name]),
            *id
        )?;
    }
    Ok(accounts.last().map(|(id, ..)| *id))
}

/// Returns the codes of these accounts, by id.
pub async fn find_codes(conn: &mut Conn, ids: &[i64]) -> sqlx::Result<HashMap<i64, String>> {
    let accounts = store::find_accounts(conn, ids).await?;
    Ok(accounts
        .into_iter()
        .map(|account| (account.id, account.code))
        .collect())
}

/// Returns the account's balance after each change and its time, newest first, at most `limit`.
pub async fn list_balances(
    conn: &mut Conn,
    account: i64,
    limit: i64,
) -> sqlx::Result<Vec<(Timestamp, i64)>> {
    fetch_all!(
        conn,
        "SELECT posted_at, balance FROM ledger_entries
         WHERE account_id = $1 ORDER BY seq DESC LIMIT $2",
        account,
        limit
    )
}

/// A line of the trial balance: one account, or many of a kind.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Line {
    /// The account's id; `None` if the line stands for many.
    pub account_id: Option<i64>,
    pub code: String,
    pub name: String,
    pub currency: Currency,
    pub normal_side: Side,
    /// The balance on the normal side.
    pub balance: i64,
    pub accounts: i64,
}

/// Returns every account with a balance, the company's own first. If there are more than `most`, people's
/// accounts are combined into one line per side and currency.
pub async fn list_lines(conn: &mut Conn, most: i64) -> sqlx::Result<Vec<Line>> {
    let each = "SELECT id AS account_id, code, name, currency, normal_side, balance,
                       CAST(1 AS BIGINT) AS accounts
                FROM ledger_accounts WHERE balance <> 0";
    let query = format!("{each} ORDER BY currency, owner_id IS NOT NULL, code LIMIT $1");
    let lines: Vec<Line> = fetch_all!(conn, AssertSqlSafe(query), most + 1)?;
    if lines.len() as i64 <= most {
        return Ok(lines);
    }
    let query = format!(
        "SELECT * FROM ({each} AND owner_id IS NULL
         UNION ALL
         SELECT CAST(NULL AS BIGINT), '', '', currency, normal_side,
                CAST(SUM(balance) AS BIGINT), COUNT(*)
         FROM ledger_accounts WHERE balance <> 0 AND owner_id IS NOT NULL
         GROUP BY currency, normal_side, balance > 0) AS lines
         ORDER BY currency, account_id IS NULL, code"
    );
    fetch_all!(conn, AssertSqlSafe(query))
}

/// Returns true if the transfer at this journal position was reversed.
pub async fn is_reversed(conn: &mut Conn, seq: i64) -> sqlx::Result<bool> {
    let count: i64 = fetch_scalar!(
        conn,
        "SELECT COUNT(*) FROM transfers WHERE reverses = $1",
        seq
    )?;
    Ok(count > 0)
}
