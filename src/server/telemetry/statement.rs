//! The database driver's report of a statement that is done: the text with its placeholders, never the values.

use std::fmt::Debug;
use tracing::Metadata;
use tracing::field::{Field, Visit};

pub fn is_statement(metadata: &Metadata<'_>) -> bool {
    metadata.is_event() && metadata.target().strip_prefix("sqlx::") == Some("query")
}

#[derive(Default)]
pub struct Statement {
    /// Its first words.
    pub summary: String,
    /// All of it, where that is more.
    text: String,
    pub rows: i64,
    pub seconds: f64,
}

impl Statement {
    /// Returns all of its text.
    pub fn text(&self) -> &str {
        match self.text.trim() {
            "" => &self.summary,
            text => text,
        }
    }
}

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => self.summary = value.to_owned(),
            "db.statement" => self.text = value.to_owned(),
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "rows_returned" {
            self.rows = i64::try_from(value).unwrap_or(i64::MAX);
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "elapsed_secs" {
            self.seconds = value;
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
