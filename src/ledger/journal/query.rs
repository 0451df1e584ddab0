//! The query behind the journal: all transfers, or those matching the filters, by time.

use super::filter::JournalFilter;
use crate::clock::Timestamp;
use crate::ledger::transfers::Kind;
use crate::money::{Currency, Money};
use crate::search;
use crate::server::{Conn, Cursor, Engine, PageOf, QueryBuilder, fetch_all};
use sqlx::{AssertSqlSafe, FromRow};

/// A transfer with the codes of the accounts on its two sides.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct JournalRow {
    pub seq: i64,
    pub id: String,
    pub kind: Kind,
    pub posted_at: Timestamp,
    pub debit_account_id: i64,
    pub debit_code: String,
    pub credit_account_id: i64,
    pub credit_code: String,
    pub amount: i64,
    pub currency: Currency,
    pub reference: String,
    pub memo: String,
    /// The position of the transfer it reverses.
    pub reverses: Option<i64>,
    /// The position of the transfer that reverses it.
    pub reversed_by: Option<i64>,
}

impl JournalRow {
    pub fn money(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// Returns the transfer's cursor: its time and position.
    pub fn place(&self) -> (i64, i64) {
        (self.posted_at.micros(), self.seq)
    }
}

const ROW: &str = "t.seq, t.id, t.kind, t.posted_at, t.debit_account_id, d.code AS debit_code,
        t.credit_account_id, c.code AS credit_code, t.amount, d.currency, t.reference, t.memo,
        t.reverses, (SELECT r.seq FROM transfers r WHERE r.reverses = t.seq) AS reversed_by";

/// Selects `size + 1` transfers, to tell whether there are more.
///
/// Their positions are found first, by the index that serves the filters; the rest is read only for those on
/// the page. An account may be on either side, and each side has its index: the newest of both are found
/// separately and merged.
fn build(mut query: QueryBuilder, filter: &JournalFilter, engine: Engine) -> QueryBuilder {
    let order = match filter.oldest_first {
        true => "ORDER BY posted_at, seq",
        false => "ORDER BY posted_at DESC, seq DESC",
    };
    let limit = filter.size + 1;
    let sides: &[Option<&str>] = match filter.account {
        Some(_) => &[Some("debit_account_id"), Some("credit_account_id")],
        None => &[None],
    };
    query.push(format!(
        "SELECT {ROW} FROM transfers t
         JOIN ledger_accounts d ON d.id = t.debit_account_id
         JOIN ledger_accounts c ON c.id = t.credit_account_id
         WHERE t.seq IN ("
    ));
    for (index, side) in sides.iter().enumerate() {
        query.push(if index > 0 { " UNION ALL " } else { "" });
        query.push("SELECT seq FROM (SELECT seq FROM transfers WHERE TRUE");
        narrow(&mut query, filter, *side, engine);
        query.push(format!(" {order} LIMIT {limit}) AS side_{index}"));
    }
    let order = order
        .replace("posted_at", "t.posted_at")
        .replace(" seq", " t.seq");
    query.push(format!(") {order} LIMIT {limit}"));
    query
}

fn narrow(query: &mut QueryBuilder, filter: &JournalFilter, side: Option<&str>, engine: Engine) {
    if let (Some(side), Some(account)) = (side, filter.account) {
        query.push(format!(" AND {side} = ")).push_bind(account);
    }
    if let Some(kind) = filter.kind {
        query.push(" AND kind = ").push_bind(kind);
    }
    let bounds = [
        ("posted_at >=", filter.from.map(Timestamp::micros)),
        ("posted_at <", filter.until.map(Timestamp::micros)),
        ("amount >=", filter.least),
        ("amount <=", filter.most),
    ];
    for (column, bound) in bounds {
        if let Some(bound) = bound {
            query.push(format!(" AND {column} ")).push_bind(bound);
        }
    }
    narrow_by_text(query, filter.text.as_deref(), engine);
    if let Some((at, seq)) = filter.after {
        let beyond = if filter.oldest_first { '>' } else { '<' };
        query.push(format!(" AND (posted_at, seq) {beyond} ("));
        query.push_bind(at).push(", ").push_bind(seq).push(")");
    }
}

fn narrow_by_text(query: &mut QueryBuilder, text: Option<&str>, engine: Engine) {
    let Some(text) = text else { return };
    let terms = search::terms(text);
    if terms.is_empty() {
        // The text has no searchable words, so nothing matches.
        query.push(" AND FALSE");
        return;
    }
    match engine {
        Engine::Sqlite => query
            .push(" AND seq IN (SELECT rowid FROM transfer_words WHERE transfer_words MATCH ")
            .push_bind(search::fts5_query(&terms))
            .push(")"),
        Engine::Postgres => query
            .push(" AND seq IN (SELECT seq FROM transfer_words WHERE words @@ CAST(")
            .push_bind(search::tsquery(&terms))
            .push(" AS TSQUERY))"),
    };
}

/// Returns one page of the matching transfers.
pub async fn list_journal(
    conn: &mut Conn,
    filter: &JournalFilter,
) -> sqlx::Result<PageOf<JournalRow>> {
    let query = build(QueryBuilder::new(conn, ""), filter, conn.engine());
    let rows: Vec<JournalRow> = query.fetch_all(conn).await?;
    Ok(PageOf::from_rows(rows, filter.size, |row| {
        let (at, seq) = row.place();
        Cursor::new([&at, &seq])
    }))
}

/// Returns the transfers with this reference, oldest first, at most `limit`.
pub async fn list_transfers_of(
    conn: &mut Conn,
    reference: &str,
    limit: i64,
) -> sqlx::Result<Vec<JournalRow>> {
    let query = format!(
        "SELECT {ROW} FROM transfers t
         JOIN ledger_accounts d ON d.id = t.debit_account_id
         JOIN ledger_accounts c ON c.id = t.credit_account_id
         WHERE t.reference = $1 AND t.reference <> '' ORDER BY t.seq LIMIT $2"
    );
    fetch_all!(conn, AssertSqlSafe(query), reference, limit)
}

/// Returns the engine's query plan for the journal, one line per step.
pub async fn explain_journal(conn: &mut Conn, filter: &JournalFilter) -> sqlx::Result<Vec<String>> {
    let query = build(QueryBuilder::explaining(conn), filter, conn.engine());
    query.fetch_plan(conn).await
}
