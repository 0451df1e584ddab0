//! The search words of the journal's transfers.

use crate::ledger::transfers::Transfer;
use crate::search;
use crate::server::{Conn, execute, fetch_all, from_json};
use serde_json::json;
use sqlx::AssertSqlSafe;

/// Writes the search words of these transfers' references and memos. Those without either cost nothing.
pub async fn create_words(conn: &mut Conn, transfers: &[Transfer]) -> sqlx::Result<()> {
    let text = |it: &Transfer| Some((it.seq, text_of(&it.reference, &it.memo)?));
    let texts: Vec<(i64, String)> = transfers.iter().filter_map(text).collect();
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
    let words = texts.iter().map(|(seq, text)| (seq, words_of(text)));
    let words = json!(words.collect::<Vec<_>>()).to_string();
    let query = format!(
        "INSERT INTO transfer_words ({place}, words)
         SELECT CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS {kind}) FROM {}",
        from_json(conn)
    );
    execute!(conn, AssertSqlSafe(query), words)
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
