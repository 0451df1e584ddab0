//! Rows that are cells already: the block of a source without text of its own, such as a table.

use super::record::{Places, Record, Span};
use super::source::{Rows, Tally};

/// A number of rows, each with the text of its cells.
#[derive(Default)]
pub struct Cells {
    text: String,
    spans: Vec<Span>,
    /// For each row, the ends of its cells and of its text.
    ends: Vec<(usize, u32)>,
    first: u64,
}

impl Cells {
    /// Empties the block: its next row will have this number.
    pub fn begin(&mut self, first: u64) {
        self.text.clear();
        self.spans.clear();
        self.ends.clear();
        self.first = first;
    }

    /// Appends a row, with its cells in the order of the source's columns.
    pub fn push<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        for cell in cells {
            let start = self.text.len() as u32;
            self.text.push_str(cell);
            self.spans.push(Span {
                at: start,
                start,
                end: self.text.len() as u32,
                apart: false,
            });
        }
        self.ends.push((self.spans.len(), self.text.len() as u32));
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }
}

/// The step from such a block to its records.
#[derive(Clone, Copy, Debug, Default)]
pub struct CellRows;

impl Rows<Cells> for CellRows {
    fn each(&mut self, block: &mut Cells, mut each: impl FnMut(&Record<'_>)) -> Tally {
        let (mut cells, mut start) = (0, 0);
        for (number, (to, end)) in (block.first..).zip(&block.ends) {
            each(&Record {
                text: &block.text,
                apart: "",
                spans: &block.spans[cells..*to],
                places: Places::None,
                start,
                end: *end,
                number,
                line: number,
                damage: None,
            });
            (cells, start) = (*to, *end);
        }
        Tally {
            records: block.ends.len() as u64,
            ..Tally::default()
        }
    }
}
