//! A fault of an imported file, in words.

use crate::i18n::t;
use crate::importing::{Code, Fault};
use serde::Serialize;

/// A fault, with the texts that it owns.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FileFault {
    /// The number of the row in the file, from 1, without the header.
    pub row_no: i64,
    /// The number of the physical line, from 1.
    pub line_no: i64,
    /// Empty if the whole row is at fault.
    pub column_name: String,
    /// The offset in the file, in bytes.
    pub place: i64,
    /// A word that stays: see [`Code`].
    pub code: String,
    /// The numbers that the message mentions.
    pub low: String,
    pub high: String,
    /// The text found, at most 80 characters of it.
    pub found: String,
    /// The text that was meant, where only one can have been.
    pub suggestion: Option<String>,
}

impl FileFault {
    /// Copies a fault of a file with these columns; the values of one of them, temperature, are in tenths.
    pub fn new(fault: &Fault<'_>, columns: &[String], tenths: Option<usize>) -> Self {
        let in_tenths = tenths.is_some() && fault.column.map(usize::from) == tenths;
        let number = |value: i64| match in_tenths {
            true => format!("{}.{}", value / 10, value % 10),
            false => value.to_string(),
        };
        let column = fault
            .column
            .and_then(|column| columns.get(usize::from(column)));
        Self {
            row_no: fault.row as i64,
            line_no: fault.line as i64,
            column_name: column.cloned().unwrap_or_default(),
            place: fault.offset as i64,
            code: fault.code.to_string(),
            low: number(fault.numbers[0]),
            high: number(fault.numbers[1]),
            found: fault.text.to_owned(),
            suggestion: fault.suggestion.map(str::to_owned),
        }
    }

    /// Returns true if the value is stored all the same.
    pub fn is_unusual(&self) -> bool {
        self.code == Code::Unusual.as_str()
    }

    /// Says what is wrong.
    pub fn message(&self) -> String {
        let (low, high) = (self.low.as_str(), self.high.as_str());
        let text = match Code::from_word(&self.code) {
            Some(Code::Quote) => t!("trials-fault-quote"),
            Some(Code::Fields) => {
                return t!("trials-fault-fields", expected = low, found = high);
            }
            Some(Code::Encoding) => t!("trials-fault-encoding"),
            Some(Code::Nul) => t!("trials-fault-nul"),
            Some(Code::TooLong) => t!("trials-fault-too-long"),
            Some(Code::Json) => t!("trials-fault-json"),
            Some(Code::Empty) => t!("trials-fault-empty"),
            Some(Code::Number) => t!("trials-fault-number"),
            Some(Code::Whole) => t!("trials-fault-whole"),
            Some(Code::DecimalMark) => t!("trials-fault-decimal-mark"),
            Some(Code::Precision) => t!("trials-fault-precision"),
            Some(Code::Range) => return t!("trials-fault-range", low = low, high = high),
            Some(Code::Unusual) => return t!("trials-fault-unusual", low = low, high = high),
            Some(Code::Time) => t!("trials-fault-time"),
            Some(Code::AmbiguousDate) => t!("trials-fault-ambiguous-date"),
            Some(Code::Date) => t!("trials-fault-date"),
            Some(Code::Zone) => t!("trials-fault-zone"),
            Some(Code::Future) => t!("trials-fault-future"),
            Some(Code::Pressure) => t!("trials-fault-pressure"),
            Some(Code::Swapped) => t!("trials-fault-swapped"),
            Some(Code::Typo) => t!("trials-fault-typo"),
            Some(Code::MissingColumn) => t!("trials-fault-missing-column"),
            Some(Code::RepeatedColumn) => t!("trials-fault-repeated-column"),
            Some(Code::Unknown) => t!("trials-fault-unknown"),
            Some(Code::Duplicate) => return t!("trials-fault-duplicate", row = low),
            Some(Code::Known) => t!("trials-fault-known"),
            None => &self.code,
        };
        text.to_owned()
    }

    /// The fault as programs read it.
    pub fn body(&self) -> FaultBody {
        FaultBody {
            row: self.row_no,
            line: self.line_no,
            column: (!self.column_name.is_empty()).then(|| self.column_name.clone()),
            offset: self.place,
            text: self.found.clone(),
            code: self.code.clone(),
            message: self.message(),
            suggestion: self.suggestion.clone(),
        }
    }
}

/// A fault of an imported file.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ImportFault)]
pub struct FaultBody {
    /// The number of the row in the file, from 1, without the header; 0 if the whole file is at fault.
    pub row: i64,
    /// The number of the physical line, from 1.
    pub line: i64,
    /// Null if the whole row is at fault.
    pub column: Option<String>,
    /// The offset in the file, in bytes.
    pub offset: i64,
    /// The text found, at most 80 characters of it.
    pub text: String,
    /// A word that stays. `unusual` is stored all the same.
    pub code: String,
    pub message: String,
    /// The text that was meant, where only one can have been.
    pub suggestion: Option<String>,
}
