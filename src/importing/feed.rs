//! Text on its way from the input to the workers, cut into blocks that know where they stand.

use super::decode::Decoded;
use super::record::{Mark, Places};
use std::io::{self, Read};

/// The byte that stands for one that is no text: the control character made for it, and as long.
pub const SUBSTITUTE: char = '\u{1A}';

/// The most bytes that are kept of what is too long, to be shown.
const SHOWN: usize = 320;

/// A stretch of the text, of whole records.
#[derive(Default)]
pub struct Text {
    pub bytes: Vec<u8>,
    /// The numbers of its first row and line.
    pub row: u64,
    pub line: u64,
    /// The offset in the file, if that is UTF-8.
    offset: u64,
    /// Otherwise its marks, and the number of bytes that a text takes in the file.
    marks: Vec<Mark>,
    length: Option<fn(&str) -> u64>,
}

impl Text {
    pub fn places(&self) -> Places<'_> {
        match self.length {
            Some(length) => Places::Marked(&self.marks, length),
            None => Places::Plain(self.offset),
        }
    }
}

/// The input, cut into stretches one after the other.
pub struct Feed<R> {
    input: Decoded<R>,
    /// The bytes read beyond the last stretch.
    rest: Vec<u8>,
    /// The position of the next stretch in the text, and of the text in the file.
    text: u64,
    begin: u64,
    row: u64,
    line: u64,
}

impl<R: Read> Feed<R> {
    pub const fn new(input: Decoded<R>, begin: u64) -> Self {
        Self {
            input,
            rest: Vec::new(),
            text: 0,
            begin,
            row: 1,
            line: 1,
        }
    }

    /// Begins a stretch with what was left over from the last one.
    pub fn begin(&mut self, text: &mut Text) {
        text.bytes.clear();
        text.bytes.append(&mut self.rest);
    }

    /// Reads until there are so many bytes. Returns true if these are the last.
    pub fn read(&mut self, bytes: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
        self.input.read(bytes, wanted)
    }

    /// Ends a stretch of so many rows and lines.
    pub fn cut(&mut self, text: &mut Text, at: usize, rows: u64, lines: u64) {
        self.rest.extend_from_slice(&text.bytes[at..]);
        text.bytes.truncate(at);
        self.note(text, at, rows, lines);
        self.text += at as u64;
    }

    /// Writes down where a stretch stands, and counts it.
    pub fn note(&mut self, text: &mut Text, length: usize, rows: u64, lines: u64) {
        let bytes = &text.bytes[..length];
        text.length = self.input.length();
        self.input.marks(self.text, bytes, &mut text.marks);
        text.offset = self.begin + self.text;
        text.row = self.row;
        text.line = self.line;
        self.row += rows;
        self.line += lines;
    }

    /// Passes over bytes up to a position.
    pub fn pass(&mut self, bytes: &mut Vec<u8>, to: usize) {
        self.input.marks(self.text, &bytes[..to], &mut Vec::new());
        self.text += to as u64;
        bytes.drain(..to);
    }

    /// Counts lines that belong to no stretch.
    pub const fn pass_lines(&mut self, lines: u64) {
        self.line += lines;
    }

    /// Keeps bytes for the next stretch.
    pub fn keep(&mut self, bytes: Vec<u8>) {
        self.rest = bytes;
    }

    /// Gives a look at the text that comes next. Returns true beside it if that is all.
    pub fn peek(&mut self, most: usize) -> io::Result<(Vec<u8>, bool)> {
        let mut bytes = Vec::new();
        let last = self.input.read(&mut bytes, most)?;
        self.input.unread(bytes.clone());
        Ok((bytes, last))
    }
}

/// Returns the length of what is shown of a text beyond a bound: whole characters, however much has been read.
pub fn shown(bytes: &[u8], bound: usize) -> usize {
    let mut shown = SHOWN.min(bound).min(bytes.len());
    while shown > 0 && bytes.get(shown).is_some_and(|it| it & 0xC0 == 0x80) {
        shown -= 1;
    }
    shown
}

/// Puts a substitute for every byte that is no text, and notes where.
pub fn mend(bytes: &[u8], unreadable: &mut Vec<u32>) -> String {
    let mut text = String::with_capacity(bytes.len());
    for piece in bytes.utf8_chunks() {
        text.push_str(piece.valid());
        for _ in piece.invalid() {
            unreadable.push(text.len() as u32);
            text.push(SUBSTITUTE);
        }
    }
    text
}

/// Returns the first of these positions, in order, within a stretch.
pub fn first_within(positions: &[u32], start: usize, end: usize) -> Option<u32> {
    let first = positions.partition_point(|it| *it < start as u32);
    positions.get(first).copied().filter(|it| *it < end as u32)
}
