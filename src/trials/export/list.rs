//! Lists as files: CSV to open in a spreadsheet, JSON Lines for programs.

use super::stream::{Parts, streamed};
use crate::error::AppError;
use crate::i18n::{self, Language};
use crate::server::{App, Conn, attachment};
use crate::spreadsheet::{BYTE_ORDER_MARK, line};
use axum::body::Bytes;
use axum::response::Response;
use serde::Serialize;

/// The number of rows read at once.
const AT_ONCE: i64 = 1_000;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    /// A JSON object a line.
    JsonLines,
}

impl Format {
    /// The format of a file, by the end of its name.
    pub fn of(name: &str) -> Self {
        match name.rsplit('.').next() {
            Some("jsonl") => Self::JsonLines,
            _ => Self::Csv,
        }
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/jsonl; charset=utf-8",
        }
    }
}

/// A list that is read a page at a time.
pub trait List: Send + Sync + 'static {
    type Row: Send + Sync;

    /// Reads the next rows; fewer than `limit` if they are the last.
    fn read(
        &mut self,
        conn: &mut Conn,
        limit: i64,
    ) -> impl Future<Output = sqlx::Result<Vec<Self::Row>>> + Send;

    /// The names of the columns.
    fn columns(&self) -> Vec<&'static str>;

    /// The values of a row, in the order of the columns.
    fn values(&self, row: &Self::Row) -> Vec<String>;

    /// The row as programs read it.
    fn body(&self, row: &Self::Row) -> impl Serialize;
}

/// Responds with the list as a file.
pub fn file(app: App, list: impl List, format: Format, name: &str) -> Response {
    let head = match format {
        Format::Csv => format!("{BYTE_ORDER_MARK}{}", line(&list.columns())),
        Format::JsonLines => String::new(),
    };
    let language = i18n::current();
    let pages = Pages {
        app,
        list,
        format,
        language,
        head,
        over: false,
    };
    attachment(format.content_type(), name, streamed(pages))
}

/// An export under way.
struct Pages<L> {
    app: App,
    list: L,
    format: Format,
    /// That of the request: the file is written after its end.
    language: Language,
    head: String,
    over: bool,
}

impl<L: List> Parts for Pages<L> {
    async fn next(&mut self) -> Result<Option<Bytes>, AppError> {
        if self.over {
            return Ok(None);
        }
        let mut conn = self.app.db.read().await?;
        let rows = self.list.read(&mut conn, AT_ONCE).await?;
        drop(conn);
        self.over = (rows.len() as i64) < AT_ONCE;
        let mut text = std::mem::take(&mut self.head);
        i18n::with(self.language, || {
            for row in &rows {
                self.write(row, &mut text);
            }
        });
        Ok(Some(Bytes::from(text)))
    }
}

impl<L: List> Pages<L> {
    fn write(&self, row: &L::Row, text: &mut String) {
        match self.format {
            Format::Csv => {
                let values = self.list.values(row);
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                text.push_str(&line(&values));
            }
            Format::JsonLines => {
                let json = serde_json::to_string(&self.list.body(row));
                text.push_str(&json.expect("numbers and texts are always JSON"));
                text.push('\n');
            }
        }
    }
}

/// Returns a number as text; an empty one if there is none.
pub fn text_of(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
