//! The words that the journal finds transfers by.

use super::Posting;
use crate::search;
use crate::server::{Conn, with_db};
use sqlx::AssertSqlSafe;
use std::collections::HashMap;

/// Writes the words of these transfers' references and memos. Those without either cost nothing.
pub async fn create_words(
    conn: &mut Conn,
    postings: &[Posting],
    written: &[(String, i64)],
) -> sqlx::Result<()> {
    let places: HashMap<&str, i64> = written
        .iter()
        .map(|(id, seq)| (id.as_str(), *seq))
        .collect();
    let words_of = conn.pick(search::fts5_text as fn(&str) -> String, search::tsvector);
    let words: Vec<(i64, String)> = postings
        .iter()
        .filter(|posting| !(posting.reference.is_empty() && posting.memo.is_empty()))
        .filter_map(|posting| {
            let text = format!("{}\n{}", posting.reference, posting.memo);
            Some((*places.get(posting.id.as_str())?, words_of(&text)))
        })
        .collect();
    if words.is_empty() {
        return Ok(());
    }
    let (place, cast) = conn.pick(("rowid", "TEXT"), ("seq", "TSVECTOR"));
    let row = |index: usize| format!("(${}, CAST(${} AS {cast}))", 2 * index + 1, 2 * index + 2);
    let rows: Vec<String> = (0..words.len()).map(row).collect();
    let rows = rows.join(", ");
    let text = format!("INSERT INTO transfer_words ({place}, words) VALUES {rows}");
    with_db!(conn, |c| {
        let mut query = sqlx::query(AssertSqlSafe(text)).persistent(words.len() == 1);
        for (seq, words) in words {
            query = query.bind(seq).bind(words);
        }
        query.execute(c).await.map(drop)
    })
}
