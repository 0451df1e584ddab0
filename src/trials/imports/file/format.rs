//! The format of a file, as it was found out.

use super::columns::COLUMNS;
use super::table_store::Table;
use crate::importing::{
    DataSource, Delimited, Form, Json, Mapping, Options, Overrides, ReadError, map_columns,
};
use std::io::{Cursor, Read};

/// An input of bytes, whatever it comes from.
pub type Input = Box<dyn Read + Send>;

/// An open file, or table.
pub enum Open {
    Delimited(Box<Delimited<Input>>),
    Json(Box<Json<Input>>),
    Table(Box<Table>),
}

/// The way in which a file is to be read, where somebody knows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given {
    pub overrides: Overrides,
    /// The minutes that times without a zone are ahead of UTC.
    pub ahead: Option<i32>,
}

/// Opens a file. One that begins with a bracket or a brace is JSON.
pub fn open(mut input: Input, given: &Given, options: &Options) -> Result<Open, ReadError> {
    let mut head = [0; 64];
    let mut length = 0;
    while length < head.len() {
        match input.read(&mut head[length..])? {
            0 => break,
            more => length += more,
        }
    }
    let head = head[..length].to_vec();
    let first = head.iter().find(|byte| {
        !(byte.is_ascii_whitespace() || matches!(byte, 0 | 0xef | 0xbb | 0xbf | 0xfe | 0xff))
    });
    let is_json = matches!(first, Some(b'[' | b'{'));
    let input: Input = Box::new(Cursor::new(head).chain(input));
    Ok(match is_json {
        true => Open::Json(Box::new(Json::open(input, None, options)?)),
        false => Open::Delimited(Box::new(Delimited::detect(
            input,
            &given.overrides,
            options,
        )?)),
    })
}

impl Open {
    /// Returns the names of the file's columns; of a file without a header those of the schema, in its order.
    pub fn columns(&self) -> Vec<String> {
        let names = match self {
            Self::Delimited(file) => file.columns(),
            Self::Json(file) => file.columns(),
            Self::Table(table) => table.columns(),
        };
        match names.is_empty() {
            true => COLUMNS
                .iter()
                .map(|column| column.name.to_owned())
                .collect(),
            false => names,
        }
    }

    /// Finds the columns that are asked for.
    pub fn mapping(&self) -> Mapping {
        match self {
            Self::Delimited(file) => map_columns(&file.columns(), file.width(), &COLUMNS),
            Self::Json(file) => map_columns(&file.columns(), 0, &COLUMNS),
            Self::Table(table) => map_columns(&table.columns(), 0, &COLUMNS),
        }
    }

    pub fn decimal_comma(&self) -> bool {
        match self {
            Self::Delimited(file) => file.dialect().decimal_comma,
            Self::Json(_) | Self::Table(_) => false,
        }
    }

    /// Describes the format in words that stay: `csv utf-8 comma double`.
    pub fn describe(&self) -> String {
        match self {
            Self::Delimited(file) => {
                let dialect = file.dialect();
                let (encoding, separator) = (dialect.encoding, dialect.separator);
                let mut words = vec!["csv", encoding.as_str()];
                words.extend(dialect.bom.then_some("bom"));
                words.extend([separator.as_str(), dialect.quote.as_str()]);
                words.extend(dialect.decimal_comma.then_some("decimal-comma"));
                words.extend((!dialect.header).then_some("no-header"));
                words.join(" ")
            }
            Self::Json(file) => match file.form() {
                Form::Array => "json".to_owned(),
                Form::Lines => "json-lines".to_owned(),
            },
            Self::Table(table) => format!("table {}", table.engine()),
        }
    }
}
