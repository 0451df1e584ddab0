//! The journal as CSV (RFC 4180), safe to open in a spreadsheet.

use super::query::JournalRow;
use crate::i18n::t;
use crate::spreadsheet::{BYTE_ORDER_MARK, line};

/// Returns a byte order mark, by which spreadsheets recognise UTF-8, and the column names.
pub fn head() -> String {
    format!("{BYTE_ORDER_MARK}{}\r\n", t!("ledger-csv-head"))
}

/// Appends a transfer's line.
pub fn write(row: &JournalRow, into: &mut String) {
    let reverses = row.reverses.map(|seq| seq.to_string());
    let values = [
        &row.seq.to_string(),
        &row.posted_at.rfc3339(),
        row.kind.as_str(),
        &row.debit_code,
        &row.credit_code,
        &row.money().decimal(),
        row.currency.code(),
        &row.reference,
        &row.memo,
        reverses.as_deref().unwrap_or_default(),
        &row.id,
    ];
    into.push_str(&line(&values));
}
