//! The journal as a table (RFC 4180), safe to open in a spreadsheet.

use super::journal::JournalRow;

/// A byte order mark, by which spreadsheets know UTF-8, and the names of the columns.
pub const HEAD: &str =
    "\u{feff}no,posted_at,kind,debit,credit,amount,currency,reference,memo,reverses,id\r\n";

/// Adds the line of a transfer.
pub fn write(row: &JournalRow, into: &mut String) {
    let reverses = row.reverses.map(|seq| seq.to_string());
    let values = [
        &row.seq.to_string(),
        &row.posted_at.rfc3339(),
        row.kind.as_str(),
        &row.debit_code,
        &row.credit_code,
        &row.money().decimal(),
        row.currency.code(),
        &row.reference,
        &row.memo,
        reverses.as_deref().unwrap_or_default(),
        &row.id,
    ];
    for (column, value) in values.into_iter().enumerate() {
        if column > 0 {
            into.push(',');
        }
        into.push_str(&field(value));
    }
    into.push_str("\r\n");
}

/// A value between two commas. What a spreadsheet would take for a formula is made text by an
/// apostrophe in front; a plain negative number stays the number it is.
fn field(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_negative(value);
    let mark = if formula { "'" } else { "" };
    if value.contains(['"', ',', '\r', '\n', '\t']) {
        let value = value.replace('"', "\"\"");
        return format!("\"{mark}{value}\"");
    }
    format!("{mark}{value}")
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

    #[test]
    fn a_formula_becomes_text_and_a_number_stays_one() {
        for (value, written) in [
            ("lunch", "lunch"),
            ("=1+1", "'=1+1"),
            ("+86 10", "'+86 10"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2+3", "'-2+3"),
            ("-", "'-"),
            ("-5", "-5"),
            ("-12.50", "-12.50"),
            ("-1.", "'-1."),
            ("\tx", "\"'\tx\""),
            (
                "=HYPERLINK(\"a\",\"b\")",
                "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\"",
            ),
        ] {
            assert_eq!(field(value), written, "{value}");
        }
    }

    #[test]
    fn commas_quotes_and_lines_stay_within_their_field() {
        assert_eq!(field("a, b"), "\"a, b\"");
        assert_eq!(field("say \"hi\""), "\"say \"\"hi\"\"\"");
        assert_eq!(field("two\r\nlines"), "\"two\r\nlines\"");
        assert_eq!(field("午饭；茶"), "午饭；茶");
    }
}
