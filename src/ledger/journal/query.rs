//! The query behind the journal: all transfers, or those that filters leave, by time.

use super::filter::JournalFilter;
use crate::clock::Timestamp;
use crate::ledger::transfers::Kind;
use crate::money::{Currency, Money};
use crate::search;
use crate::server::{Conn, Cursor, Engine, PageOf, Statement, Value, bind_all, fetch_all, with_db};
use sqlx::{AssertSqlSafe, FromRow};

/// A transfer with the accounts on its two sides by name.
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
    /// The place of the transfer it takes back.
    pub reverses: Option<i64>,
    /// The place of the transfer that takes it back.
    pub reversed_by: Option<i64>,
}

impl JournalRow {
    pub fn money(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// Where it stands in the journal.
    pub fn place(&self) -> (i64, i64) {
        (self.posted_at.micros(), self.seq)
    }
}

const ROW: &str = "t.seq, t.id, t.kind, t.posted_at, t.debit_account_id, d.code AS debit_code,
        t.credit_account_id, c.code AS credit_code, t.amount, d.currency, t.reference, t.memo,
        t.reverses, (SELECT r.seq FROM transfers r WHERE r.reverses = t.seq) AS reversed_by";

/// `size + 1` transfers, so that it shows whether there are more.
///
/// Their places are found first, by the index that serves the filters; the rest is read for those on
/// the page alone. An account may stand on either side, and each side has its index: the newest of
/// the one and of the other are found apart and put together.
fn statement(filter: &JournalFilter, engine: Engine) -> Statement {
    let order = match filter.oldest_first {
        true => "ORDER BY posted_at, seq",
        false => "ORDER BY posted_at DESC, seq DESC",
    };
    let limit = filter.size + 1;
    let sides: &[Option<&str>] = match filter.account {
        Some(_) => &[Some("debit_account_id"), Some("credit_account_id")],
        None => &[None],
    };
    let mut list = Statement::new(format!(
        "SELECT {ROW} FROM transfers t
         JOIN ledger_accounts d ON d.id = t.debit_account_id
         JOIN ledger_accounts c ON c.id = t.credit_account_id
         WHERE t.seq IN ("
    ));
    for (index, side) in sides.iter().enumerate() {
        let join = if index > 0 { "\nUNION ALL " } else { "" };
        let begin = format!("{join}SELECT seq FROM (SELECT seq FROM transfers WHERE TRUE");
        list.text.push_str(&begin);
        narrow(&mut list, filter, *side, engine);
        list.text
            .push_str(&format!("\n{order} LIMIT {limit}) AS side_{index}"));
    }
    let order = order
        .replace("posted_at", "t.posted_at")
        .replace(" seq", " t.seq");
    list.text.push_str(&format!(")\n{order} LIMIT {limit}"));
    list
}

fn narrow(list: &mut Statement, filter: &JournalFilter, side: Option<&str>, engine: Engine) {
    use Value::{Number, Text};
    if let (Some(side), Some(account)) = (side, filter.account) {
        list.narrow(&format!("{side} = ?"), [Number(account)]);
    }
    if let Some(kind) = filter.kind {
        list.narrow("kind = ?", [Text(kind.as_str().to_owned())]);
    }
    let bounds = [
        ("posted_at >= ?", filter.from.map(Timestamp::micros)),
        ("posted_at < ?", filter.until.map(Timestamp::micros)),
        ("amount >= ?", filter.least),
        ("amount <= ?", filter.most),
    ];
    for (condition, bound) in bounds {
        if let Some(bound) = bound {
            list.narrow(condition, [Number(bound)]);
        }
    }
    narrow_by_text(list, filter.text.as_deref(), engine);
    if let Some((at, seq)) = filter.after {
        let beyond = if filter.oldest_first { '>' } else { '<' };
        let place = format!("(posted_at, seq) {beyond} (?, ?)");
        list.narrow(&place, [Number(at), Number(seq)]);
    }
}

fn narrow_by_text(list: &mut Statement, text: Option<&str>, engine: Engine) {
    let Some(text) = text else { return };
    let terms = search::terms(text);
    if terms.is_empty() {
        // Nothing in it can be looked for, so nothing is found.
        list.narrow("FALSE", []);
        return;
    }
    let (condition, query) = match engine {
        Engine::Sqlite => (
            "seq IN (SELECT rowid FROM transfer_words WHERE transfer_words MATCH ?)",
            search::fts5_query(&terms),
        ),
        Engine::Postgres => (
            "seq IN (SELECT seq FROM transfer_words WHERE words @@ CAST(? AS TSQUERY))",
            search::tsquery(&terms),
        ),
    };
    list.narrow(condition, [Value::Text(query)]);
}

/// One page of the transfers that fit.
pub async fn list_journal(
    conn: &mut Conn,
    filter: &JournalFilter,
) -> sqlx::Result<PageOf<JournalRow>> {
    let Statement { text, values } = statement(filter, conn.engine());
    let rows: Vec<JournalRow> = with_db!(conn, |c| {
        let query = sqlx::query_as(AssertSqlSafe(text));
        bind_all!(query, values).fetch_all(c).await
    })?;
    Ok(PageOf::from_rows(rows, filter.size, |row| {
        let (at, seq) = row.place();
        Cursor::new([&at, &seq])
    }))
}

/// The transfers that name this reference, the first first, at most `limit`.
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

/// How the engine goes about the journal: a line for each step.
pub async fn explain_journal(conn: &mut Conn, filter: &JournalFilter) -> sqlx::Result<Vec<String>> {
    let Statement { text, values } = statement(filter, conn.engine());
    let (explain, column) = conn.pick(("EXPLAIN QUERY PLAN", "detail"), ("EXPLAIN", "QUERY PLAN"));
    let text = format!("{explain} {text}");
    with_db!(conn, |c| {
        use sqlx::Row;
        let query = sqlx::query(AssertSqlSafe(text));
        let rows = bind_all!(query, values).fetch_all(c).await?;
        rows.iter().map(|row| row.try_get(column)).collect()
    })
}
