//! Blocks of whole records, cut from the input one after the other.
//!
//! A block ends where a record does, and knows the numbers of its first row and line. To find both as
//! cheaply as possible is all that happens on one thread at a time: lines without quotes, none of them
//! empty, are records, and are counted many bytes at once. About all others the rules are asked.

use super::super::feed::{Feed, Text, shown};
use super::super::record::Span;
use super::rules::{Kind, Rules, Scanned};
use memchr::{memchr, memchr_iter, memchr2, memrchr};
use std::io::{self, Read};

/// Whole records as they stand in the input, decoded to UTF-8.
#[derive(Default)]
pub struct Block {
    pub text: Text,
    /// The lines with stray quotes, which took some time to tell, and where they begin.
    pub strays: Vec<(u32, Scanned)>,
    /// True if the block is the beginning of one line beyond the bound.
    pub too_long: bool,
}

/// A cutter of blocks.
pub struct Blocks<R> {
    pub feed: Feed<R>,
    pub rules: Rules,
    /// The bytes a block should have.
    chunk: usize,
    fields: Vec<Span>,
}

/// The records that have been found at the beginning of a buffer.
#[derive(Default)]
struct Walk {
    at: usize,
    rows: u64,
    lines: u64,
    too_long: bool,
}

impl<R: Read> Blocks<R> {
    pub fn new(feed: Feed<R>, rules: Rules, chunk: usize) -> Self {
        Self {
            feed,
            rules,
            chunk: chunk.max(1),
            fields: Vec::new(),
        }
    }

    /// Fills a block with the next records. Returns false if there are none.
    pub fn fill(&mut self, block: &mut Block) -> io::Result<bool> {
        block.strays.clear();
        self.feed.begin(&mut block.text);
        let mut wanted = self.chunk.max(block.text.bytes.len());
        let mut walk = Walk::default();
        loop {
            let last = self.feed.read(&mut block.text.bytes, wanted)?;
            if block.text.bytes.is_empty() {
                return Ok(false);
            }
            self.walk(block, last, &mut walk);
            if walk.at > 0 || walk.too_long {
                break;
            }
            wanted = block.text.bytes.len() * 2;
        }
        block.too_long = walk.at == 0;
        let text = &mut block.text;
        if block.too_long {
            self.feed.note(text, 0, 1, 1);
            self.skip_line(text.bytes.clone())?;
            text.bytes
                .truncate(shown(&text.bytes, self.rules.longest_line));
        } else {
            self.feed.cut(text, walk.at, walk.rows, walk.lines);
        }
        Ok(true)
    }

    /// Finds the end of the last record that is certainly whole.
    fn walk(&mut self, block: &mut Block, last: bool, walk: &mut Walk) {
        let bytes = &block.text.bytes[..];
        // No line is beyond the bound if all of them together are not.
        let short = bytes.len() <= self.rules.longest_line;
        let mut asked = if short { walk.at } else { bytes.len() };
        while walk.at < bytes.len() {
            if walk.at >= asked {
                asked = self.lines_end(bytes, walk.at, last);
                if walk_lines(&bytes[..asked], walk) {
                    continue;
                }
            }
            if short && let Some(next) = self.line_with_pairs(bytes, walk.at) {
                walk.at = next;
                walk.lines += 1;
                walk.rows += 1;
                continue;
            }
            let Some(scanned) = self.rules.scan(bytes, walk.at, last, &mut self.fields) else {
                return;
            };
            match scanned.kind {
                Kind::TooLong => {
                    walk.too_long = true;
                    return;
                }
                Kind::Stray(_) => block.strays.push((walk.at as u32, scanned)),
                Kind::Record | Kind::Empty => {}
            }
            walk.at = scanned.next;
            walk.lines += scanned.lines;
            walk.rows += u64::from(scanned.kind != Kind::Empty);
        }
    }

    /// Returns the end of a line that is a record for certain, readable or not.
    ///
    /// If a field is still open at a line's end, the number of quotes before it is odd: one opened the field,
    /// and all others came in twos. So a line with an even number of them never goes on in the next.
    fn line_with_pairs(&self, bytes: &[u8], at: usize) -> Option<usize> {
        if bytes[at] <= b' ' {
            return None;
        }
        let end = at + memchr2(b'\n', b'\r', &bytes[at..])?;
        let next = match (bytes[end], bytes.get(end + 1)?) {
            (b'\r', b'\n') => end + 2,
            _ => end + 1,
        };
        let quotes = |quote| memchr_iter(quote, &bytes[at..end]).count();
        let even = self.rules.quote.is_none_or(|quote| quotes(quote) % 2 == 0);
        even.then_some(next)
    }

    /// Returns the end of the whole lines before the next one with a quote in it.
    fn lines_end(&self, bytes: &[u8], at: usize, last: bool) -> usize {
        let quote = self.rules.quote;
        let quote = quote.and_then(|quote| memchr(quote, &bytes[at..]));
        let before = &bytes[at..quote.map_or(bytes.len(), |quote| at + quote)];
        if quote.is_none() && last && bytes[bytes.len() - 1] != b'\r' {
            return bytes.len();
        }
        memrchr(b'\n', before).map_or(at, |feed| at + feed + 1)
    }

    /// Reads on to the end of a line that is beyond the bound, and keeps what follows.
    fn skip_line(&mut self, mut bytes: Vec<u8>) -> io::Result<()> {
        let mut last = false;
        loop {
            let end = memchr2(b'\n', b'\r', &bytes);
            let next = match end {
                Some(it) if bytes[it..].starts_with(b"\r\n") => it + 2,
                Some(it) if bytes[it] == b'\n' || it + 1 < bytes.len() || last => it + 1,
                None if last => bytes.len(),
                // Lets go of what was searched, but not of a return that may have a line feed.
                _ => {
                    let searched = end.unwrap_or(bytes.len());
                    self.feed.pass(&mut bytes, searched);
                    let wanted = bytes.len() + self.chunk.max(1024);
                    last = self.feed.read(&mut bytes, wanted)?;
                    continue;
                }
            };
            self.feed.pass(&mut bytes, next);
            self.feed.keep(bytes);
            return Ok(());
        }
    }

    /// Reads the first record, which names the columns, with the places of its fields. Returns nothing if
    /// there is none.
    pub fn first(&mut self, text: &mut Text) -> io::Result<Option<(Scanned, &[Span])>> {
        let mut wanted = self.chunk;
        let mut at = 0;
        loop {
            let last = self.feed.read(&mut text.bytes, wanted)?;
            let bytes = &text.bytes;
            while at < bytes.len()
                && let Some(scanned) = self.rules.scan(bytes, at, last, &mut self.fields)
            {
                self.feed.pass_lines(scanned.lines);
                at = scanned.next;
                if scanned.kind != Kind::Empty {
                    self.feed.cut(text, at, 0, 0);
                    return Ok(Some((scanned, &self.fields)));
                }
            }
            if last && at >= bytes.len() {
                return Ok(None);
            }
            wanted = bytes.len() * 2 + 1;
        }
    }
}

/// Passes over lines without quotes at once, if each of them is a record. Returns false if that is not so.
fn walk_lines(bytes: &[u8], walk: &mut Walk) -> bool {
    let bytes = &bytes[walk.at..];
    if bytes.first().is_none_or(|it| *it <= b' ') {
        return false;
    }
    let (feeds, plain) = survey(bytes);
    if plain {
        let lines = feeds + u64::from(bytes[bytes.len() - 1] != b'\n');
        walk.at += bytes.len();
        walk.lines += lines;
        walk.rows += lines;
    }
    plain
}

/// Counts the line feeds. Returns false beside it if a line after the first may be empty, or ends otherwise.
fn survey(bytes: &[u8]) -> (u64, bool) {
    /// Counts in a byte: as many as it holds.
    const STEP: usize = 240;
    let follow = &bytes[1..];
    let mut lines = u64::from(bytes[bytes.len() - 1] == b'\n');
    let mut odd = 0_u8;
    for (these, next) in bytes.chunks(STEP).zip(follow.chunks(STEP)) {
        let mut feeds = 0_u8;
        for (this, next) in these.iter().zip(next) {
            let feed = u8::from(*this == b'\n');
            feeds += feed;
            odd |= feed & u8::from(*next <= b' ');
            odd |= u8::from(*this == b'\r') & u8::from(*next != b'\n');
        }
        lines += u64::from(feeds);
    }
    (lines, odd == 0)
}
