//! SQL for accounts, transfers and entries.

use super::accounts::Account;
use super::transfers::{Posting, Transfer};
use super::{Kind, Side, Standing, journal};
use crate::clock::Timestamp;
use crate::money::Currency;
use crate::server::matching::key;
use crate::server::{
    Conn, QueryBuilder, execute, fetch_all, fetch_optional, fetch_scalar, stored_as_word,
};
use serde_json::json;
use sqlx::{AssertSqlSafe, FromRow};
use std::collections::{BTreeSet, HashMap};

stored_as_word!(Kind, Side);

const ACCOUNT: &str = "SELECT id, code, name, owner_id, currency, normal_side, min_balance, balance, held, \
     created_at FROM ledger_accounts";

#[derive(FromRow)]
struct AccountRow {
    id: i64,
    code: String,
    name: String,
    owner_id: Option<i64>,
    currency: Currency,
    normal_side: Side,
    min_balance: Option<i64>,
    balance: i64,
    held: i64,
    created_at: Timestamp,
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Self {
            id: row.id,
            code: row.code,
            name: row.name,
            owner_id: row.owner_id,
            currency: row.currency,
            standing: Standing {
                normal_side: row.normal_side,
                balance: row.balance,
                held: row.held,
                min_balance: row.min_balance,
            },
            created_at: row.created_at,
        }
    }
}

macro_rules! account_query {
    ($rest:expr) => {
        AssertSqlSafe(format!("{ACCOUNT} {}", $rest))
    };
}

pub async fn create_account(conn: &mut Conn, account: &Account) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO ledger_accounts
             (code, name, owner_id, currency, normal_side, min_balance, created_at,
              search_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        &account.code,
        &account.name,
        account.owner_id,
        account.currency,
        account.standing.normal_side,
        account.standing.min_balance,
        account.created_at,
        key([account.code.as_str(), &account.name])
    )
}

/// Creates the account unless there is one with this code.
pub async fn create_account_if_missing(conn: &mut Conn, account: &Account) -> sqlx::Result<()> {
    execute!(
        conn,
        "INSERT INTO ledger_accounts
             (code, name, owner_id, currency, normal_side, min_balance, created_at,
              search_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (code) DO NOTHING",
        &account.code,
        &account.name,
        account.owner_id,
        account.currency,
        account.standing.normal_side,
        account.standing.min_balance,
        account.created_at,
        key([account.code.as_str(), &account.name])
    )
}

pub async fn find_account(conn: &mut Conn, id: i64) -> sqlx::Result<Option<Account>> {
    let query = account_query!("WHERE id = $1");
    let row: Option<AccountRow> = fetch_optional!(conn, query, id)?;
    Ok(row.map(Account::from))
}

pub async fn find_account_by_code(conn: &mut Conn, code: &str) -> sqlx::Result<Option<Account>> {
    let query = account_query!("WHERE code = $1");
    let row: Option<AccountRow> = fetch_optional!(conn, query, code)?;
    Ok(row.map(Account::from))
}

/// Returns those of the accounts that exist, by id.
pub async fn find_accounts(conn: &mut Conn, ids: &[i64]) -> sqlx::Result<Vec<Account>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = account_query!(conn.pick(
        "WHERE id IN (SELECT value FROM json_each($1)) ORDER BY id",
        "WHERE id IN (SELECT CAST(value AS BIGINT)
                      FROM json_array_elements_text(CAST($1 AS JSON))) ORDER BY id",
    ));
    let ids = json!(ids).to_string();
    let rows: Vec<AccountRow> = fetch_all!(conn, query, ids)?;
    Ok(rows.into_iter().map(Account::from).collect())
}

/// Returns the accounts after the id `after`, only those of `owner` if given.
pub async fn list_accounts(
    conn: &mut Conn,
    owner: Option<i64>,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<Account>> {
    let rows: Vec<AccountRow> = match owner {
        Some(owner) => {
            let query = account_query!("WHERE owner_id = $1 AND id > $2 ORDER BY id LIMIT $3");
            fetch_all!(conn, query, owner, after, limit)?
        }
        None => {
            let query = account_query!("WHERE id > $1 ORDER BY id LIMIT $2");
            fetch_all!(conn, query, after, limit)?
        }
    };
    Ok(rows.into_iter().map(Account::from).collect())
}

/// Returns the accounts, locked until the transaction ends.
pub async fn lock_accounts(conn: &mut Conn, ids: BTreeSet<i64>) -> sqlx::Result<Vec<Account>> {
    let query = conn.pick(
        account_query!("WHERE id IN (SELECT value FROM json_each($1)) ORDER BY id"),
        account_query!(
            "WHERE id IN (SELECT CAST(value AS BIGINT)
                          FROM json_array_elements_text(CAST($1 AS JSON)))
             ORDER BY id FOR NO KEY UPDATE"
        ),
    );
    let ids = json!(ids).to_string();
    let rows: Vec<AccountRow> = fetch_all!(conn, query, ids)?;
    Ok(rows.into_iter().map(Account::from).collect())
}

/// Writes the accounts' current standings in one statement.
pub async fn update_standings(conn: &mut Conn, standings: &[(i64, Standing)]) -> sqlx::Result<()> {
    if standings.is_empty() {
        return Ok(());
    }
    let begin = "UPDATE ledger_accounts SET balance = v.column2, held = v.column3 FROM (";
    let mut query = QueryBuilder::new(conn, begin);
    query.push_values(standings, |row, (id, standing)| {
        row.push_bind_as(*id, "BIGINT")
            .push_bind_as(standing.balance, "BIGINT")
            .push_bind_as(standing.held, "BIGINT");
    });
    query.push(") AS v WHERE ledger_accounts.id = v.column1");
    query.persistent(standings.len() == 2);
    query.execute(conn).await
}

macro_rules! transfer_query {
    ($rest:expr) => {
        AssertSqlSafe(format!(
            "SELECT t.seq, t.id, t.debit_account_id, t.credit_account_id, t.amount, a.currency,
                    t.kind, t.reference, t.memo, r.id AS reverses, t.posted_at,
                    d.balance AS debit_balance, c.balance AS credit_balance
             FROM transfers t
             JOIN ledger_accounts a ON a.id = t.debit_account_id
             JOIN ledger_entries d ON d.transfer_seq = t.seq AND d.side = 'debit'
             JOIN ledger_entries c ON c.transfer_seq = t.seq AND c.side = 'credit'
             LEFT JOIN transfers r ON r.seq = t.reverses {}",
            $rest
        ))
    };
}

pub async fn find_transfer(conn: &mut Conn, seq: i64) -> sqlx::Result<Option<Transfer>> {
    let query = transfer_query!("WHERE t.seq = $1");
    fetch_optional!(conn, query, seq)
}

/// Returns those of the transfers that exist.
pub async fn find_transfers(conn: &mut Conn, ids: &[&str]) -> sqlx::Result<Vec<Transfer>> {
    let query = conn.pick(
        transfer_query!("WHERE t.id IN (SELECT value FROM json_each($1))"),
        transfer_query!(
            "WHERE t.id IN (SELECT value FROM json_array_elements_text(CAST($1 AS JSON)))"
        ),
    );
    let ids = json!(ids).to_string();
    fetch_all!(conn, query, ids)
}

/// The number of transfers written per statement: far below the engines' limits on placeholders.
const AT_ONCE: usize = 100;

/// Inserts the transfers with both entries of each, and returns their ids with their positions in the
/// journal. `balances` holds the accounts' balances afterwards.
pub async fn create_transfers(
    conn: &mut Conn,
    postings: &[Posting],
    balances: &HashMap<String, Transfer>,
) -> sqlx::Result<Vec<(String, i64)>> {
    let mut written = Vec::with_capacity(postings.len());
    for part in postings.chunks(AT_ONCE) {
        let mut places = insert_transfers(conn, part, balances).await?;
        // In journal order, so that an account's entries follow its balance.
        places.sort_by_key(|(_, seq)| *seq);
        insert_entries(conn, &places, balances).await?;
        journal::create_words(conn, part, &places).await?;
        written.extend(places);
    }
    Ok(written)
}

async fn insert_transfers(
    conn: &mut Conn,
    postings: &[Posting],
    balances: &HashMap<String, Transfer>,
) -> sqlx::Result<Vec<(String, i64)>> {
    let mut query = QueryBuilder::new(
        conn,
        "INSERT INTO transfers (id, debit_account_id, credit_account_id, amount, kind, reference,
                                memo, reverses, hold_seq, actor_id, posted_at) ",
    );
    query.push_values(postings, |row, posting| {
        row.push_bind(&posting.id)
            .push_bind(posting.debit_account_id)
            .push_bind(posting.credit_account_id)
            .push_bind(posting.amount)
            .push_bind(posting.kind)
            .push_bind(&posting.reference)
            .push_bind(&posting.memo)
            .push_bind(posting.reverses.as_ref().map(|(seq, _)| *seq))
            .push_bind(posting.hold)
            .push_bind(posting.actor)
            .push_bind(balances[&posting.id].posted_at);
    });
    query.push(" RETURNING id, seq");
    query.persistent(is_common(postings.len()));
    query.fetch_all(conn).await
}

async fn insert_entries(
    conn: &mut Conn,
    places: &[(String, i64)],
    balances: &HashMap<String, Transfer>,
) -> sqlx::Result<()> {
    let mut query = QueryBuilder::new(
        conn,
        "INSERT INTO ledger_entries
             (transfer_seq, account_id, side, amount, balance, posted_at) ",
    );
    let entries = places.iter().flat_map(|(id, seq)| {
        let transfer = &balances[id];
        sides(transfer).map(|entry| (*seq, transfer, entry))
    });
    query.push_values(entries, |row, (seq, transfer, (side, account, balance))| {
        row.push_bind(seq)
            .push_bind(account)
            .push_bind(side)
            .push_bind(transfer.amount)
            .push_bind(balance)
            .push_bind(transfer.posted_at);
    });
    query.persistent(is_common(places.len()));
    query.execute(conn).await
}

/// Returns the two entries of a transfer: side, account, and balance afterwards.
fn sides(transfer: &Transfer) -> [(Side, i64, i64); 2] {
    [
        (
            Side::Debit,
            transfer.debit_account_id,
            transfer.debit_balance,
        ),
        (
            Side::Credit,
            transfer.credit_account_id,
            transfer.credit_balance,
        ),
    ]
}

/// Returns true if a statement for so many transfers is frequent enough to be kept prepared.
fn is_common(count: usize) -> bool {
    count == 1 || count == AT_ONCE
}

/// One side of a transfer, as its account sees it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Entry {
    pub seq: i64,
    pub transfer_id: String,
    pub kind: super::transfers::Kind,
    pub side: Side,
    pub amount: i64,
    /// The account's balance after the entry.
    pub balance: i64,
    /// The account on the other side.
    pub other_account_id: i64,
    pub reference: String,
    pub memo: String,
    pub posted_at: Timestamp,
}

/// Returns the account's newest entries before `before`.
pub async fn list_entries(
    conn: &mut Conn,
    account: i64,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<Entry>> {
    fetch_all!(
        conn,
        "SELECT e.seq, t.id AS transfer_id, t.kind, e.side, e.amount, e.balance,
                CASE e.side WHEN 'debit' THEN t.credit_account_id
                            ELSE t.debit_account_id END AS other_account_id,
                t.reference, t.memo, e.posted_at
         FROM ledger_entries e JOIN transfers t ON t.seq = e.transfer_seq
         WHERE e.account_id = $1 AND e.seq < $2 ORDER BY e.seq DESC LIMIT $3",
        account,
        before,
        limit
    )
}
