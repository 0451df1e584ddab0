//! Blocks of whole objects, cut from the input one after the other.

use super::super::feed::{Feed, Text, shown};
use super::form::{Bounds, Form};
use super::object::skip_space;
use super::scan::{NAME, Skim, next_object, skim};
use memchr::{memchr, memchr_iter};
use std::io::{self, Read};

/// The kind of a piece of the text. Each is one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Object,
    /// Damaged, found so at this place.
    Broken(usize),
    TooLong,
    /// The end of a file in which an array has begun and not ended.
    Open,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
}

/// Whole objects as they stand in the input, decoded to UTF-8.
#[derive(Default)]
pub struct Block {
    pub text: Text,
    pub pieces: Vec<Piece>,
    pub empty: u64,
    /// Line feeds.
    pub lines: u64,
}

/// A state between two objects.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Between,
    /// Within what was too long, up to the next object; and the last character that was no space.
    Skipping(u8),
}

/// A cutter of blocks.
pub struct Blocks<R> {
    pub feed: Feed<R>,
    pub columns: Vec<String>,
    form: Form,
    bounds: Bounds,
    state: State,
    /// True in an array that has begun and not ended.
    open: bool,
}

impl<R: Read> Blocks<R> {
    pub const fn new(feed: Feed<R>, form: Form, bounds: Bounds) -> Self {
        Self {
            feed,
            columns: Vec::new(),
            form,
            bounds,
            state: State::Between,
            open: false,
        }
    }

    /// Fills a block with the next objects. Returns false if there are none.
    pub fn fill(&mut self, block: &mut Block) -> io::Result<bool> {
        block.pieces.clear();
        block.empty = 0;
        self.feed.begin(&mut block.text);
        let mut wanted = self.bounds.chunk.max(block.text.bytes.len());
        loop {
            let last = self.feed.read(&mut block.text.bytes, wanted)?;
            if block.text.bytes.is_empty() && !(last && self.open) {
                return Ok(false);
            }
            let end = self.find(block, last);
            if end > 0 || !block.pieces.is_empty() {
                let bytes = &block.text.bytes[..end];
                block.lines = memchr_iter(b'\n', bytes).count() as u64;
                let rows = block.pieces.len() as u64;
                let lines = block.lines;
                self.feed.cut(&mut block.text, end, rows, lines);
                return Ok(true);
            }
            wanted = block.text.bytes.len() * 2 + 1;
        }
    }

    /// Finds the pieces that are certainly whole, and returns the end of the last.
    pub fn find(&mut self, block: &mut Block, last: bool) -> usize {
        match self.form {
            Form::Lines => self.find_lines(block, last),
            Form::Array => self.find_objects(block, last),
        }
    }

    fn find_lines(&mut self, block: &mut Block, last: bool) -> usize {
        let bytes = &block.text.bytes;
        let mut at = 0;
        while at < bytes.len() {
            let feed = memchr(b'\n', &bytes[at..]).map(|it| at + it);
            let long = feed.unwrap_or(bytes.len()) - at > self.bounds.longest;
            if feed.is_none() && !long && !last {
                break;
            }
            let end = feed.unwrap_or(bytes.len());
            let skipping = self.state != State::Between;
            let start = skip_space(&bytes[..end], at);
            if !skipping && long {
                let end = at + shown(&bytes[at..], self.bounds.longest);
                let kind = Kind::TooLong;
                block.pieces.push(Piece {
                    start: at,
                    end,
                    kind,
                });
            } else if !skipping && start == end {
                block.empty += 1;
            } else if !skipping {
                let kind = Kind::Object;
                block.pieces.push(Piece { start, end, kind });
            }
            // Of a line whose end is not there yet, and is too long already, the rest is passed over.
            self.state = match feed.is_none() && !last {
                true => State::Skipping(0),
                false => State::Between,
            };
            at = feed.map_or(end, |it| it + 1);
        }
        at
    }

    fn find_objects(&mut self, block: &mut Block, last: bool) -> usize {
        let bytes = &block.text.bytes;
        let mut at = 0;
        loop {
            if let State::Skipping(before) = self.state {
                match next_object(bytes, at, before, last, &self.columns) {
                    Ok(next) => {
                        at = next;
                        self.state = State::Between;
                    }
                    Err((end, before)) => {
                        self.state = State::Skipping(before);
                        at = end;
                        if !last {
                            return at;
                        }
                    }
                }
            }
            while let Some(byte) = bytes.get(at).filter(|it| is_between(**it)) {
                self.open = (self.open || *byte == b'[') && *byte != b']';
                at += 1;
            }
            if at == bytes.len() {
                if last && self.open {
                    let kind = Kind::Open;
                    block.pieces.push(Piece {
                        start: at,
                        end: at,
                        kind,
                    });
                    self.open = false;
                }
                return at;
            }
            let skimmed = skim(bytes, at, last, self.bounds.longest);
            let broken = match skimmed {
                Skim::More => return at,
                Skim::End(end) => {
                    let kind = Kind::Object;
                    block.pieces.push(Piece {
                        start: at,
                        end,
                        kind,
                    });
                    at = end;
                    continue;
                }
                Skim::Broken(place) => Some(place),
                Skim::TooLong => None,
            };
            let longest = self.bounds.longest;
            let next = match next_object(bytes, at + 1, bytes[at], last, &self.columns) {
                Ok(next) => Some(next),
                Err(_) if last => Some(bytes.len()),
                // So far on, the next object is beyond the bound wherever it begins.
                Err(_) if bytes.len() - at > longest + NAME => None,
                Err(_) => return at,
            };
            let whole = &bytes[at..next.unwrap_or(bytes.len())];
            let (end, kind) = match broken {
                Some(place) if whole.len() <= longest => {
                    let end = at + trimmed(whole);
                    (end, Kind::Broken(place.min(end)))
                }
                _ => (at + shown(whole, longest), Kind::TooLong),
            };
            block.pieces.push(Piece {
                start: at,
                end,
                kind,
            });
            match next {
                Some(next) => {
                    self.open = self.open && !closes(&bytes[end..next]);
                    at = next;
                }
                None => {
                    let solid = bytes[at..end].iter().rfind(|it| !it.is_ascii_whitespace());
                    self.state = State::Skipping(solid.copied().unwrap_or_default());
                    at = end;
                }
            }
        }
    }
}

/// Returns true for what stands between the objects of an array, and around them.
const fn is_between(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b'[' | b']')
}

/// Returns the length of a damaged piece without what stands between it and the next.
fn trimmed(bytes: &[u8]) -> usize {
    let end = bytes.iter().rposition(|it| !is_between(*it));
    end.map_or(bytes.len(), |it| it + 1)
}

fn closes(between: &[u8]) -> bool {
    memchr(b']', between).is_some()
}
