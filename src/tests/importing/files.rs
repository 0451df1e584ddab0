//! Readings written down record by record, to be compared.

use guildhall::importing::{Counts, DataSource, Dialect, Options, Record, read, read_delimited};
use std::io::Read;
use std::ops::ControlFlow;

/// A record, written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub number: u64,
    pub line: u64,
    pub offset: u64,
    pub raw: String,
    pub fields: Vec<(String, u64)>,
    /// The code of the damage.
    pub damage: Option<&'static str>,
}

impl Row {
    pub fn of(record: &Record<'_>) -> Self {
        let field = |at| record.field(at).map(|it| (it.text.to_owned(), it.offset));
        Self {
            number: record.number,
            line: record.line,
            offset: record.offset(),
            raw: record.raw().to_owned(),
            fields: (0..record.len()).filter_map(field).collect(),
            damage: record.damage.map(|it| it.code.as_str()),
        }
    }

    #[allow(dead_code, reason = "not every test compares texts")]
    pub fn texts(&self) -> Vec<&str> {
        self.fields.iter().map(|(text, _)| text.as_str()).collect()
    }
}

/// Reads all records of a delimited text.
#[allow(dead_code, reason = "not every test reads delimited text")]
pub fn rows(input: impl Read + Send, dialect: &Dialect, options: &Options) -> (Vec<Row>, Counts) {
    let mut all = Vec::new();
    let counts = read_delimited(
        input,
        dialect,
        options,
        |record, rows: &mut Vec<Row>| rows.push(Row::of(record)),
        |chunk| {
            assert_eq!(chunk.tally.records, chunk.output.len() as u64);
            assert_eq!(chunk.first, all.len() as u64 + 1);
            all.append(chunk.output);
            ControlFlow::Continue(())
        },
    );
    (all, counts.expect("readable"))
}

/// Reads all records of a source.
#[allow(dead_code, reason = "not every test has a source of its own")]
pub fn rows_of(source: impl DataSource, threads: usize) -> (Vec<Row>, Counts) {
    let mut all = Vec::new();
    let counts = read(
        source,
        threads,
        |record, rows: &mut Vec<Row>| rows.push(Row::of(record)),
        |chunk| {
            all.append(chunk.output);
            ControlFlow::Continue(())
        },
    );
    (all, counts.expect("readable"))
}

/// Options under which nothing runs side by side.
#[allow(dead_code, reason = "not every test reads delimited text")]
pub fn alone() -> Options {
    Options {
        threads: 1,
        ..Options::default()
    }
}
