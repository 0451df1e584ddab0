//! `guildhall trials import`.

use super::file::{Given, Input, Origin, TableName, is_database};
use super::report::{ImportStatus, Report, ReportBody};
use super::run::{Wanted, run_import};
use crate::i18n::t;
use crate::importing::Overrides;
use crate::server::App;
use crate::trials::study::store::find_study_called;
use anyhow::{Context, Result, anyhow, ensure};
use std::fs::File;
use std::path::PathBuf;

/// The options of the command.
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub struct ImportCommand {
    /// A file, or the URL of a database.
    pub file: PathBuf,
    /// The table of that database.
    pub table: Option<String>,
    /// The code of the study.
    pub study: String,
    pub dry_run: bool,
    pub stop_on_error: bool,
    pub again: bool,
    pub json: bool,
    /// The offset from UTC of times without one: `+08:00`.
    pub offset: Option<String>,
}

/// The exit code if every row was good.
const ALL_GOOD: u8 = 0;
/// The exit code if nothing was read.
const NOTHING_READ: u8 = 1;
/// The exit code if some rows were bad.
const SOME_BAD: u8 = 2;

/// Reads an offset from UTC, in minutes: `+08:00`, `-5`, `Z`.
pub fn read_offset(text: &str) -> Option<i32> {
    let text = text.trim();
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let mut letters = text.chars();
    let sign = match letters.next()? {
        '+' => 1,
        '-' | '−' => -1,
        _ => return None,
    };
    let rest = letters.as_str();
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let number = |text: &str| {
        text.parse::<i32>()
            .ok()
            .filter(|_| text.bytes().all(|it| it.is_ascii_digit()))
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// Imports the file, prints what was found, and returns the exit code: 0 if all rows were good, 1 if nothing was read, 2
/// if some rows were bad.
pub async fn import_file(app: &App, command: ImportCommand) -> Result<u8> {
    let code = command.study.trim().to_uppercase();
    let mut conn = app.db.read().await?;
    let study = find_study_called(&mut conn, &code).await?;
    drop(conn);
    let study = study.ok_or_else(|| anyhow!("there is no study {code}"))?;
    let (file_name, origin) = origin(&command)?;
    let ahead = match &command.offset {
        None => None,
        Some(text) => {
            let ahead = read_offset(text);
            Some(ahead.ok_or_else(|| anyhow!("{text} is no offset from UTC such as +08:00"))?)
        }
    };
    let wanted = Wanted {
        file_name,
        origin,
        given: Given {
            overrides: Overrides::default(),
            ahead,
        },
        dry_run: command.dry_run,
        stop_on_error: command.stop_on_error,
        again: command.again,
        mends: None,
    };
    let report = run_import(app, None, &study, wanted)
        .await
        .map_err(|error| anyhow!(error.message))?;
    match command.json {
        true => println!("{}", serde_json::to_string(&ReportBody::new(&report))?),
        false => print_report(&report),
    }
    Ok(match (report.import.records, report.import.bad) {
        (0, _) => NOTHING_READ,
        (_, 0) => ALL_GOOD,
        _ => SOME_BAD,
    })
}

/// Returns the name that the import goes by, and where its rows come from.
fn origin(command: &ImportCommand) -> Result<(String, Origin)> {
    let path = command.file.clone();
    let text = path.to_string_lossy();
    if is_database(&text) {
        let name = command.table.clone();
        let name = name.ok_or_else(|| anyhow!("say which table of the database: --table NAME"))?;
        let table = TableName {
            url: text.into_owned(),
            name: name.clone(),
        };
        return Ok((name, Origin::Table(table)));
    }
    ensure!(
        command.table.is_none(),
        "{text} is no database: leave out --table"
    );
    File::open(&path).with_context(|| format!("cannot read {text}"))?;
    let name = path.file_name().unwrap_or_default();
    let name = name.to_string_lossy().into_owned();
    let open = move || Ok(Box::new(File::open(&path)?) as Input);
    Ok((name, Origin::File(Box::new(open))))
}

fn print_report(report: &Report) {
    let import = &report.import;
    println!("{}: {}", import.file_name, import.format);
    println!(
        "{}",
        t!("trials-told-columns", columns = import.columns.as_str())
    );
    for fault in &report.faults {
        let column = match fault.column_name.as_str() {
            "" => String::new(),
            name => format!(", {name}"),
        };
        let suggestion = match &fault.suggestion {
            Some(suggestion) => format!(" → {suggestion}?"),
            None => String::new(),
        };
        println!(
            "row {} (line {}, byte {}){column}: {:?} [{}] {}{suggestion}",
            fault.row_no,
            fault.line_no,
            fault.place,
            fault.found,
            fault.code,
            fault.message()
        );
    }
    let end = match (import.status, report.dry_run) {
        (_, true) => t!("trials-told-dry").to_owned(),
        (ImportStatus::Stopped, _) => t!("trials-told-stopped").to_owned(),
        _ => t!("trials-import-called", number = import.id),
    };
    let said = t!(
        "trials-told",
        records = import.records,
        good = import.good,
        bad = import.bad,
        unusual = import.unusual
    );
    println!("{said} {end}");
}

#[cfg(test)]
mod tests {
    use super::read_offset;

    #[test]
    fn an_offset_is_hours_and_minutes() {
        for (text, minutes) in [
            ("+08:00", Some(480)),
            ("-5", Some(-300)),
            ("−03:30", Some(-210)),
            ("Z", Some(0)),
            ("+05:45", Some(345)),
            ("08:00", None),
            ("+24:00", None),
            ("+1:60", None),
            ("", None),
            ("+", None),
            ("++1", None),
        ] {
            assert_eq!(read_offset(text), minutes, "{text}");
        }
    }
}
