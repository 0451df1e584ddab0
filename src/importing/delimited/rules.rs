//! The rules that say where a record ends.
//!
//! A quoted field may hold line breaks; a stray quote looks just like the beginning of one. The two are told
//! apart by these rules, of which the first that applies decides:
//!
//! 1. A line longer than the bound is a record of its own, unreadable, whatever stands in it.
//! 2. A quote opens a field only as its first character, and a field so opened ends only at a quote with
//!    nothing but spaces between it and a separator, a line end or the end of the file. Two quotes in a
//!    row are one that belongs to the text. Any other quote is stray.
//! 3. A field with line breaks in it ends within 64 KiB.
//! 4. No line that lies wholly within such a field looks like a record; nor do both the line that the field
//!    begins on and the line that it ends on. A line looks like one if it has exactly the separators of a
//!    record (those within earlier quotes of the record do not count). If they are commas or semicolons, one
//!    with a space behind it makes the line prose, unless most records of the file are written like that.
//! 5. A record of several lines has exactly the fields that it should have, and is no longer than a line may be.
//!
//! If a rule is broken, the quote is stray: the record is the one physical line that it began on, and it is
//! unreadable; the next begins on the next line. So a stray quote costs one row. The price is that a
//! genuine text is refused, aloud, if a line of it happens to look like a record; in a file of one column,
//! where every line without a separator does, that is nearly any text of several lines.
//!
//! Each rule is decided by the bytes up to the end of the record it accepts. A part of the file that ends
//! where a record does is therefore split as it would be within the whole, which is all that reading in
//! parallel rests on.
//!
//! Two things remain undetected: a stray quote in front of a record's last field, if the next line has a
//! quoted field that begins with a line break or a separator, at just the place that makes the number of
//! fields right; and damage in two neighbouring rows of which each makes up for the other.

use super::super::record::Span;
use memchr::{memchr, memchr_iter, memchr2, memchr3};

/// The rules for one file.
#[derive(Clone, Debug)]
pub struct Rules {
    pub separator: u8,
    pub quote: Option<u8>,
    /// The number of fields that a record should have; 0 while it is unknown.
    pub fields: usize,
    /// True if a separator with a space after it counts as one when a line is judged.
    pub spaced: bool,
    /// The most bytes of a line, without its end.
    pub longest_line: usize,
    /// The most bytes of a quoted field with line breaks.
    pub longest_quoted: usize,
}

/// The kind of what stands between two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Record,
    /// An empty line, or one of spaces.
    Empty,
    /// A line with a stray quote at this position.
    Stray(usize),
    /// A line beyond the bound. Its end has not been looked for.
    TooLong,
}

/// A record, or an empty line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scanned {
    pub kind: Kind,
    /// The end of its text.
    pub end: usize,
    /// The beginning of what follows its line end.
    pub next: usize,
    /// The number of its physical lines.
    pub lines: u64,
}

/// A physical line.
struct Line {
    end: usize,
    next: usize,
}

/// The position of a quoted field in its record.
#[derive(Clone, Copy)]
struct Before {
    /// The beginnings of its record and of its line.
    record: usize,
    line: usize,
    /// The number of fields on the line, if that is certain.
    fields: Option<usize>,
}

/// The outcome of a search that may need bytes which are not there yet.
enum Search<T> {
    Found(T),
    Stray(usize),
    More,
}

/// A quoted field that ends as it should.
struct Quoted {
    close: usize,
    /// The separator, line end or end of the file behind it.
    after: usize,
    doubled: bool,
    breaks: u64,
    /// The beginning of the line that it ends on.
    line: usize,
}

impl Rules {
    /// Reads one record, with the places of its fields. Returns nothing if more bytes are needed to tell,
    /// which never happens if these are the `last`.
    pub fn scan(
        &self,
        bytes: &[u8],
        at: usize,
        last: bool,
        fields: &mut Vec<Span>,
    ) -> Option<Scanned> {
        fields.clear();
        let Some(line) = line(bytes, at, last) else {
            let far = bytes.len() - at > self.longest_line + 1;
            return far.then(|| too_long(bytes.len()));
        };
        if line.end - at > self.longest_line {
            return Some(too_long(line.next));
        }
        if let Some(quote) = self.quote
            && memchr(quote, &bytes[at..line.end]).is_some()
        {
            return match self.split_quoted(bytes, at, quote, last, fields) {
                Search::Found(scanned) => Some(scanned),
                Search::More => None,
                Search::Stray(place) => {
                    fields.clear();
                    Some(Scanned {
                        kind: Kind::Stray(place),
                        end: line.end,
                        next: line.next,
                        lines: 1,
                    })
                }
            };
        }
        let kind = match self.trim(bytes, at, line.end) {
            (start, end) if start == end => Kind::Empty,
            _ => {
                self.split(bytes, at, line.end, fields);
                Kind::Record
            }
        };
        Some(Scanned {
            kind,
            end: line.end,
            next: line.next,
            lines: 1,
        })
    }

    /// Splits a line without quotes.
    fn split(&self, bytes: &[u8], at: usize, end: usize, fields: &mut Vec<Span>) {
        let mut from = at;
        for separator in memchr_iter(self.separator, &bytes[at..end]) {
            fields.push(self.plain(bytes, from, at + separator));
            from = at + separator + 1;
        }
        fields.push(self.plain(bytes, from, end));
    }

    /// Returns a field without quotes, the spaces around it left out.
    #[inline]
    pub fn plain(&self, bytes: &[u8], from: usize, to: usize) -> Span {
        let (start, end) = self.trim(bytes, from, to);
        Span {
            at: start as u32,
            start: start as u32,
            end: end as u32,
            apart: false,
        }
    }

    fn split_quoted(
        &self,
        bytes: &[u8],
        at: usize,
        quote: u8,
        last: bool,
        fields: &mut Vec<Span>,
    ) -> Search<Scanned> {
        let mut lines = 1;
        let mut line_start = at;
        let mut from = at;
        let after = loop {
            let start = self.skip_blanks(bytes, from);
            let after = if bytes.get(start) == Some(&quote) {
                let before = Before {
                    record: at,
                    line: line_start,
                    // On a later line, quotes that are open make it hard to tell.
                    fields: (line_start == at).then_some(fields.len()),
                };
                let quoted = match self.quoted(bytes, before, start, quote, last) {
                    Search::Found(quoted) => quoted,
                    Search::Stray(place) => return Search::Stray(place),
                    Search::More => return Search::More,
                };
                lines += quoted.breaks;
                line_start = quoted.line;
                fields.push(Span {
                    at: start as u32,
                    start: start as u32 + 1,
                    end: quoted.close as u32,
                    apart: quoted.doubled,
                });
                quoted.after
            } else {
                // The line that is being read ends within these bytes: its end was looked up.
                let rest = &bytes[start..];
                let stop = memchr3(self.separator, b'\n', b'\r', rest)
                    .map_or(bytes.len(), |it| start + it);
                if let Some(stray) = memchr(quote, &bytes[start..stop]) {
                    return Search::Stray(start + stray);
                }
                fields.push(self.plain(bytes, start, stop));
                stop
            };
            if bytes.get(after) != Some(&self.separator) {
                break after;
            }
            from = after + 1;
        };
        let Some(line) = line(bytes, after, last) else {
            return Search::More;
        };
        if lines > 1 {
            let expected = self.fields == 0 || fields.len() == self.fields;
            if !expected || line.end - at > self.longest_line {
                return Search::Stray(at);
            }
        }
        Search::Found(Scanned {
            kind: Kind::Record,
            end: after,
            next: line.next,
            lines,
        })
    }

    /// Finds the end of the quoted field that opens at a position.
    fn quoted(
        &self,
        bytes: &[u8],
        before: Before,
        open: usize,
        quote: u8,
        last: bool,
    ) -> Search<Quoted> {
        let stray = Search::Stray(open);
        let record = before.record;
        let mut line_start = before.line;
        let mut pos = open + 1;
        let mut doubled = false;
        let mut breaks = 0;
        let mut begins_like_record = false;
        loop {
            let found = memchr3(quote, b'\n', b'\r', &bytes[pos..]).map(|it| pos + it);
            let seen = found.unwrap_or(bytes.len());
            let too_far = seen - open > self.longest_quoted || seen - record > self.longest_line;
            if breaks > 0 && too_far {
                return stray;
            }
            let Some(found) = found else {
                return if last { stray } else { Search::More };
            };
            if bytes[found] == quote {
                if bytes.get(found + 1) == Some(&quote) {
                    doubled = true;
                    pos = found + 2;
                    continue;
                }
                let after = self.skip_blanks(bytes, found + 1);
                if after == bytes.len() && !last {
                    return Search::More;
                }
                let closed = bytes
                    .get(after)
                    .is_none_or(|it| *it == self.separator || *it == b'\n' || *it == b'\r');
                if !closed {
                    return stray;
                }
                if breaks > 0 {
                    let Some(tail) = line(bytes, after, last) else {
                        let far = bytes.len() - record > self.longest_line + 1;
                        return if far { stray } else { Search::More };
                    };
                    if begins_like_record && self.looks_like_record(&bytes[line_start..tail.end]) {
                        return stray;
                    }
                }
                return Search::Found(Quoted {
                    close: found,
                    after,
                    doubled,
                    breaks,
                    line: line_start,
                });
            }
            let Some(ended) = line(bytes, found, last) else {
                return Search::More;
            };
            let ended_line = &bytes[line_start..found];
            if breaks == 0 {
                begins_like_record = match before.fields {
                    Some(fields) => self.looks_complete(ended_line, fields, &bytes[open..found]),
                    None => self.looks_like_record(ended_line),
                };
            } else if self.looks_like_record(ended_line) {
                return stray;
            }
            breaks += 1;
            line_start = ended.next;
            pos = ended.next;
        }
    }

    /// Returns true if a line has just the separators of a record.
    fn looks_like_record(&self, line: &[u8]) -> bool {
        let blank = line.iter().all(|it| self.is_blank(*it));
        !blank && self.looks_complete(line, 0, line)
    }

    /// Returns true if a line has just the separators of a record: some before a place, and those behind it.
    fn looks_complete(&self, line: &[u8], before: usize, behind: &[u8]) -> bool {
        let separators = before + memchr_iter(self.separator, behind).count();
        let loose = || line.windows(2).any(|it| it == [self.separator, b' ']);
        let prose = !self.spaced && matches!(self.separator, b',' | b';');
        separators + 1 == self.fields && !(prose && loose())
    }

    const fn is_blank(&self, byte: u8) -> bool {
        byte == b' ' || (byte == b'\t' && self.separator != b'\t')
    }

    fn skip_blanks(&self, bytes: &[u8], mut at: usize) -> usize {
        while bytes.get(at).is_some_and(|it| self.is_blank(*it)) {
            at += 1;
        }
        at
    }

    /// Returns the ends of a piece without the spaces around it.
    #[inline]
    pub fn trim(&self, bytes: &[u8], mut start: usize, mut end: usize) -> (usize, usize) {
        while start < end && self.is_blank(bytes[start]) {
            start += 1;
        }
        while start < end && self.is_blank(bytes[end - 1]) {
            end -= 1;
        }
        (start, end)
    }
}

const fn too_long(end: usize) -> Scanned {
    Scanned {
        kind: Kind::TooLong,
        end,
        next: end,
        lines: 1,
    }
}

/// Finds the end of a physical line: LF, CR LF, or CR, of which the last byte alone may still be either.
fn line(bytes: &[u8], at: usize, last: bool) -> Option<Line> {
    let Some(end) = memchr2(b'\n', b'\r', &bytes[at..]).map(|it| at + it) else {
        let end = bytes.len();
        return last.then_some(Line { end, next: end });
    };
    let next = match (bytes[end], bytes.get(end + 1)) {
        (b'\r', Some(b'\n')) => end + 2,
        (b'\r', None) if !last => return None,
        _ => end + 1,
    };
    Some(Line { end, next })
}
