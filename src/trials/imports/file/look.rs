//! A first look at a file or a table: its hash, its size, its format and its columns.

use super::columns::COLUMNS;
use super::fault::FileFault;
use super::format::{Given, Input, Open, open};
use super::table_store::{TableName, open_table};
use crate::error::AppError;
use crate::i18n::t;
use crate::importing::{Code, Mapping, Options, ReadError};
use sha2::{Digest, Sha256};
use std::io::{self, Read};

/// Opens the file from its beginning, as often as it is called.
pub type Opener = Box<dyn Fn() -> io::Result<Input> + Send>;

/// The origin of rows: a file, or a table of another database.
pub enum Origin {
    File(Opener),
    Table(TableName),
}

/// Reads all of it once for its hash and its size, and opens it.
pub async fn look(origin: Origin, given: Given) -> Result<(String, i64, Open), AppError> {
    match origin {
        Origin::File(opener) => {
            let opening = tokio::task::spawn_blocking(move || look_at_file(&opener, given));
            opening.await.map_err(|_| AppError::internal())?
        }
        Origin::Table(name) => {
            let opened = open_table(&name).await.map_err(|error| {
                AppError::unreadable(t!("trials-file-unreadable", cause = error.to_string()))
            })?;
            let table = Open::Table(Box::new(opened.table));
            Ok((opened.hash, opened.bytes, table))
        }
    }
}

fn look_at_file(opener: &Opener, given: Given) -> Result<(String, i64, Open), AppError> {
    let unreadable = |error: io::Error| {
        AppError::unreadable(t!("trials-file-unreadable", cause = error.to_string()))
    };
    let mut input = opener().map_err(unreadable)?;
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match input.read(&mut buffer).map_err(unreadable)? {
            0 => break,
            length => {
                hash.update(&buffer[..length]);
                bytes += length as i64;
            }
        }
    }
    let open = open(opener().map_err(unreadable)?, &given, &Options::default());
    let open = open.map_err(|error| match error {
        ReadError::Io(error) => unreadable(error),
        ReadError::Header(text) => {
            AppError::unreadable(t!("trials-header-unreadable", text = text))
        }
    })?;
    Ok((hex::encode(hash.finalize()), bytes, open))
}

/// Says which columns of the file are read, and which are not.
pub fn describe_columns(columns: &[String], mapping: &Mapping) -> String {
    let name = |place: u16| {
        let name = columns.get(usize::from(place));
        name.cloned().unwrap_or_else(|| format!("{}", place + 1))
    };
    let found = COLUMNS
        .iter()
        .zip(&mapping.places)
        .filter_map(|(column, place)| {
            let from = name((*place)?);
            Some(match from == column.name {
                true => from,
                false => format!("{} ← {from}", column.name),
            })
        });
    let found: Vec<String> = found.collect();
    let ignored: Vec<String> = mapping.ignored.iter().map(|place| name(*place)).collect();
    match ignored.is_empty() {
        true => found.join(", "),
        false => format!("{} (–: {})", found.join(", "), ignored.join(", ")),
    }
}

/// Returns what is wrong with the file as a whole: columns that are missing or there twice.
pub fn file_faults(columns: &[String], mapping: &Mapping) -> Vec<FileFault> {
    let faults = mapping.faults.iter().map(|fault| {
        let name = |place: &u16| columns.get(usize::from(*place)).cloned();
        let found: Vec<String> = fault.found.iter().filter_map(name).collect();
        let suggestion = match fault.code {
            Code::MissingColumn => found.first().cloned(),
            _ => None,
        };
        FileFault {
            row_no: 0,
            line_no: 1,
            column_name: fault.column.clone(),
            place: 0,
            code: fault.code.to_string(),
            low: String::new(),
            high: String::new(),
            found: found.join(", "),
            suggestion,
        }
    });
    faults.collect()
}
