//! The step from objects to records with the columns of the file.

use super::super::code::Code;
use super::super::feed::{first_within, mend};
use super::super::record::{Damage, Record, Span};
use super::super::source::{Rows, Tally};
use super::blocks::{Block, Kind, Piece};
use super::object::{self, Broken, members, skip_space, unescape};
use memchr::memchr_iter;

/// A worker's reader of objects.
pub struct Objects {
    columns: Vec<String>,
    spans: Vec<Span>,
    /// The columns that the object at hand has had a member for.
    seen: Vec<bool>,
    apart: String,
    unreadable: Vec<u32>,
}

impl Objects {
    pub const fn new(columns: Vec<String>) -> Self {
        Self {
            columns,
            spans: Vec::new(),
            seen: Vec::new(),
            apart: String::new(),
            unreadable: Vec::new(),
        }
    }

    /// Reads an object. Returns its damage, if it has any.
    fn read(&mut self, text: &str, piece: Piece) -> Option<Damage> {
        let absent = Span {
            at: piece.start as u32,
            ..Span::default()
        };
        self.spans.clear();
        self.seen.clear();
        self.apart.clear();
        let damage = match piece.kind {
            Kind::TooLong => Some(Damage::new(Code::TooLong, piece.start as u32)),
            Kind::Broken(place) => Some(Damage::new(Code::Json, place as u32)),
            Kind::Open => Some(Damage::new(Code::Json, piece.start as u32)),
            Kind::Object => None,
        };
        let unreadable = || {
            let place = first_within(&self.unreadable, piece.start, piece.end);
            place.map(|it| Damage::new(Code::Encoding, it))
        };
        if let Some(damage) = damage.or_else(unreadable) {
            return Some(damage);
        }
        self.spans.resize(self.columns.len(), absent);
        self.seen.resize(self.columns.len(), false);
        let bytes = &text.as_bytes()[..piece.end];
        let mut expected = 0;
        let mut others = Vec::new();
        let read = members(bytes, piece.start, |name, value| {
            let index = index_of(&self.columns, expected, text, name);
            let Some(index) = index else {
                others.push(name.at);
                return Ok(());
            };
            if self.seen[index] {
                // Of two values nobody knows which is meant.
                return Err(Broken(name.at));
            }
            expected = index + 1;
            self.seen[index] = true;
            self.spans[index] = span(text, value, &mut self.apart)?;
            Ok(())
        });
        let damage = match read {
            Ok(end) if skip_space(bytes, end) < bytes.len() => {
                Some(Damage::new(Code::Json, skip_space(bytes, end) as u32))
            }
            Ok(_) => others.first().map(|place| {
                let width = self.columns.len();
                let numbers = [width as i64, (width + others.len()) as i64];
                Damage::new(Code::Fields, *place as u32).with(numbers)
            }),
            Err(Broken(place)) => Some(Damage::new(Code::Json, place as u32)),
        };
        if damage.is_some_and(|it| it.code == Code::Json) {
            self.spans.clear();
        }
        damage
    }
}

/// Returns the column of a name: objects mostly have their members in one order.
fn index_of(columns: &[String], expected: usize, text: &str, name: object::Piece) -> Option<usize> {
    let written = &text[name.start..name.end];
    let meant;
    let name = match name.escaped {
        false => written,
        true => {
            let mut unescaped = String::new();
            unescape(written, &mut unescaped);
            meant = unescaped;
            &meant
        }
    };
    match columns.get(expected) {
        Some(column) if column == name => Some(expected),
        _ => columns.iter().position(|column| column == name),
    }
}

/// Returns the place of a value's text, which is written apart if it has escapes.
fn span(text: &str, value: object::Piece, apart: &mut String) -> Result<Span, Broken> {
    let (mut start, mut end) = (value.start, value.end);
    if value.escaped {
        start = apart.len();
        if !unescape(&text[value.start..value.end], apart) {
            return Err(Broken(value.at));
        }
        end = apart.len();
    }
    Ok(Span {
        at: value.at as u32,
        start: start as u32,
        end: end as u32,
        apart: value.escaped,
    })
}

impl Rows<Block> for Objects {
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
        let mut tally = Tally {
            records: block.pieces.len() as u64,
            damaged: 0,
            empty: block.empty,
            lines: block.lines,
        };
        let mut line = block.text.line;
        let mut counted = 0;
        for (number, piece) in (block.text.row..).zip(&block.pieces) {
            let damage = self.read(text, *piece);
            tally.damaged += u64::from(damage.is_some());
            line += memchr_iter(b'\n', &text.as_bytes()[counted..piece.start]).count() as u64;
            counted = piece.start;
            each(&Record {
                text,
                apart: &self.apart,
                spans: &self.spans,
                places: block.text.places(),
                start: piece.start as u32,
                end: piece.end as u32,
                number,
                line,
                damage,
            });
        }
        tally
    }
}
