//! Detection of a file's dialect from its beginning.
//!
//! Separators are judged by how evenly they divide lines, quotes by whether fields have them on both ends,
//! and a header by how it differs from the rows below it. None of it is certain: the result is shown, and
//! each part of it can be given instead.

mod encoding;

use super::dialect::{Dialect, Overrides, Quote, Separator};
use std::collections::BTreeMap;

pub use encoding::{decode_sample, detect_encoding};

/// The number of bytes that the detection looks at.
pub const SAMPLE: usize = 64 * 1024;

/// The most lines that are compared.
const LINES: usize = 1000;

/// Finds out the dialect of a file from its first bytes; `whole` if these are all of it.
pub fn detect(sample: &[u8], whole: bool, given: &Overrides) -> Dialect {
    let sample = &sample[..sample.len().min(SAMPLE)];
    let encoding = given.encoding.unwrap_or_else(|| detect_encoding(sample));
    let bom = encoding.is_marked(sample);
    let text = decode_sample(sample, encoding);
    let mut lines: Vec<&str> = text.split(['\n', '\r']).collect();
    if !whole {
        // The last line was cut somewhere.
        lines.pop();
    }
    lines.retain(|line| !line.trim().is_empty());
    lines.truncate(LINES);
    let separator = given.separator.unwrap_or_else(|| separator(&lines));
    let rough = |quote| -> Vec<Vec<&str>> {
        let rows = lines.iter().map(|line| split(line, separator, quote));
        rows.collect()
    };
    let quote = given.quote.unwrap_or_else(|| quote(&rough(Quote::None)));
    let mut rows = rough(quote);
    for cell in rows.iter_mut().flatten() {
        *cell = bare(cell, quote);
    }
    Dialect {
        encoding,
        bom,
        separator,
        quote,
        decimal_comma: given.decimal_comma.unwrap_or_else(|| decimal_comma(&rows)),
        header: given.header.unwrap_or_else(|| header(&rows)),
    }
}

/// Splits a line at separators that stand outside quotes.
fn split(line: &str, separator: Separator, quote: Quote) -> Vec<&str> {
    let mut inside = false;
    line.split(|c: char| {
        let byte = u8::try_from(c).ok();
        inside ^= byte.is_some() && byte == quote.byte();
        !inside && byte == Some(separator.byte())
    })
    .collect()
}

/// Takes the quotes off a field.
fn bare(cell: &str, quote: Quote) -> &str {
    let cell = cell.trim();
    let Some(quote) = quote.byte().map(char::from) else {
        return cell;
    };
    let inner = cell
        .strip_prefix(quote)
        .and_then(|it| it.strip_suffix(quote));
    inner.unwrap_or(cell)
}

/// Returns the separator that divides lines most evenly.
fn separator(lines: &[&str]) -> Separator {
    let mut best = (0.05, Separator::Comma);
    // Of two that divide alike the first wins: a comma is in numbers and prose, the others hardly ever.
    for candidate in [
        Separator::Tab,
        Separator::Semicolon,
        Separator::Pipe,
        Separator::Comma,
    ] {
        let counts: Vec<usize> = lines
            .iter()
            .map(|line| split(line, candidate, Quote::Double).len())
            .collect();
        let mut numbers = BTreeMap::<usize, usize>::new();
        for count in counts.iter().filter(|count| **count > 1) {
            *numbers.entry(*count).or_default() += 1;
        }
        let Some((usual, agreeing)) = numbers.into_iter().max_by_key(|it| it.1) else {
            continue;
        };
        let mut score = agreeing as f64 / counts.len() as f64;
        if counts.first() != Some(&usual) {
            // A separator is in the header too, whatever else is in the cells.
            score *= 0.6;
        }
        if score > best.0 + 0.05 {
            best = (score, candidate);
        }
    }
    best.1
}

/// Returns the quote that stands at both ends of fields.
fn quote(rows: &[Vec<&str>]) -> Quote {
    let around = |quote: char| {
        let cells = rows.iter().flatten().map(|cell| cell.trim());
        let mut found = [0_usize; 2];
        for cell in cells.filter(|cell| cell.contains(quote)) {
            // Of a field with separators in it, these are the two ends.
            let end = cell.len() > 1 && cell.ends_with(quote);
            found[usize::from(!(cell.starts_with(quote) || end))] += 1;
        }
        found
    };
    let [double, within] = around('"');
    let [single, apostrophes] = around('\'');
    if double == 0 && single > 3 && single > 4 * apostrophes {
        Quote::Single
    } else if double == 0 && within >= 3 {
        Quote::None
    } else {
        Quote::Double
    }
}

/// Returns true if more numbers are written with a decimal comma than with a point.
fn decimal_comma(rows: &[Vec<&str>]) -> bool {
    let (mut commas, mut points) = (0, 0);
    for cell in rows.iter().flatten() {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
        let number = cell.strip_prefix('-').unwrap_or(cell);
        // Three digits may be thousands.
        let decimals = |mark| {
            let parts = number.split_once(mark);
            parts.is_some_and(|(whole, rest)| digits(whole) && digits(rest) && rest.len() != 3)
        };
        commas += usize::from(decimals(','));
        points += usize::from(decimals('.'));
    }
    commas > points
}

/// Returns true if the first row names the columns.
fn header(rows: &[Vec<&str>]) -> bool {
    let Some((first, rest)) = rows.split_first() else {
        return true;
    };
    let is_value =
        |cell: &str| cell.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+');
    if first.iter().any(|cell| is_value(cell)) {
        return false;
    }
    let repeated =
        (1..first.len()).any(|at| !first[at].is_empty() && first[..at].contains(&first[at]));
    // Digits in a name are rare, and rarer still is that all cells of its column are formed as the name is.
    let alike = first.iter().enumerate().any(|(at, name)| {
        let has_digit = name.contains(|c: char| c.is_ascii_digit());
        let formed_alike = |row: &&Vec<&str>| row.get(at).is_some_and(|it| form(it) == form(name));
        has_digit && !rest.is_empty() && 2 * rest.iter().filter(formed_alike).count() > rest.len()
    });
    !repeated && !alike
}

/// Returns the form of a text: its letters and digits without what they are.
fn form(text: &str) -> String {
    let mut form = String::new();
    for c in text.chars() {
        let kind = match c {
            '0'..='9' => '9',
            _ if c.is_alphabetic() => 'a',
            _ => c,
        };
        if !form.ends_with(kind) {
            form.push(kind);
        }
    }
    form
}
