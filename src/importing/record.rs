//! Records: one row of a source, its fields and their places in the file.

use super::code::Code;

/// The place of a field within a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Its first byte in the block as it was read: of a quoted field, the quote.
    pub at: u32,
    pub start: u32,
    pub end: u32,
    /// True if the text had to be unescaped: `start` and `end` then count in the record's other text.
    pub apart: bool,
}

/// A place from which on bytes in the file are counted anew, for text that was decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its position in the decoded text, from the beginning of the block.
    pub text: u32,
    /// Its position in the file.
    pub file: u64,
}

/// The way from a position in a block to the position in the file.
#[derive(Clone, Copy)]
pub enum Places<'a> {
    /// The text stands in the block as it does in the file, from this offset on.
    Plain(u64),
    /// It was decoded: the marks, and the number of bytes a piece of text takes in the file.
    Marked(&'a [Mark], fn(&str) -> u64),
    /// The source has no bytes, only rows.
    None,
}

/// Damage that the reader found in a record, before anybody looked at its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage {
    pub code: Code,
    /// For [`Code::Fields`] the expected and the found number of fields.
    pub numbers: [i64; 2],
    /// The place in the block.
    pub(crate) at: u32,
}

impl Damage {
    pub const fn new(code: Code, at: u32) -> Self {
        Self {
            code,
            numbers: [0; 2],
            at,
        }
    }

    pub const fn with(self, numbers: [i64; 2]) -> Self {
        Self { numbers, ..self }
    }
}

/// One field of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    pub text: &'a str,
    /// Its first byte in the file.
    pub offset: u64,
}

/// One row of a source, readable or not.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    /// The text of its block, and the text that its unescaped fields stand in.
    pub text: &'a str,
    pub apart: &'a str,
    pub spans: &'a [Span],
    pub places: Places<'a>,
    /// Its place in the block.
    pub start: u32,
    pub end: u32,
    /// The number of the data row, from 1.
    pub number: u64,
    /// The number of the physical line that it begins on, from 1.
    pub line: u64,
    pub damage: Option<Damage>,
}

impl<'a> Record<'a> {
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Returns the number of fields: 0 if the record is unreadable.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Returns the text of a field: an empty one if the record has no such field.
    #[inline]
    pub fn text(&self, index: usize) -> &'a str {
        let Some(span) = self.spans.get(index) else {
            return "";
        };
        let text = if span.apart { self.apart } else { self.text };
        text.get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    /// Returns a field, or nothing if the record has no such field.
    pub fn field(&self, index: usize) -> Option<Field<'a>> {
        self.spans.get(index).map(|span| Field {
            text: self.text(index),
            offset: self.place(span.at),
        })
    }

    pub fn texts(&self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(|index| self.text(index))
    }

    /// Returns the offset of its first byte in the file.
    pub fn offset(&self) -> u64 {
        self.place(self.start)
    }

    /// Returns the record as it stands in the file, without its line end.
    pub fn raw(&self) -> &'a str {
        self.text
            .get(self.start as usize..self.end as usize)
            .unwrap_or_default()
    }

    /// Returns the offset in the file of a position in the block.
    pub(crate) fn place(&self, at: u32) -> u64 {
        match self.places {
            Places::Plain(base) => base + u64::from(at),
            Places::None => 0,
            Places::Marked(marks, length) => {
                let next = marks.partition_point(|mark| mark.text <= at);
                let Some(mark) = next.checked_sub(1).and_then(|index| marks.get(index)) else {
                    return 0;
                };
                let between = self.text.get(mark.text as usize..at as usize);
                mark.file + length(between.unwrap_or_default())
            }
        }
    }
}
