//! SQL for the audit trail.

use super::entry::Entry;
use crate::server::{
    Conn, QueryBuilder, execute, execute_rows, fetch_all, fetch_one, fetch_scalars,
};
use sqlx::AssertSqlSafe;

/// The columns of an entry.
const COLUMNS: &str = "chain_id, seq, at, user_id, record, field, old, new, reason, hash";

/// The number of entries in one statement.
const AT_ONCE: usize = 1_000;

pub async fn create_chain(conn: &mut Conn, chain: i64) -> sqlx::Result<()> {
    execute!(conn, "INSERT INTO audit_chains (id) VALUES ($1)", chain)
}

/// Returns the chain's length and last hash, and locks it until the transaction ends. SQLite has one writer at a
/// time anyway.
pub async fn lock_chain(conn: &mut Conn, chain: i64) -> sqlx::Result<(i64, String)> {
    let query = conn.pick(
        "SELECT length, hash FROM audit_chains WHERE id = $1",
        "SELECT length, hash FROM audit_chains WHERE id = $1 FOR UPDATE",
    );
    fetch_one!(conn, query, chain)
}

/// Returns the chain's length and last hash.
pub async fn find_end(conn: &mut Conn, chain: i64) -> sqlx::Result<(i64, String)> {
    fetch_one!(
        conn,
        "SELECT length, hash FROM audit_chains WHERE id = $1",
        chain
    )
}

pub async fn update_chain(
    conn: &mut Conn,
    chain: i64,
    length: i64,
    hash: &str,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE audit_chains SET length = $1, hash = $2 WHERE id = $3",
        length,
        hash,
        chain
    )
}

/// Inserts entries, a thousand in one statement.
pub async fn insert_entries(conn: &mut Conn, entries: &[Entry]) -> sqlx::Result<()> {
    for entries in entries.chunks(AT_ONCE) {
        let rows: Vec<_> = entries
            .iter()
            .map(|entry| {
                let Entry {
                    chain_id,
                    seq,
                    at,
                    user_id,
                    record,
                    field,
                    old,
                    new,
                    reason,
                    hash,
                } = entry;
                (
                    chain_id,
                    seq,
                    at.micros(),
                    user_id,
                    record,
                    field,
                    old,
                    new,
                    reason,
                    hash,
                )
            })
            .collect();
        let insert = |rows: &str| {
            format!(
                "INSERT INTO audit_entries ({COLUMNS})
                 SELECT CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS BIGINT), CAST(value ->> 2 AS BIGINT),
                     CAST(value ->> 3 AS BIGINT), value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8,
                     value ->> 9
                 FROM {rows}"
            )
        };
        execute_rows(conn, insert, rows).await?;
    }
    Ok(())
}

/// The entries to list, newest first.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    pub chain: i64,
    /// The record they are about; any if empty.
    pub record: String,
    /// The number below which the list continues.
    pub before: Option<i64>,
}

pub async fn list_entries(
    conn: &mut Conn,
    filter: &AuditFilter,
    limit: i64,
) -> sqlx::Result<Vec<Entry>> {
    let mut query = QueryBuilder::new(
        conn,
        format!("SELECT {COLUMNS} FROM audit_entries WHERE chain_id = "),
    );
    query.push_bind(filter.chain);
    if !filter.record.is_empty() {
        query
            .push(" AND record = ")
            .push_bind(filter.record.clone());
    }
    if let Some(before) = filter.before {
        query.push(" AND seq < ").push_bind(before);
    }
    query.push(" ORDER BY seq DESC LIMIT ").push_bind(limit);
    query.fetch_all(conn).await
}

/// Returns the entries after this number, oldest first.
pub async fn read_on(
    conn: &mut Conn,
    chain: i64,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<Entry>> {
    let query = AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM audit_entries WHERE chain_id = $1 AND seq > $2 ORDER BY seq LIMIT $3"
    ));
    fetch_all!(conn, query, chain, after, limit)
}

/// Returns those who made changes to subjects and their readings in these entries, the first of which is the one
/// after `after`; `None` stands for the program itself.
pub async fn list_authors(
    conn: &mut Conn,
    chain: i64,
    (after, last): (i64, i64),
) -> sqlx::Result<Vec<Option<i64>>> {
    fetch_scalars!(
        conn,
        "SELECT DISTINCT user_id FROM audit_entries
         WHERE chain_id = $1 AND seq > $2 AND seq <= $3 AND (record LIKE 'subject/%' OR record LIKE 'vital/%')",
        chain,
        after,
        last
    )
}

/// Returns of each of these records the first entry, and the last one of each field, up to the entry with this
/// number; oldest first.
pub async fn list_ends(
    conn: &mut Conn,
    chain: i64,
    records: &[String],
    last: i64,
) -> sqlx::Result<Vec<Entry>> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let among = conn.pick(
        "record IN (SELECT value FROM json_each($1))",
        "record IN (SELECT value FROM json_array_elements_text(CAST($1 AS JSON)))",
    );
    // The plus keeps SQLite from going through the whole chain up to the last one.
    let query = AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM audit_entries WHERE chain_id = $2 AND seq IN (
             SELECT MAX(seq) FROM audit_entries WHERE chain_id = $2 AND +seq <= $3 AND {among} GROUP BY record, field
             UNION ALL
             SELECT MIN(seq) FROM audit_entries WHERE chain_id = $2 AND seq <= $3 AND {among} GROUP BY record)
         ORDER BY seq"
    ));
    let records = serde_json::json!(records).to_string();
    fetch_all!(conn, query, records, chain, last)
}

/// Returns every chain with its length and last hash.
pub async fn list_chains(conn: &mut Conn) -> sqlx::Result<Vec<(i64, i64, String)>> {
    fetch_all!(
        conn,
        "SELECT id, length, hash FROM audit_chains ORDER BY id"
    )
}

/// Returns the codes of the studies that the registry knows and that are gone, or have no chain.
pub async fn list_lost_studies(conn: &mut Conn) -> sqlx::Result<Vec<String>> {
    fetch_scalars!(
        conn,
        "SELECT e.new FROM audit_entries e
         LEFT JOIN studies s ON s.code = e.new LEFT JOIN audit_chains c ON c.id = s.id
         WHERE e.chain_id = 0 AND e.field = 'code' AND c.id IS NULL ORDER BY e.seq"
    )
}

/// Returns the codes of the studies that the registry does not know.
pub async fn list_unrecorded_studies(conn: &mut Conn) -> sqlx::Result<Vec<String>> {
    fetch_scalars!(
        conn,
        "SELECT s.code FROM studies s WHERE NOT EXISTS (
             SELECT 1 FROM audit_entries e
             WHERE e.chain_id = 0 AND e.field = 'code' AND e.new = s.code) ORDER BY s.id"
    )
}
