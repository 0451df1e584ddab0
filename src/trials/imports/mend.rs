//! Mending bad rows: what was typed in their place is imported as a file of its own.

use super::file::{COLUMNS, Cells, Given, Input, Origin};
use super::report::{Import, Report};
use super::run::{Wanted, run_import};
use crate::accounts::User;
use crate::error::AppError;
use crate::i18n::t;
use crate::importing::{Dialect, Overrides, Writer, Written};
use crate::server::App;
use crate::trials::Study;
use std::io::Cursor;

/// Imports the rows that were typed in the place of bad ones, by the numbers of these. The caller has checked that the
/// user may.
pub async fn mend_rows(
    app: &App,
    user: &User,
    study: &Study,
    import: &Import,
    rows: Vec<(i64, Cells)>,
) -> Result<Report, AppError> {
    if rows.is_empty() {
        return Err(AppError::unreadable(t!("trials-mend-nothing")));
    }
    let dialect = Dialect::default();
    let bytes = write_file(&dialect, &rows);
    let wanted = Wanted {
        file_name: t!("trials-mend-file", file = import.file_name.as_str()),
        origin: Origin::File(Box::new(move || {
            Ok(Box::new(Cursor::new(bytes.clone())) as Input)
        })),
        given: Given {
            overrides: Overrides {
                encoding: Some(dialect.encoding),
                separator: Some(dialect.separator),
                quote: Some(dialect.quote),
                decimal_comma: Some(false),
                header: Some(true),
            },
            ahead: import.ahead.map(|minutes| minutes as i32),
        },
        dry_run: false,
        stop_on_error: false,
        again: true,
        mends: Some((import.id, rows.iter().map(|(number, _)| *number).collect())),
    };
    run_import(app, Some(user.id), study, wanted).await
}

/// Writes the rows as a file. A decimal comma, as people type it, becomes a point.
fn write_file(dialect: &Dialect, rows: &[(i64, Cells)]) -> Vec<u8> {
    const TEMPERATURE: usize = 4;
    let writer = Writer::new(*dialect, "\n");
    let mut file = Written::default();
    writer.row(COLUMNS.iter().map(|column| column.name), &mut file);
    for (_, cells) in rows {
        let point = cells[TEMPERATURE].replace(',', ".");
        let cell = |(column, text): (usize, &String)| match column {
            TEMPERATURE => point.clone(),
            _ => text.trim().to_owned(),
        };
        let cells: Vec<String> = cells.iter().enumerate().map(cell).collect();
        writer.row(cells.iter().map(String::as_str), &mut file);
    }
    file.bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_a_file() {
        let cells = |texts: [&str; 7]| texts.map(str::to_owned);
        let rows = [
            (
                3,
                cells([
                    "A-01-0001",
                    "2020-03-01T08:15:00Z",
                    " 70",
                    "120/80",
                    "36,6",
                    "",
                    "",
                ]),
            ),
            (9, cells(["A\"1", "a,b", "", "", "", "", ""])),
        ];
        let file = String::from_utf8(write_file(&Dialect::default(), &rows)).expect("text");
        let lines: Vec<&str> = file.lines().collect();
        assert!(
            lines[0].starts_with("patient_id,record_time,heart_rate,blood_pressure,temperature")
        );
        assert_eq!(lines[1], "A-01-0001,2020-03-01T08:15:00Z,70,120/80,36.6,,");
        assert_eq!(lines[2], "\"A\"\"1\",\"a,b\",,,,,");
    }
}
