//! The audit trail, from its first entry to the one that was the last when the export began.
//!
//! As JSON Lines it has everything that its hashes are of, so that programs can verify it without this one.

use super::list::{List, text_of};
use crate::i18n::t;
use crate::server::Conn;
use crate::trials::audit::Entry;
use crate::trials::audit::store::read_on;
use serde::Serialize;

pub struct Entries {
    pub chain: i64,
    /// The number of the entry after which the list continues.
    pub after: i64,
    /// The number of the last entry.
    pub last: i64,
}

impl List for Entries {
    type Row = Entry;

    async fn read(&mut self, conn: &mut Conn, limit: i64) -> sqlx::Result<Vec<Entry>> {
        let limit = limit.min(self.last - self.after);
        let entries = read_on(conn, self.chain, self.after, limit).await?;
        if let Some(last) = entries.last() {
            self.after = last.seq;
        }
        Ok(entries)
    }

    fn columns(&self) -> Vec<&'static str> {
        vec![
            t!("trials-audit-no"),
            t!("trials-audit-when"),
            t!("trials-audit-who"),
            t!("trials-audit-record"),
            t!("trials-audit-field"),
            t!("trials-audit-before"),
            t!("trials-audit-after"),
            t!("trials-reason"),
            "SHA-256",
        ]
    }

    fn values(&self, entry: &Entry) -> Vec<String> {
        vec![
            entry.seq.to_string(),
            entry.at.rfc3339(),
            text_of(entry.user_id),
            entry.record.clone(),
            entry.field.clone(),
            entry.old.clone().unwrap_or_default(),
            entry.new.clone().unwrap_or_default(),
            entry.reason.clone(),
            entry.hash.clone(),
        ]
    }

    fn body(&self, entry: &Entry) -> impl Serialize {
        entry
    }
}
