//! The search words of the journal's transfers.

use crate::ledger::transfers::Posting;
use crate::search;
use crate::server::{Conn, QueryBuilder, execute, fetch_all};
use sqlx::AssertSqlSafe;
use std::collections::HashMap;

/// Writes the search words of these transfers' references and memos. Those without either cost nothing.
pub async fn create_words(
    conn: &mut Conn,
    postings: &[Posting],
    written: &[(String, i64)],
) -> sqlx::Result<()> {
    let places: HashMap<&str, i64> = written
        .iter()
        .map(|(id, seq)| (id.as_str(), *seq))
        .collect();
    let texts: Vec<(i64, String)> = postings
        .iter()
        .filter_map(|posting| {
            let text = text_of(&posting.reference, &posting.memo)?;
            Some((*places.get(posting.id.as_str())?, text))
        })
        .collect();
    insert_words(conn, &texts).await
}

/// Returns a transfer's searchable text; `None` if it has neither reference nor memo.
fn text_of(reference: &str, memo: &str) -> Option<String> {
    let says = !(reference.is_empty() && memo.is_empty());
    says.then(|| format!("{reference}\n{memo}"))
}

async fn insert_words(conn: &mut Conn, texts: &[(i64, String)]) -> sqlx::Result<()> {
    if texts.is_empty() {
        return Ok(());
    }
    let words_of = conn.pick(search::fts5_text as fn(&str) -> String, search::tsvector);
    let (place, kind) = conn.pick(("rowid", "TEXT"), ("seq", "TSVECTOR"));
    let begin = format!("INSERT INTO transfer_words ({place}, words) ");
    let mut query = QueryBuilder::new(conn, begin);
    query.push_values(texts, |row, (seq, text)| {
        row.push_bind(*seq).push_bind_as(words_of(text), kind);
    });
    query.persistent(texts.len() == 1);
    query.execute(conn).await
}

/// Rebuilds the search words of the next transfers after this position and returns the last position.
pub async fn index_transfers_again(
    conn: &mut Conn,
    after: i64,
    limit: i64,
) -> sqlx::Result<Option<i64>> {
    let transfers: Vec<(i64, String, String)> = fetch_all!(
        conn,
        "SELECT seq, reference, memo FROM transfers WHERE seq > $1 ORDER BY seq LIMIT $2",
        after,
        limit
    )?;
    let Some((last, ..)) = transfers.last() else {
        return Ok(None);
    };
    let place = conn.pick("rowid", "seq");
    let query = format!("DELETE FROM transfer_words WHERE {place} > $1 AND {place} <= $2");
    execute!(conn, AssertSqlSafe(query), after, *last)?;
    let text =
        |(seq, reference, memo): &(i64, String, String)| Some((*seq, text_of(reference, memo)?));
    let texts: Vec<(i64, String)> = transfers.iter().filter_map(text).collect();
    insert_words(conn, &texts).await?;
    Ok(Some(*last))
}
