//! Delimited text out: rows in a dialect, and a file once more with its corrections.

use super::code::Code;
use super::delimited::Delimited;
use super::dialect::{Dialect, Encoding};
use super::feed::SUBSTITUTE;
use super::options::Options;
use super::parallel::read;
use super::record::Record;
use super::source::{DataSource, Output, ReadError};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::ops::ControlFlow;

/// A writer of rows, to bytes in memory.
#[derive(Debug)]
pub struct Writer {
    dialect: Dialect,
    line_end: &'static str,
}

/// Bytes written, and the number of characters that could not be.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub bytes: Vec<u8>,
    /// Characters that the encoding lacks, or that only a quoted field may have in a dialect without quotes.
    pub lost: u64,
    /// Rows beyond the bound, of which the text is not at hand.
    pub left_out: u64,
}

impl Output for Written {
    fn clear(&mut self) {
        self.bytes.clear();
        self.lost = 0;
        self.left_out = 0;
    }
}

impl Writer {
    pub const fn new(dialect: Dialect, line_end: &'static str) -> Self {
        Self { dialect, line_end }
    }

    /// Writes the byte order mark, if the dialect has one.
    pub fn begin(&self, out: &mut Written) {
        if self.dialect.bom {
            out.bytes.extend_from_slice(self.dialect.encoding.mark());
        }
    }

    /// Writes a row, with quotes around the fields that need them.
    pub fn row<'a>(&self, fields: impl IntoIterator<Item = &'a str>, out: &mut Written) {
        let mut fields = fields.into_iter().peekable();
        let mut first = true;
        while let Some(field) = fields.next() {
            if !first {
                let separator = self.dialect.separator.byte();
                self.encode(char::from(separator).encode_utf8(&mut [0; 4]), out);
            }
            // A row of one empty field would be an empty line.
            let only = first && fields.peek().is_none();
            self.field(field, only, out);
            first = false;
        }
        self.encode(self.line_end, out);
    }

    fn field(&self, field: &str, only: bool, out: &mut Written) {
        let separator = char::from(self.dialect.separator.byte());
        let breaks = |it: char| it == separator || it == '\n' || it == '\r';
        let Some(quote) = self.dialect.quote.byte().map(char::from) else {
            if !field.contains(breaks) {
                return self.encode(field, out);
            }
            out.lost += field.matches(breaks).count() as u64;
            return self.encode(&field.replace(breaks, " "), out);
        };
        let blank = |it: char| it == ' ' || it == '\t';
        let needs_quotes = field.contains(|it| breaks(it) || it == quote)
            || field.starts_with(blank)
            || field.ends_with(blank)
            || (only && field.is_empty());
        if !needs_quotes {
            return self.encode(field, out);
        }
        let mut quoted = String::with_capacity(field.len() + 2);
        quoted.push(quote);
        for letter in field.chars() {
            quoted.push(letter);
            if letter == quote {
                quoted.push(quote);
            }
        }
        quoted.push(quote);
        self.encode(&quoted, out);
    }

    /// Writes text as it is.
    pub fn raw(&self, text: &str, out: &mut Written) {
        self.encode(text, out);
        self.encode(self.line_end, out);
    }

    fn encode(&self, text: &str, out: &mut Written) {
        let bytes = &mut out.bytes;
        let encoding = match self.dialect.encoding {
            Encoding::Utf8 => return bytes.extend_from_slice(text.as_bytes()),
            Encoding::Utf16Le => {
                return bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
            }
            Encoding::Utf16Be => {
                return bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
            }
            Encoding::Gb18030 => encoding_rs::GB18030,
            Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
        };
        let (encoded, _, unmappable) = encoding.encode(text);
        if !unmappable {
            return bytes.extend_from_slice(&encoded);
        }
        for letter in text.chars() {
            let mut buffer = [0; 4];
            let (encoded, _, unmappable) = encoding.encode(letter.encode_utf8(&mut buffer));
            match unmappable {
                true => {
                    bytes.push(b'?');
                    out.lost += 1;
                }
                false => bytes.extend_from_slice(&encoded),
            }
        }
    }
}

/// Corrections of cells: the number of the row, the index of the column, and the text that shall stand there.
#[derive(Clone, Debug, Default)]
pub struct Corrections(BTreeMap<u64, BTreeMap<u16, String>>);

impl Corrections {
    pub fn insert(&mut self, row: u64, column: u16, text: impl Into<String>) {
        self.0.entry(row).or_default().insert(column, text.into());
    }
}

/// The numbers of a corrected file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Corrected {
    pub rows: u64,
    pub corrected: u64,
    pub lost: u64,
    pub left_out: u64,
}

/// Writes a delimited file once more, with its corrections.
///
/// Rows without any are written as they stand, the unreadable ones too. A corrected row has its other cells
/// as they were read, as far as that was possible. Empty lines are left out, and so are lines beyond the
/// bound; the number of these is told.
pub fn write_corrected(
    input: impl Read + Send,
    mut out: impl Write,
    dialect: &Dialect,
    options: &Options,
    corrections: &Corrections,
) -> Result<Corrected, ReadError> {
    let source = Delimited::open(input, dialect, options)?;
    let writer = Writer::new(*source.dialect(), source.line_end());
    let width = source.width();
    let mut head = Written::default();
    writer.begin(&mut head);
    let columns = source.columns();
    if !columns.is_empty() {
        writer.row(columns.iter().map(String::as_str), &mut head);
    }
    out.write_all(&head.bytes)?;
    let mut done = Corrected {
        lost: head.lost,
        ..Corrected::default()
    };
    let mut failed = None;
    let check = |record: &Record<'_>, written: &mut Written| {
        correct(record, corrections, width, &writer, written);
    };
    let counts = read(source, options.threads, check, |chunk| {
        done.lost += chunk.output.lost;
        done.left_out += chunk.output.left_out;
        match out.write_all(&chunk.output.bytes) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    out.flush()?;
    done.rows = counts.tally.records - done.left_out;
    let rows = corrections.0.keys();
    done.corrected = rows.filter(|row| **row <= counts.tally.records).count() as u64;
    Ok(done)
}

/// Writes one row, corrected if there is anything to correct.
fn correct(
    record: &Record<'_>,
    corrections: &Corrections,
    width: usize,
    writer: &Writer,
    out: &mut Written,
) {
    let cells = corrections.0.get(&record.number);
    let damage = record.damage.map(|it| it.code);
    let Some(cells) = cells else {
        match damage {
            Some(Code::TooLong) => out.left_out += 1,
            Some(Code::Encoding) => writer.raw(&record.raw().replace(SUBSTITUTE, "\u{FFFD}"), out),
            _ => writer.raw(record.raw(), out),
        }
        return;
    };
    let last = cells
        .keys()
        .next_back()
        .map_or(0, |it| usize::from(*it) + 1);
    let length = if record.is_empty() {
        width
    } else {
        record.len()
    };
    let fields = (0..length.max(last)).map(|at| {
        let corrected = u16::try_from(at).ok().and_then(|at| cells.get(&at));
        corrected.map_or(record.text(at), String::as_str)
    });
    writer.row(fields, out);
}

/// Writes rows to an output, all at once: for files that come from elsewhere than from a file.
pub fn write_rows<'a, F: IntoIterator<Item = &'a str>>(
    mut out: impl Write,
    dialect: &Dialect,
    rows: impl IntoIterator<Item = F>,
) -> io::Result<u64> {
    let writer = Writer::new(*dialect, "\r\n");
    let mut written = Written::default();
    writer.begin(&mut written);
    let mut lost = 0;
    for row in rows {
        writer.row(row, &mut written);
        lost += written.lost;
        out.write_all(&written.bytes)?;
        written.clear();
    }
    out.flush()?;
    Ok(lost)
}

#[cfg(test)]
mod tests {
    use super::super::dialect::{Quote, Separator};
    use super::*;

    fn row(dialect: Dialect, fields: &[&str]) -> (String, u64) {
        let mut written = Written::default();
        Writer::new(dialect, "\n").row(fields.iter().copied(), &mut written);
        (
            String::from_utf8_lossy(&written.bytes).into_owned(),
            written.lost,
        )
    }

    #[test]
    fn quotes_stand_where_they_are_needed() {
        for (fields, text) in [
            (vec!["a", "b c", ""], "a,b c,\n"),
            (vec!["a,b", "c\"d", "e\nf"], "\"a,b\",\"c\"\"d\",\"e\nf\"\n"),
            (vec![" a", "b "], "\" a\",\"b \"\n"),
            (vec![""], "\"\"\n"),
            (vec!["a;b", "c|d"], "a;b,c|d\n"),
        ] {
            assert_eq!(row(Dialect::default(), &fields), (text.to_owned(), 0));
        }
        let bare = Dialect {
            quote: Quote::None,
            separator: Separator::Tab,
            ..Dialect::default()
        };
        assert_eq!(row(bare, &["a\tb", "\"c\n"]), ("a b\t\"c \n".to_owned(), 2));
    }

    #[test]
    fn text_is_encoded_back() {
        for (encoding, bytes, lost) in [
            (Encoding::Utf8, "é中".as_bytes().to_vec(), 0),
            (Encoding::Utf16Le, vec![0xE9, 0, 0x2D, 0x4E], 0),
            (Encoding::Utf16Be, vec![0, 0xE9, 0x4E, 0x2D], 0),
            (Encoding::Gb18030, vec![0xA8, 0xA6, 0xD6, 0xD0], 0),
            (Encoding::Windows1252, vec![0xE9, b'?'], 1),
        ] {
            let dialect = Dialect {
                encoding,
                ..Dialect::default()
            };
            let mut written = Written::default();
            Writer::new(dialect, "").row(["é中"], &mut written);
            assert_eq!((written.bytes, written.lost), (bytes, lost), "{encoding}");
        }
    }
}
