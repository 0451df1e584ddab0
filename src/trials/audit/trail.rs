//! Writing to the audit trail.

use super::chain::hash;
use super::entry::Entry;
use super::store;
use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::Conn;
use crate::trials::Reason;

/// The author of a change, its time, and its reason.
#[derive(Clone, Debug)]
pub struct Author {
    /// `None` if the program does it by itself.
    pub user_id: Option<i64>,
    pub at: Timestamp,
    pub reason: String,
}

impl Author {
    /// The author of something new, which needs no reason.
    pub const fn new(user_id: Option<i64>, at: Timestamp) -> Self {
        Self {
            user_id,
            at,
            reason: String::new(),
        }
    }

    /// The author of a change, for the reason that was typed.
    pub fn with_reason(user: &User, at: Timestamp, reason: &str) -> Result<Self, AppError> {
        let reason = reason.parse::<Reason>();
        let reason = reason.map_err(|message| AppError::invalid("reason", message))?;
        Ok(Self {
            user_id: Some(user.id),
            at,
            reason: reason.as_str().to_owned(),
        })
    }
}

/// The end of a chain, locked until the transaction ends, and the entries that are to follow.
pub struct Trail {
    chain_id: i64,
    length: i64,
    hash: String,
    author: Author,
    entries: Vec<Entry>,
    /// True if some were written already.
    written: bool,
}

impl Trail {
    /// Locks the chain of a study, so that what is read from here on stays as it is until the transaction ends.
    pub async fn lock(conn: &mut Conn, chain_id: i64, author: Author) -> sqlx::Result<Self> {
        let (length, hash) = store::lock_chain(conn, chain_id).await?;
        Ok(Self {
            chain_id,
            length,
            hash,
            author,
            entries: Vec::new(),
            written: false,
        })
    }

    /// Begins the chain of a new study.
    pub async fn begin(conn: &mut Conn, chain_id: i64, author: Author) -> sqlx::Result<Self> {
        store::create_chain(conn, chain_id).await?;
        Self::lock(conn, chain_id, author).await
    }

    /// Returns the time of the change.
    pub const fn at(&self) -> Timestamp {
        self.author.at
    }

    /// Returns the id of whoever makes the change; `None` if the program does it by itself.
    pub const fn user_id(&self) -> Option<i64> {
        self.author.user_id
    }

    /// Notes a change of a field, if it is one.
    pub fn note(&mut self, record: &str, field: &str, old: Option<String>, new: Option<String>) {
        if old == new {
            return;
        }
        self.length += 1;
        let mut entry = Entry {
            chain_id: self.chain_id,
            seq: self.length,
            at: self.author.at,
            user_id: self.author.user_id,
            record: record.to_owned(),
            field: field.to_owned(),
            old,
            new,
            reason: self.author.reason.clone(),
            hash: String::new(),
        };
        entry.hash = hash(&self.hash, &entry);
        self.hash.clone_from(&entry.hash);
        self.entries.push(entry);
    }

    /// Notes a field of something new.
    pub fn note_new(&mut self, record: &str, field: &str, value: impl ToString) {
        self.note(record, field, None, Some(value.to_string()));
    }

    /// Sets the reason for what is noted from here on.
    pub fn set_reason(&mut self, reason: String) {
        self.author.reason = reason;
    }

    /// Writes the entries that were noted so far. The chain is written in the end.
    pub async fn flush(&mut self, conn: &mut Conn) -> sqlx::Result<()> {
        store::insert_entries(conn, &self.entries).await?;
        self.written |= !self.entries.is_empty();
        self.entries.clear();
        Ok(())
    }

    /// Returns true if nothing was noted.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && !self.written
    }

    /// Writes what was noted.
    pub async fn write(mut self, conn: &mut Conn) -> sqlx::Result<()> {
        self.flush(conn).await?;
        if !self.written {
            return Ok(());
        }
        store::update_chain(conn, self.chain_id, self.length, &self.hash).await
    }
}
