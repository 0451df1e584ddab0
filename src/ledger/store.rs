//! SQL for accounts, transfers and entries.

use super::accounts::Account;
use super::transfers::{Posting, Transfer};
use super::{Kind, Side, Standing, journal};
use crate::clock::Timestamp;
use crate::money::Currency;
use crate::server::matching::key;
use crate::server::{
    Conn, Engine, execute, execute_rows, fetch_all, fetch_optional, fetch_scalar, fetch_scalars,
    stored_as_word,
};
use serde_json::json;
use sqlx::{AssertSqlSafe, FromRow};
use std::collections::BTreeSet;

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
    let rows = standings.iter().map(|(id, it)| (id, it.balance, it.held));
    let update = |rows| {
        format!(
            "UPDATE ledger_accounts SET balance = v.balance, held = v.held
             FROM (SELECT CAST(value ->> 0 AS BIGINT) AS id, CAST(value ->> 1 AS BIGINT) AS balance,
                          CAST(value ->> 2 AS BIGINT) AS held FROM {rows}) AS v
             WHERE ledger_accounts.id = v.id"
        )
    };
    execute_rows(conn, update, rows.collect()).await
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
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = conn.pick(
        transfer_query!("WHERE t.id IN (SELECT value FROM json_each($1))"),
        transfer_query!(
            "WHERE t.id IN (SELECT value FROM json_array_elements_text(CAST($1 AS JSON)))"
        ),
    );
    let ids = json!(ids).to_string();
    fetch_all!(conn, query, ids)
}

/// Inserts the transfers of these postings, in the same order, with both entries of each, and sets their
/// positions in the journal.
pub async fn create_transfers(
    conn: &mut Conn,
    postings: &[&Posting],
    transfers: &mut [Transfer],
) -> sqlx::Result<()> {
    if postings.is_empty() {
        return Ok(());
    }
    let seqs = next_seqs(conn, transfers.len()).await?;
    for (transfer, seq) in transfers.iter_mut().zip(seqs) {
        transfer.seq = seq;
    }
    insert_transfers(conn, postings, transfers).await?;
    insert_entries(conn, transfers).await?;
    journal::create_words(conn, transfers).await
}

/// Returns the next positions in the journal. Known before, they need not be returned for each transfer.
async fn next_seqs(conn: &mut Conn, count: usize) -> sqlx::Result<Vec<i64>> {
    let count = count as i64;
    match conn.engine() {
        // There is one writer, and nothing posted is ever deleted.
        Engine::Sqlite => {
            let last = "SELECT COALESCE(MAX(seq), 0) FROM transfers";
            let last: i64 = fetch_scalar!(conn, last)?;
            Ok((last + 1..=last + count).collect())
        }
        Engine::Postgres => fetch_scalars!(
            conn,
            "SELECT nextval(pg_get_serial_sequence('transfers', 'seq'))
             FROM generate_series(1, $1)",
            count
        ),
    }
}

async fn insert_transfers(
    conn: &mut Conn,
    postings: &[&Posting],
    transfers: &[Transfer],
) -> sqlx::Result<()> {
    let rows = postings.iter().zip(transfers).map(|(posting, transfer)| {
        (
            transfer.seq,
            &posting.id,
            posting.debit_account_id,
            posting.credit_account_id,
            posting.amount,
            posting.kind,
            &posting.reference,
            &posting.memo,
            posting.reverses.as_ref().map(|(seq, _)| seq),
            posting.hold,
            posting.actor,
            transfer.posted_at.micros(),
        )
    });
    let insert = |rows| {
        format!(
            "INSERT INTO transfers (seq, id, debit_account_id, credit_account_id, amount, kind,
                                    reference, memo, reverses, hold_seq, actor_id, posted_at)
             SELECT CAST(value ->> 0 AS BIGINT), value ->> 1, CAST(value ->> 2 AS BIGINT),
                    CAST(value ->> 3 AS BIGINT), CAST(value ->> 4 AS BIGINT), value ->> 5,
                    value ->> 6, value ->> 7, CAST(value ->> 8 AS BIGINT),
                    CAST(value ->> 9 AS BIGINT), CAST(value ->> 10 AS BIGINT),
                    CAST(value ->> 11 AS BIGINT)
             FROM {rows}"
        )
    };
    execute_rows(conn, insert, rows.collect()).await
}

/// In the transfers' order, so that an account's entries follow its balance.
async fn insert_entries(conn: &mut Conn, transfers: &[Transfer]) -> sqlx::Result<()> {
    let rows = transfers.iter().flat_map(|transfer| {
        let Transfer { seq, amount, .. } = transfer;
        let at = transfer.posted_at.micros();
        sides(transfer).map(|(side, account, balance)| (seq, account, side, amount, balance, at))
    });
    let insert = |rows| {
        format!(
            "INSERT INTO ledger_entries (transfer_seq, account_id, side, amount, balance, posted_at)
             SELECT CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS BIGINT), value ->> 2,
                    CAST(value ->> 3 AS BIGINT), CAST(value ->> 4 AS BIGINT),
                    CAST(value ->> 5 AS BIGINT)
             FROM {rows}"
        )
    };
    execute_rows(conn, insert, rows.collect()).await
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
