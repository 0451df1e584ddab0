//! Lines of CSV (RFC 4180) that are safe to open in a spreadsheet.

use csv::{QuoteStyle, Terminator, WriterBuilder};
use std::borrow::Cow;

/// The byte order mark, by which spreadsheets recognise UTF-8.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The characters that a spreadsheet takes for the start of a formula, as typed on any keyboard.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Formats the values as one line. Everything but numbers is quoted, so that a program which splits fields at
/// a delimiter other than the comma does not split within a text.
pub fn line(values: &[&str]) -> String {
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::NonNumeric)
        .terminator(Terminator::CRLF)
        .buffer_capacity(256)
        .from_writer(Vec::new());
    let values = values.iter().map(|value| guarded(value));
    let line = writer
        .write_record(values.map(Cow::into_owned))
        .ok()
        .and_then(|()| writer.into_inner().ok())
        .and_then(|line| String::from_utf8(line).ok());
    line.expect("a vector takes everything, and text stays text")
}

/// Prefixes a value that a spreadsheet would take for a formula with an apostrophe; a plain negative number
/// stays a number. Leading blanks do not hide a formula, and a leading tab or line break starts another cell
/// when the text is pasted.
fn guarded(value: &str) -> Cow<'_, str> {
    let blank = |sign: char| sign.is_whitespace() || sign.is_control() || sign == '\u{feff}';
    let formula = value.trim_start_matches(blank).starts_with(FORMULA);
    let moved = value.starts_with(['\t', '\r', '\n']);
    match (formula || moved) && !is_negative(value) {
        true => Cow::Owned(format!("'{value}")),
        false => Cow::Borrowed(value),
    }
}

fn is_negative(value: &str) -> bool {
    let Some(digits) = value.strip_prefix('-') else {
        return false;
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction]
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_formula_becomes_text_and_a_number_stays_one() {
        for (value, written) in [
            ("lunch", "\"lunch\""),
            ("", "\"\""),
            ("=1+1", "\"'=1+1\""),
            ("+86 10", "\"'+86 10\""),
            ("+5", "\"'+5\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("-2+3", "\"'-2+3\""),
            ("-", "\"'-\""),
            ("5", "5"),
            ("12.50", "12.50"),
            ("-5", "-5"),
            ("-12.50", "-12.50"),
            ("-1.", "\"'-1.\""),
            ("＝1+1", "\"'＝1+1\""),
            ("＋1", "\"'＋1\""),
            ("－1", "\"'－1\""),
            ("＠SUM(A1)", "\"'＠SUM(A1)\""),
            (" =1+1", "\"' =1+1\""),
            ("\u{feff}=1+1", "\"'\u{feff}=1+1\""),
            ("\tx", "\"'\tx\""),
            ("\r=1+1", "\"'\r=1+1\""),
            ("\nx", "\"'\nx\""),
            ("x;=1+1", "\"x;=1+1\""),
            ("x\t=1+1", "\"x\t=1+1\""),
            (
                "=HYPERLINK(\"a\",\"b\")",
                "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\"",
            ),
            ("a, b", "\"a, b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("午饭；茶", "\"午饭；茶\""),
        ] {
            assert_eq!(line(&[value]), format!("{written}\r\n"), "{value}");
        }
    }

    proptest! {
        /// A reader gets back what was written, in as many fields, and nothing that is a formula.
        #[test]
        fn what_is_written_is_what_is_read(
            values in prop::collection::vec("([=+@,;\"'\t\r\n 0-9.a＝＋－＠é-]|\\PC){0,12}", 2..6),
        ) {
            let texts: Vec<&str> = values.iter().map(String::as_str).collect();
            let written = format!("{}{}", line(&texts), line(&texts));
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .from_reader(written.as_bytes());
            let lines: Vec<_> = reader.records().collect::<Result<_, _>>().expect("reads");
            prop_assert_eq!(lines.len(), 2);
            for line in lines {
                prop_assert_eq!(line.len(), values.len());
                for (read, value) in line.iter().zip(&values) {
                    prop_assert_eq!(read.strip_prefix('\'').unwrap_or(read), value.strip_prefix('\'').unwrap_or(value));
                    prop_assert!(!read.trim_start().starts_with(FORMULA) || is_negative(read), "{:?}", read);
                }
            }
        }

        /// Every text is quoted, whatever delimiter a program splits at.
        #[test]
        fn a_text_is_in_quotes(value in "\\PC{0,20}") {
            let written = line(&["1", &value]);
            let field = written.strip_prefix("1,").and_then(|rest| rest.strip_suffix("\r\n"));
            let field = field.expect("two fields");
            let quoted = field.len() >= 2 && field.starts_with('"') && field.ends_with('"');
            prop_assert!(quoted || field.parse::<f64>().is_ok(), "{}", field);
        }
    }
}
