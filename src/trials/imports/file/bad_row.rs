//! A bad row of a file, kept to be mended.

use super::columns::COLUMNS;
use super::fault::FileFault;
use crate::importing::map_columns;

/// The most bad rows that are kept of one file.
pub const MOST_KEPT: usize = 10_000;

/// The most characters of a cell, and of a row that could not be split into cells.
const LONGEST_CELL: usize = 100;
const LONGEST_RAW: usize = 500;

/// The texts of a row, in the order of [`COLUMNS`].
pub type Cells = [String; COLUMNS.len()];

/// A bad row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BadRow {
    /// The number of the row in the file, from 1, without the header.
    pub number: i64,
    /// Empty texts if the row could not be split.
    pub cells: Cells,
    /// The row as it stands in the file, if it could not be split; otherwise empty.
    pub raw: String,
}

impl BadRow {
    pub fn of_cells<'a>(number: u64, cell: impl Fn(usize) -> &'a str) -> Self {
        let cells = std::array::from_fn(|column| cut(cell(column), LONGEST_CELL));
        Self {
            number: number as i64,
            cells,
            raw: String::new(),
        }
    }

    pub fn unreadable(number: u64, raw: &str) -> Self {
        Self {
            number: number as i64,
            raw: cut(raw, LONGEST_RAW),
            ..Default::default()
        }
    }

    /// Puts what was probably meant in the place of what was found, where only one thing can have been.
    pub fn take_suggestions(&mut self, faults: &[FileFault]) {
        for fault in faults.iter().filter(|fault| fault.row_no == self.number) {
            let (Some(column), Some(suggestion)) = (column_of(fault), &fault.suggestion) else {
                continue;
            };
            self.cells[column].clone_from(suggestion);
        }
    }
}

/// Returns the place in [`COLUMNS`] of the cell that a fault is about; `None` if it is about the whole row.
pub fn column_of(fault: &FileFault) -> Option<usize> {
    if fault.column_name.is_empty() {
        return None;
    }
    let mapping = map_columns(std::slice::from_ref(&fault.column_name), 1, &COLUMNS);
    mapping.places.iter().position(Option::is_some)
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggestion_takes_the_place_of_what_was_found() {
        let found = [
            "HYP24-01-0001",
            "2020-03-01T08:15:00Z",
            "7O",
            "80/120",
            "",
            "",
            "",
        ];
        let mut row = BadRow::of_cells(3, |column| found[column]);
        let fault = |row_no, column: &str, suggestion: Option<&str>| FileFault {
            row_no,
            line_no: 4,
            column_name: column.to_owned(),
            place: 0,
            code: "typo".to_owned(),
            low: String::new(),
            high: String::new(),
            found: String::new(),
            suggestion: suggestion.map(str::to_owned),
        };
        row.take_suggestions(&[
            fault(3, "Pulse", Some("70")),
            fault(3, "BP", Some("120/80")),
            fault(3, "Time", None),
            fault(3, "", Some("nothing")),
            fault(4, "Pulse", Some("71")),
        ]);
        assert_eq!(row.cells[1..4], ["2020-03-01T08:15:00Z", "70", "120/80"]);
    }
}
