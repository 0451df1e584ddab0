//! Verification of the audit trail: every hash is recomputed, and every entry counted.

use super::chain::hash;
use super::entry::REGISTRY;
use super::store;
use crate::error::AppError;
use crate::proof::Finding;
use crate::server::{App, Conn};
use futures_util::future::BoxFuture;

/// The number of entries read at once.
const AT_ONCE: i64 = 5_000;

/// Returns what is wrong with the audit trail: of each study the first entry that was altered, removed or moved.
/// Empty if nothing is. Reads one snapshot of the database throughout.
///
/// Boxed, as [`crate::seed::seed`] is.
pub fn verify_audit(app: &App) -> BoxFuture<'_, Result<Vec<Finding>, AppError>> {
    Box::pin(check(app))
}

async fn check(app: &App) -> Result<Vec<Finding>, AppError> {
    let mut conn = app.db.snapshot().await?;
    let mut findings = Vec::new();
    let mut finding = |text: String| findings.push(Finding(text));
    for (chain, length, last) in store::list_chains(&mut conn).await? {
        if let Some(text) = first_break(&mut conn, chain, length, &last).await? {
            finding(text);
        }
    }
    for code in store::list_lost_studies(&mut conn).await? {
        finding(format!(
            "Study {code} was created, and it or its audit trail is gone"
        ));
    }
    for code in store::list_unrecorded_studies(&mut conn).await? {
        finding(format!(
            "Study {code} is there, and no entry says that it was created"
        ));
    }
    Ok(findings)
}

/// Returns the first thing that is wrong with a chain.
async fn first_break(
    conn: &mut Conn,
    chain: i64,
    length: i64,
    last: &str,
) -> Result<Option<String>, AppError> {
    let of = match chain {
        REGISTRY => "the registry of studies".to_owned(),
        study => format!("study no. {study}"),
    };
    let (mut seq, mut previous) = (0, String::new());
    loop {
        let entries = store::read_on(conn, chain, seq, AT_ONCE).await?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            if entry.seq != seq + 1 {
                let missing = seq + 1;
                return Ok(Some(format!(
                    "Entry {missing} of {of} was removed or moved"
                )));
            }
            seq = entry.seq;
            if hash(&previous, &entry) != entry.hash {
                let record = entry.record;
                return Ok(Some(format!(
                    "Entry {seq} of {of}, about {record}, was altered or moved"
                )));
            }
            previous = entry.hash;
        }
    }
    let whole = seq == length && previous == last;
    let next = seq + 1;
    Ok((!whole).then(|| match seq < length {
        true => format!("Entry {next} of {of} was removed, and all after it, to {length}"),
        false => format!("The audit trail of {of} ends with entry {seq}, and should with {length}"),
    }))
}
