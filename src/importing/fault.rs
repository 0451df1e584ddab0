//! Faults: each says where, what was found, and what may have been meant, in a form the product puts into words.
//!
//! A file may be wrong in every row, and must not cost much more for it: a fault is a few numbers, and its
//! texts stand one after the other in a buffer that all faults of a chunk share.

use super::code::{Code, Wrong};
use super::feed::SUBSTITUTE;
use super::record::Record;

/// A fault, ready to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault<'a> {
    /// The number of the data row.
    pub row: u64,
    /// The physical line that the row begins on.
    pub line: u64,
    /// The index of the column among the file's; none if the whole row is at fault.
    pub column: Option<u16>,
    /// The offset in the file, in bytes.
    pub offset: u64,
    pub code: Code,
    /// Numbers that the message mentions; see [`Code`].
    pub numbers: [i64; 2],
    /// The text found, cut to 80 characters.
    pub text: &'a str,
    pub suggestion: Option<&'a str>,
}

struct Stored {
    row: u64,
    line: u64,
    offset: u64,
    numbers: [i64; 2],
    text: u32,
    column: u16,
    found: u16,
    suggested: u8,
    code: Code,
}

/// The column of a fault of the whole row.
const WHOLE_ROW: u16 = u16::MAX;

/// The most characters of a text that a fault shows.
const MOST_SHOWN: usize = 80;

/// The faults of a chunk.
#[derive(Default)]
pub struct Faults {
    list: Vec<Stored>,
    text: String,
}

impl Faults {
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Forgets all faults and keeps the room for others.
    pub fn clear(&mut self) {
        self.list.clear();
        self.text.clear();
    }

    /// Notes that a cell is wrong.
    pub fn push(&mut self, record: &Record<'_>, column: usize, wrong: &Wrong) {
        let at = record.spans.get(column).map_or(record.start, |it| it.at);
        let column = u16::try_from(column).unwrap_or(WHOLE_ROW - 1);
        self.store(record, column, at, wrong, record.text(column.into()));
    }

    /// Notes the damage of a record, if it has any. Returns true if it has.
    pub fn push_damage(&mut self, record: &Record<'_>) -> bool {
        let Some(damage) = record.damage else {
            return false;
        };
        let wrong = Wrong {
            code: damage.code,
            numbers: damage.numbers,
            suggestion: None,
        };
        self.store(record, WHOLE_ROW, damage.at, &wrong, record.raw());
        true
    }

    fn store(&mut self, record: &Record<'_>, column: u16, at: u32, wrong: &Wrong, found: &str) {
        let text = self.text.len();
        let found = cut(found, MOST_SHOWN);
        match wrong.code {
            // Shown as what it is, not as the control character that keeps its place.
            Code::Encoding => {
                let shown = |it| {
                    if it == SUBSTITUTE {
                        char::REPLACEMENT_CHARACTER
                    } else {
                        it
                    }
                };
                self.text.extend(found.chars().map(shown));
            }
            _ => self.text.push_str(found),
        }
        let found = self.text.len() - text;
        if let Some(suggestion) = &wrong.suggestion {
            self.text.push_str(suggestion.as_str());
        }
        self.list.push(Stored {
            row: record.number,
            line: record.line,
            offset: record.place(at),
            numbers: wrong.numbers,
            text: text as u32,
            column,
            found: found as u16,
            suggested: (self.text.len() - text - found) as u8,
            code: wrong.code,
        });
    }

    pub fn iter(&self) -> impl Iterator<Item = Fault<'_>> {
        self.list.iter().map(|it| {
            let (_, text) = self.text.split_at(it.text as usize);
            let (text, rest) = text.split_at(it.found.into());
            Fault {
                row: it.row,
                line: it.line,
                column: (it.column != WHOLE_ROW).then_some(it.column),
                offset: it.offset,
                code: it.code,
                numbers: it.numbers,
                text,
                suggestion: (it.suggested > 0).then(|| &rest[..it.suggested.into()]),
            }
        })
    }
}

/// Cuts a text to so many characters.
pub fn cut(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    match text.char_indices().nth(most) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::{Damage, Places, Span};
    use super::super::short::Short;
    use super::*;

    #[test]
    fn faults_say_where_and_what() {
        let text = format!("x,{},7O", "é".repeat(100));
        let ends = [(0, 1), (2, 202), (203, 205)];
        let spans = ends.map(|(start, end)| Span {
            at: start,
            start,
            end,
            apart: false,
        });
        let record = Record {
            text: &text,
            apart: "",
            spans: &spans,
            places: Places::Plain(1000),
            start: 0,
            end: 205,
            number: 7,
            line: 9,
            damage: None,
        };
        let mut faults = Faults::default();
        assert!(!faults.push_damage(&record));
        faults.push(&record, 1, &Wrong::new(Code::Time));
        faults.push(
            &record,
            2,
            &Wrong::suggesting(Code::Typo, Short::number(70)),
        );
        let damage = Damage::new(Code::Fields, 0).with([4, 3]);
        let damaged = Record {
            damage: Some(damage),
            ..record
        };
        assert!(faults.push_damage(&damaged));
        let found: Vec<_> = faults.iter().collect();
        assert_eq!(found[0].text, "é".repeat(80));
        assert_eq!((found[0].column, found[0].offset), (Some(1), 1002));
        let typo = Fault {
            row: 7,
            line: 9,
            column: Some(2),
            offset: 1203,
            code: Code::Typo,
            numbers: [0, 0],
            text: "7O",
            suggestion: Some("70"),
        };
        assert_eq!(found[1], typo);
        assert_eq!((found[2].column, found[2].numbers), (None, [4, 3]));
        faults.clear();
        assert!(faults.is_empty() && faults.iter().next().is_none());
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_as_such() {
        let record = Record {
            text: "a\u{1A}b",
            apart: "",
            spans: &[],
            places: Places::None,
            start: 0,
            end: 3,
            number: 1,
            line: 1,
            damage: Some(Damage::new(Code::Encoding, 1)),
        };
        let mut faults = Faults::default();
        faults.push_damage(&record);
        assert_eq!(faults.iter().next().map(|it| it.text), Some("a\u{FFFD}b"));
    }
}
