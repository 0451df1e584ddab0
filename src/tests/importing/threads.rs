//! Threads: order, bounds, and every way to end early.

use super::files::{alone, rows};
use guildhall::importing::{
    Corrected, Corrections, Dialect, Encoding, Options, ReadError, Record, Separator, Writer,
    Written, read_delimited, write_corrected,
};
use proptest::prelude::*;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

fn file(rows: u64) -> String {
    let rows: String = (1..=rows).map(|it| format!("{it},x\n")).collect();
    format!("id,text\n{rows}")
}

fn options(threads: usize) -> Options {
    Options {
        threads,
        chunk: 64,
        ..Options::default()
    }
}

fn number(record: &Record<'_>, out: &mut Vec<u64>) {
    assert_eq!(record.text(0), record.number.to_string());
    out.push(record.number);
}

#[test]
fn chunks_come_in_order() {
    let text = file(5000);
    for threads in 1..=4 {
        let mut next = 1;
        let counts = read_delimited(
            text.as_bytes(),
            &Dialect::default(),
            &options(threads),
            number,
            |chunk| {
                assert_eq!(chunk.first, next);
                for number in chunk.output.iter() {
                    assert_eq!(*number, next);
                    next += 1;
                }
                ControlFlow::Continue(())
            },
        );
        let counts = counts.expect("readable");
        assert_eq!((counts.tally.records, counts.stopped), (5000, false));
    }
}

#[test]
fn a_long_file_is_read_alike_in_any_pieces() {
    let row = |it: u64| match it % 997 {
        0 => format!("{it},\"two\nlines\"\r\n"),
        1 => format!("{it},\"stray\n"),
        2 => format!("\n{it},after an empty line\n"),
        3 => format!("{it}\n"),
        4 => format!("{it},\"quoted \"\"twice\"\"\"\n"),
        5 if it > 90_000 => format!("{it},{}\n", "long".repeat(400_000)),
        _ => format!("{it},plain text\n"),
    };
    let text = format!("id,text\n{}", (1..=100_000).map(row).collect::<String>());
    let read = |threads, chunk| {
        let options = Options {
            threads,
            chunk,
            ..Options::default()
        };
        rows(text.as_bytes(), &Dialect::default(), &options)
    };
    let (whole, counts) = read(1, 1 << 30);
    assert_eq!((counts.tally.records, counts.tally.empty), (100_000, 101));
    for (threads, chunk) in [(1, 128 * 1024), (2, 128 * 1024), (4, 3 << 20), (3, 1000)] {
        // Not by `assert_eq`: nobody would want to see what differs.
        assert!(
            read(threads, chunk) == (whole.clone(), counts),
            "{threads} threads, {chunk}"
        );
    }
}

#[test]
fn a_consumer_may_stop() {
    let text = file(5000);
    for threads in 1..=4 {
        let mut seen = 0;
        let counts = read_delimited(
            text.as_bytes(),
            &Dialect::default(),
            &options(threads),
            number,
            |chunk| {
                seen += chunk.tally.records;
                if seen > 100 {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            },
        );
        let counts = counts.expect("readable");
        assert!(counts.stopped && counts.tally.records == seen && seen < 200);
    }
}

/// An input that fails after so many bytes.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.0.read(into)? {
            0 => Err(io::Error::other("gone")),
            some => Ok(some),
        }
    }
}

#[test]
fn a_failing_input_is_told_after_what_was_read() {
    // Beyond the beginning, which is looked at before anything else.
    let text = file(50_000);
    for threads in 1..=4 {
        let mut seen = 0;
        let result = read_delimited(
            Failing(text.as_bytes()),
            &Dialect::default(),
            &options(threads),
            number,
            |chunk| {
                seen += chunk.tally.records;
                ControlFlow::Continue(())
            },
        );
        assert!(matches!(result, Err(ReadError::Io(_))));
        assert!(seen > 49_900, "{seen}");
    }
}

#[test]
fn a_panic_reaches_the_caller() {
    let text = file(5000);
    for threads in 1..=4 {
        let reading = || {
            let check =
                |record: &Record<'_>, (): &mut ()| assert!(record.number < 2000, "on purpose");
            read_delimited(
                text.as_bytes(),
                &Dialect::default(),
                &options(threads),
                check,
                |_| ControlFlow::Continue(()),
            )
        };
        assert!(std::panic::catch_unwind(reading).is_err());
    }
}

/// An input without end, but for a number of rows.
struct Rows {
    left: u64,
    given: AtomicU64,
}

impl Read for Rows {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let row = b"12345,abcdefgh\n";
        let rows = (into.len() / row.len()).min(self.left as usize);
        for place in into.chunks_exact_mut(row.len()).take(rows) {
            place.copy_from_slice(row);
        }
        if rows == 0 && self.left > 0 {
            // A space for less than a row: one byte after the other would be too slow to write here.
            into[0] = b'\n';
            return Ok(1);
        }
        self.left -= rows as u64;
        self.given.fetch_add(rows as u64, Ordering::Relaxed);
        Ok(rows * row.len())
    }
}

#[test]
fn a_slow_consumer_holds_the_workers_back() {
    let input = Rows {
        left: 2_000_000,
        given: AtomicU64::new(0),
    };
    let options = Options {
        threads: 3,
        chunk: 4096,
        ..Options::default()
    };
    let checked = AtomicU64::new(0);
    let dialect = Dialect {
        header: false,
        ..Dialect::default()
    };
    let check = |_: &Record<'_>, (): &mut ()| {
        checked.fetch_add(1, Ordering::Relaxed);
    };
    let mut consumed = 0;
    let counts = read_delimited(input, &dialect, &options, check, |chunk| {
        consumed += chunk.tally.records;
        let ahead = checked.load(Ordering::Relaxed) - consumed;
        assert!(ahead < 6 * 4096 / 10, "{ahead} rows ahead");
        ControlFlow::Continue(())
    });
    assert_eq!(counts.expect("readable").tally.records, 2_000_000);
}

#[test]
fn a_corrected_file_differs_in_its_corrections_only() {
    let text = "id;rate;note\r\n1;7O;\"a;b\"\r\n2;\"72;x\r\n\r\n3; 75 ;y\r\n4;80\r\n";
    let dialect = Dialect {
        separator: Separator::Semicolon,
        ..Dialect::default()
    };
    let mut corrections = Corrections::default();
    corrections.insert(1, 1, "70");
    corrections.insert(4, 2, "say \"hi\"");
    let mut out = Vec::new();
    let done = write_corrected(text.as_bytes(), &mut out, &dialect, &alone(), &corrections);
    let expected =
        "id;rate;note\r\n1;70;\"a;b\"\r\n2;\"72;x\r\n3; 75 ;y\r\n4;80;\"say \"\"hi\"\"\"\r\n";
    assert_eq!(String::from_utf8_lossy(&out), expected);
    let numbers = Corrected {
        rows: 4,
        corrected: 2,
        lost: 0,
        left_out: 0,
    };
    assert_eq!(done.expect("written"), numbers);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_written_are_read_again(
        table in proptest::collection::vec(proptest::collection::vec("[a-z0-9é中\" ;,|\t']{0,6}", 3), 1..8),
        separator in 0_usize..4, encoding in 0_usize..4, bom in any::<bool>(), note in "[a-z]{1,4}\n[a-z]{1,4}",
    ) {
        let encoding = Encoding::ALL[encoding];
        let dialect = Dialect { encoding, bom, separator: Separator::ALL[separator], header: false, ..Dialect::default() };
        let mut table = table;
        table[0][1] = note;
        // With separators on its last line it may be taken for two records: that is the price of the rules.
        table[0][2] = String::from("x");
        let writer = Writer::new(dialect, "\r\n");
        let mut written = Written::default();
        writer.begin(&mut written);
        for row in &table {
            writer.row(row.iter().map(String::as_str), &mut written);
        }
        let fields = Some(3);
        let (read, counts) = rows(&written.bytes[..], &dialect, &Options { fields, ..alone() });
        prop_assert_eq!(counts.tally.damaged, 0);
        let texts: Vec<_> = read.iter().map(super::files::Row::texts).collect();
        prop_assert_eq!(texts, table);
    }
}
