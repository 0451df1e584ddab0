//! The step from a block to its records, which every worker does for itself.

use super::super::code::Code;
use super::super::feed::{first_within, mend};
use super::super::record::{Damage, Record, Span};
use super::super::source::{Rows, Tally};
use super::blocks::Block;
use super::rules::{Kind, Rules, Scanned};
use memchr::{memchr, memchr3};

/// A worker's splitter of blocks.
pub struct Splitter {
    rules: Rules,
    fields: Vec<Span>,
    /// The texts of fields with doubled quotes.
    apart: String,
    /// The positions of bytes that are no text.
    unreadable: Vec<u32>,
}

impl Splitter {
    pub const fn new(rules: Rules) -> Self {
        Self {
            rules,
            fields: Vec::new(),
            apart: String::new(),
            unreadable: Vec::new(),
        }
    }

    /// Reads the record at a position if it is a simple one: on one line, and without a quote that is not
    /// around a field. Returns nothing otherwise. `quote` is the position of some next quote, or of the end.
    #[inline]
    fn split(&mut self, bytes: &[u8], at: usize, quote: &mut usize) -> Option<Scanned> {
        self.fields.clear();
        let mut from = at;
        let (end, next) = loop {
            let stop = match bytes.get(from) {
                Some(byte) if Some(*byte) == self.rules.quote => self.quoted(bytes, from, *byte)?,
                _ => {
                    let found = memchr3(self.rules.separator, b'\n', b'\r', &bytes[from..]);
                    let stop = found.map_or(bytes.len(), |it| from + it);
                    if *quote < from {
                        *quote = next_quote(&self.rules, bytes, from);
                    }
                    if *quote < stop {
                        return None;
                    }
                    self.fields.push(self.rules.plain(bytes, from, stop));
                    stop
                }
            };
            match bytes.get(stop) {
                Some(byte) if *byte == self.rules.separator => from = stop + 1,
                Some(b'\r') if bytes.get(stop + 1) == Some(&b'\n') => break (stop, stop + 2),
                Some(_) => break (stop, stop + 1),
                None => break (stop, stop),
            }
        };
        let empty = matches!(&self.fields[..], [only] if only.at == only.end);
        let kind = if empty { Kind::Empty } else { Kind::Record };
        Some(Scanned {
            kind,
            end,
            next,
            lines: 1,
        })
    }

    /// Reads a quoted field with nothing in it that needs a second look, and returns what is behind it.
    #[inline]
    fn quoted(&mut self, bytes: &[u8], open: usize, quote: u8) -> Option<usize> {
        let start = open + 1;
        let close = start + memchr3(quote, b'\n', b'\r', &bytes[start..])?;
        let behind = bytes.get(close + 1);
        let simple = bytes[close] == quote
            && behind.is_none_or(|it| *it == self.rules.separator || *it == b'\n' || *it == b'\r');
        self.fields.push(Span {
            at: open as u32,
            start: start as u32,
            end: close as u32,
            apart: false,
        });
        simple.then_some(close + 1)
    }

    /// Reads the record at a position by all the rules.
    fn scan(&mut self, text: &str, at: usize) -> Scanned {
        let bytes = text.as_bytes();
        let scanned = self.rules.scan(bytes, at, true, &mut self.fields);
        if let Some(quote) = self.rules.quote
            && self.fields.iter().any(|span| span.apart)
        {
            self.unescape(text, quote);
        }
        // There is no more to come, and so there is always a record.
        scanned.unwrap_or(Scanned {
            kind: Kind::Record,
            end: bytes.len(),
            next: bytes.len(),
            lines: 1,
        })
    }

    /// Takes one of every two quotes out of the fields that have such.
    fn unescape(&mut self, text: &str, quote: u8) {
        self.apart.clear();
        for span in self.fields.iter_mut().filter(|span| span.apart) {
            let mut rest = text
                .get(span.start as usize..span.end as usize)
                .unwrap_or_default();
            span.start = self.apart.len() as u32;
            while let Some(at) = memchr(quote, rest.as_bytes()) {
                self.apart.push_str(&rest[..=at]);
                rest = rest.get(at + 2..).unwrap_or_default();
            }
            self.apart.push_str(rest);
            span.end = self.apart.len() as u32;
        }
    }

    /// Returns the damage of a record, of which only the gravest is told.
    fn damage(&self, kind: Kind, text: &str, at: usize, end: usize, nul: bool) -> Option<Damage> {
        match kind {
            Kind::Stray(place) => return Some(Damage::new(Code::Quote, place as u32)),
            Kind::TooLong => return Some(Damage::new(Code::TooLong, at as u32)),
            Kind::Record | Kind::Empty => {}
        }
        if let Some(place) = first_within(&self.unreadable, at, end) {
            return Some(Damage::new(Code::Encoding, place));
        }
        if nul && let Some(place) = memchr(0, &text.as_bytes()[at..end]) {
            return Some(Damage::new(Code::Nul, (at + place) as u32));
        }
        (self.fields.len() != self.rules.fields).then(|| {
            let numbers = [self.rules.fields as i64, self.fields.len() as i64];
            Damage::new(Code::Fields, at as u32).with(numbers)
        })
    }
}

impl Rows<Block> for Splitter {
    fn each(&mut self, block: &mut Block, mut each: impl FnMut(&Record<'_>)) -> Tally {
        let mended;
        self.unreadable.clear();
        let text = match std::str::from_utf8(&block.text.bytes) {
            Ok(text) => text,
            Err(_) => {
                mended = mend(&block.text.bytes, &mut self.unreadable);
                &mended
            }
        };
        let bytes = text.as_bytes();
        let mut record = Record {
            text,
            apart: "",
            spans: &[],
            places: block.text.places(),
            start: 0,
            end: bytes.len() as u32,
            number: block.text.row,
            line: block.text.line,
            damage: None,
        };
        if block.too_long {
            record.damage = Some(Damage::new(Code::TooLong, 0));
            each(&record);
            return Tally {
                records: 1,
                damaged: 1,
                empty: 0,
                lines: 1,
            };
        }
        let mut tally = Tally::default();
        let nul = memchr(0, bytes).is_some();
        let mut strays = block.strays.iter().peekable();
        let mut quote = next_quote(&self.rules, bytes, 0);
        let mut at = 0;
        while at < bytes.len() {
            let stray = strays.next_if(|it| it.0 == at as u32);
            let scanned = match stray {
                Some((_, stray)) => {
                    self.fields.clear();
                    *stray
                }
                None => match self.split(bytes, at, &mut quote) {
                    Some(scanned) => scanned,
                    None => self.scan(text, at),
                },
            };
            tally.lines += scanned.lines;
            if scanned.kind == Kind::Empty {
                tally.empty += 1;
            } else {
                let damage = self.damage(scanned.kind, text, at, scanned.end, nul);
                tally.records += 1;
                tally.damaged += u64::from(damage.is_some());
                each(&Record {
                    apart: &self.apart,
                    spans: &self.fields,
                    start: at as u32,
                    end: scanned.end as u32,
                    damage,
                    ..record
                });
                record.number += 1;
            }
            record.line += scanned.lines;
            at = scanned.next;
        }
        tally
    }
}

/// Returns the position of the next quote, or of the end.
fn next_quote(rules: &Rules, bytes: &[u8], from: usize) -> usize {
    let found = rules.quote.and_then(|quote| memchr(quote, &bytes[from..]));
    found.map_or(bytes.len(), |it| from + it)
}
