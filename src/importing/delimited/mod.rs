//! Delimited files: text with one record a line and a character between its fields.

mod blocks;
mod rows;
mod rules;

pub use blocks::Block;
pub use rows::Splitter;

use super::decode::Decoded;
use super::detect::{SAMPLE, detect};
use super::dialect::{Dialect, Overrides};
use super::feed::{Feed, Text, mend};
use super::options::Options;
use super::parallel::read;
use super::record::{Record, Span};
use super::source::{Chunk, Counts, DataSource, Output, ReadError};
use blocks::Blocks;
use rules::{Kind, Rules, Scanned};
use std::collections::BTreeMap;
use std::io::{self, Chain, Cursor, Read};
use std::ops::ControlFlow;

/// An open delimited file.
pub struct Delimited<R> {
    blocks: Blocks<Chain<Cursor<Vec<u8>>, R>>,
    dialect: Dialect,
    columns: Vec<String>,
    line_end: &'static str,
}

impl<R: Read> Delimited<R> {
    /// Opens a file whose dialect is to be found out, but for what is given.
    pub fn detect(mut input: R, given: &Overrides, options: &Options) -> Result<Self, ReadError> {
        let mut head = Vec::new();
        let read = input.by_ref().take(SAMPLE as u64).read_to_end(&mut head)?;
        let dialect = detect(&head, read < SAMPLE, given);
        Self::begin(head, input, dialect, options)
    }

    /// Opens a file of a known dialect.
    pub fn open(mut input: R, dialect: &Dialect, options: &Options) -> Result<Self, ReadError> {
        let mut head = Vec::new();
        // Long enough for any mark.
        input.by_ref().take(4).read_to_end(&mut head)?;
        Self::begin(head, input, *dialect, options)
    }

    fn begin(
        mut head: Vec<u8>,
        input: R,
        mut dialect: Dialect,
        options: &Options,
    ) -> Result<Self, ReadError> {
        dialect.bom = dialect.encoding.is_marked(&head);
        let mark = if dialect.bom {
            dialect.encoding.mark()
        } else {
            &[]
        };
        head.drain(..mark.len());
        let begin = mark.len() as u64;
        let decoded = Decoded::new(Cursor::new(head).chain(input), dialect.encoding, begin);
        let rules = Rules {
            separator: dialect.separator.byte(),
            quote: dialect.quote.byte(),
            fields: 0,
            spaced: false,
            longest_line: options.longest_line,
            longest_quoted: options.longest_quoted,
        };
        let mut blocks = Blocks::new(Feed::new(decoded, begin), rules, options.chunk);
        let (sample, last) = blocks.feed.peek(SAMPLE)?;
        let usual = usual_fields(&blocks.rules, &sample, last);
        blocks.rules.fields = options.fields.unwrap_or(usual);
        blocks.rules.spaced = is_spaced(&blocks.rules, &sample, last);
        let mut columns = Vec::new();
        if dialect.header {
            columns = header(&mut blocks)?;
            blocks.rules.fields = columns.len();
        }
        Ok(Self {
            blocks,
            dialect,
            columns,
            line_end: line_end(&sample),
        })
    }

    pub const fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// Returns the end of the first line, which is that of all others as a rule.
    pub const fn line_end(&self) -> &'static str {
        self.line_end
    }

    /// Returns the number of fields that a record should have.
    pub const fn width(&self) -> usize {
        self.blocks.rules.fields
    }
}

impl<R: Read + Send> DataSource for Delimited<R> {
    type Block = Block;
    type Rows = Splitter;

    fn columns(&self) -> Vec<String> {
        self.columns.clone()
    }

    fn decimal_comma(&self) -> bool {
        self.dialect.decimal_comma
    }

    fn rows(&self) -> Splitter {
        Splitter::new(self.blocks.rules.clone())
    }

    fn fill(&mut self, block: &mut Block) -> io::Result<bool> {
        self.blocks.fill(block)
    }
}

/// Reads a delimited file of a known dialect: `check` is called once for every record, on some worker, and
/// `consume` for every chunk of them, in order.
pub fn read_delimited<T: Output>(
    input: impl Read + Send,
    dialect: &Dialect,
    options: &Options,
    check: impl Fn(&Record<'_>, &mut T) + Sync,
    consume: impl FnMut(Chunk<'_, T>) -> ControlFlow<()>,
) -> Result<Counts, ReadError> {
    let source = Delimited::open(input, dialect, options)?;
    read(source, options.threads, check, consume)
}

/// Reads the names of the columns.
fn header<R: Read>(blocks: &mut Blocks<R>) -> Result<Vec<String>, ReadError> {
    let mut block = Text::default();
    let quote = blocks.rules.quote.map(char::from).unwrap_or_default();
    let Some((found, fields)) = blocks.first(&mut block)? else {
        return Ok(Vec::new());
    };
    let text = mend(&block.bytes, &mut Vec::new());
    if found.kind != Kind::Record {
        let line = text.get(..found.end).unwrap_or_default();
        let shown = super::fault::cut(line.trim_start(), 80);
        return Err(ReadError::Header(shown.to_owned()));
    }
    let twice = [quote; 2].iter().collect::<String>();
    let name = |span: &Span| {
        let name = text.get(span.start as usize..span.end as usize);
        match span.apart {
            true => name.unwrap_or_default().replace(&twice, &quote.to_string()),
            false => name.unwrap_or_default().to_owned(),
        }
    };
    Ok(fields.iter().map(name).collect())
}

/// Calls `each` with the records of a sample that are readable.
fn sampled(rules: &Rules, sample: &[u8], last: bool, mut each: impl FnMut(&Scanned, &[Span])) {
    let mut fields = Vec::new();
    let mut at = 0;
    while at < sample.len()
        && let Some(scanned) = rules.scan(sample, at, last, &mut fields)
    {
        at = scanned.next;
        if scanned.kind == Kind::Record {
            each(&scanned, &fields);
        }
    }
}

/// Returns the number of fields that most records of a sample have.
fn usual_fields(rules: &Rules, sample: &[u8], last: bool) -> usize {
    let mut numbers = BTreeMap::<usize, usize>::new();
    sampled(rules, sample, last, |_, fields| {
        *numbers.entry(fields.len()).or_default() += 1;
    });
    let most = numbers.into_iter().max_by_key(|(_, records)| *records);
    most.map_or(1, |(fields, _)| fields)
}

/// Returns true if most records of a sample have spaces behind separators. Those of several lines do not
/// count: whether they are any is what is to be judged by it.
fn is_spaced(rules: &Rules, sample: &[u8], last: bool) -> bool {
    let (mut spaced, mut all) = (0, 0);
    sampled(rules, sample, last, |scanned, fields| {
        if scanned.lines == 1 && fields.len() == rules.fields {
            let behind = |it: &Span| {
                let separator = memchr::memrchr(rules.separator, &sample[..it.at as usize]);
                separator.is_some_and(|at| sample.get(at + 1) == Some(&b' '))
            };
            all += 1;
            spaced += usize::from(fields.iter().skip(1).any(behind));
        }
    });
    2 * spaced > all
}

fn line_end(sample: &[u8]) -> &'static str {
    let first = memchr::memchr2(b'\n', b'\r', sample);
    match first.and_then(|at| sample.get(at..)) {
        Some([b'\r', b'\n', ..]) => "\r\n",
        Some([b'\r', ..]) => "\r",
        _ => "\n",
    }
}
