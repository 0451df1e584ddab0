//! Exports of the books: CSV for a spreadsheet, and a plain-text journal for hledger.
//!
//! Both are written page by page while being sent, so that a million transfers take as little memory as one.
//! No database connection is held while the client takes its time.

use super::filter::{JournalFilter, JournalQuery};
use super::query::{JournalRow, list_journal};
use super::{csv, hledger};
use crate::accounts::Staff;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{App, Query, attachment};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use futures_util::stream::{self, Stream};

/// The number of transfers read at once.
const AT_ONCE: i64 = 1_000;

pub fn router() -> Router<App> {
    Router::new()
        .route("/ledger/journal.csv", get(export_csv))
        .route("/ledger/export.journal", get(export_hledger))
}

async fn export_csv(
    State(app): State<App>,
    _: Staff,
    Query(query): Query<JournalQuery>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let filter = query.read(&mut conn, app.config.shop.currency).await?;
    drop(conn);
    let filter = JournalFilter {
        after: None,
        ..filter
    };
    let rows = pages(app, filter, csv::head(), csv::write);
    Ok(attachment(
        "text/csv; charset=utf-8",
        "journal.csv",
        Body::from_stream(rows),
    ))
}

async fn export_hledger(State(app): State<App>, _: Staff) -> Response {
    // Transfers posted from now on are left out: the file has an end however busy the books are.
    let Timestamp(now) = app.clock.now();
    let filter = JournalFilter {
        oldest_first: true,
        until: Some(Timestamp(now + 1)),
        ..Default::default()
    };
    let rows = pages(app, filter, hledger::HEAD.to_owned(), hledger::write);
    attachment(
        "text/plain; charset=utf-8",
        "guildhall.journal",
        Body::from_stream(rows),
    )
}

/// Streams the header, then the matching transfers, `AT_ONCE` at a time.
fn pages(
    app: App,
    filter: JournalFilter,
    head: String,
    write: fn(&JournalRow, &mut String),
) -> impl Stream<Item = Result<Bytes, AppError>> + Send + 'static {
    let filter = JournalFilter {
        size: AT_ONCE,
        ..filter
    };
    let start = (Some(filter), head);
    stream::try_unfold((app, start), move |(app, (filter, head))| async move {
        let Some(mut filter) = filter else {
            return Ok(None);
        };
        let mut conn = app.db.read().await?;
        let page = list_journal(&mut conn, &filter).await?;
        drop(conn);
        let mut text = head;
        for row in &page.items {
            write(row, &mut text);
        }
        filter.after = page.items.last().map(JournalRow::place);
        let rest = page.next_cursor.is_some().then_some(filter);
        Ok(Some((Bytes::from(text), (app, (rest, String::new())))))
    })
}
