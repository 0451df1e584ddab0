//! Sources of rows: delimited text, JSON, a table — whatever gives records one after the other.
//!
//! A source is read in two steps. [`DataSource::fill`] takes a block of whole rows from the input; it runs
//! on one thread at a time and should do little but that. [`Rows::each`] splits a block into records; every
//! worker has one of its own, and so this part runs in parallel. A source whose rows are cells already, as
//! a table's are, fills `Cells` (`table.rs`) and has no second step to write.

use super::record::Record;
use std::fmt;
use std::io;

/// A source of rows with named columns.
pub trait DataSource: Send {
    /// A number of whole rows, as the input has them. Blocks are used again: `fill` clears them.
    type Block: Default + Send;

    type Rows: Rows<Self::Block>;

    /// Returns the names of the columns, in the order of a record's fields; none if they have no names.
    fn columns(&self) -> Vec<String>;

    /// Returns true if numbers are written with a decimal comma.
    fn decimal_comma(&self) -> bool {
        false
    }

    /// Returns what splits blocks into records, for one worker.
    fn rows(&self) -> Self::Rows;

    /// Fills the block with the next rows. Returns false at the end, and from then on.
    fn fill(&mut self, block: &mut Self::Block) -> io::Result<bool>;
}

/// The step from a block to its records.
pub trait Rows<B>: Send {
    /// Calls `each` with every record of the block, in order.
    fn each(&mut self, block: &mut B, each: impl FnMut(&Record<'_>)) -> Tally;
}

/// Numbers of what was in a block, or in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub records: u64,
    /// Records that the reader found damaged, for each of which a check is called as well.
    pub damaged: u64,
    /// Empty lines, which are no records.
    pub empty: u64,
    pub lines: u64,
}

impl Tally {
    pub const fn add(&mut self, other: Self) {
        self.records += other.records;
        self.damaged += other.damaged;
        self.empty += other.empty;
        self.lines += other.lines;
    }
}

/// The result of checking one chunk of rows: made once and cleared for every next chunk.
pub trait Output: Default + Send {
    fn clear(&mut self);
}

impl Output for () {
    fn clear(&mut self) {}
}

impl<T: Send> Output for Vec<T> {
    fn clear(&mut self) {
        self.clear();
    }
}

impl Output for super::fault::Faults {
    fn clear(&mut self) {
        self.clear();
    }
}

impl<A: Output, B: Output> Output for (A, B) {
    fn clear(&mut self) {
        self.0.clear();
        self.1.clear();
    }
}

/// The checked rows of one block, in the order of the file.
pub struct Chunk<'a, T> {
    /// The number of its first row.
    pub first: u64,
    pub tally: Tally,
    /// Whatever the checks have written. It may be taken; otherwise the next chunk is given the room.
    pub output: &'a mut T,
}

/// The numbers of a whole reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub tally: Tally,
    /// True if the consumer stopped before the end.
    pub stopped: bool,
}

/// A reason for which a source cannot be read at all, or not to its end.
#[derive(Debug)]
pub enum ReadError {
    Io(io::Error),
    /// The record that should name the columns is damaged: its text.
    Header(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Header(text) => write!(f, "unreadable header: {text}"),
        }
    }
}

impl std::error::Error for ReadError {}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
