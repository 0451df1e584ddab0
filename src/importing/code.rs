//! Codes of faults, and reasons to refuse a cell.

use super::short::Short;
use crate::words::words;

words!(
    /// The kind of a fault.
    pub enum Code {
        /// A quoted field that does not end where it could, or a quote within a field that has none around it.
        Quote = "quote",
        /// More or fewer fields than the file has columns: `numbers` are the expected and the found.
        Fields = "fields",
        /// Bytes that are no text in the file's encoding.
        Encoding = "encoding",
        Nul = "nul",
        /// A line beyond the bound: only its beginning was looked at.
        TooLong = "too_long",
        /// An object that is not JSON.
        Json = "json",
        /// A number with more decimals than are kept.
        Precision = "precision",
        /// A name of something that is not there.
        Unknown = "unknown",
        /// A double of another row of the file: `numbers` are that row.
        Duplicate = "duplicate",
        /// A double of something that is there already.
        Known = "known",
        /// A time that has not come yet.
        Future = "future",
        /// A time without a zone, where none was given.
        Zone = "zone",
        /// A value that is possible, and not expected: `numbers` are the least and the greatest.
        Unusual = "unusual",
        /// A cell without text.
        Empty = "empty",
        /// No number, or not written as one.
        Number = "number",
        /// A number with decimals where a whole one is asked for.
        Whole = "whole",
        /// The other of decimal point and decimal comma.
        DecimalMark = "decimal_mark",
        /// A number out of bounds: `numbers` are the least and the greatest.
        Range = "range",
        Time = "time",
        /// A day that two countries read differently.
        AmbiguousDate = "ambiguous_date",
        /// A day that no calendar has.
        Date = "date",
        Pressure = "pressure",
        /// The lower of the two pressures stands first.
        Swapped = "swapped",
        /// A letter for a digit, or a digit of another width.
        Typo = "typo",
        MissingColumn = "missing_column",
        RepeatedColumn = "repeated_column",
    }
);

/// A reason to refuse a cell's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub code: Code,
    pub numbers: [i64; 2],
    pub suggestion: Option<Short>,
}

impl Wrong {
    pub const fn new(code: Code) -> Self {
        Self {
            code,
            numbers: [0; 2],
            suggestion: None,
        }
    }

    pub const fn suggesting(code: Code, suggestion: Short) -> Self {
        Self {
            code,
            numbers: [0; 2],
            suggestion: Some(suggestion),
        }
    }
}
