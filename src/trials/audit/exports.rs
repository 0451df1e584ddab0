//! The audit trail as JSON Lines, one entry a line, for programs that verify it without this one.

use super::entry::Entry;
use super::store;
use crate::accounts::Person;
use crate::error::AppError;
use crate::server::{App, Path, attachment};
use crate::trials::access::visible_study_called;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use futures_util::stream;

/// The number of entries read at once.
const AT_ONCE: i64 = 1_000;

pub fn router() -> Router<App> {
    Router::new().route("/trials/{code}/audit.jsonl", get(export))
}

/// Streams the trail from its first entry to the one that is the last now, a page at a time.
async fn export(
    State(app): State<App>,
    Person(user): Person,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let (study, _) = visible_study_called(&mut conn, &user, &code).await?;
    let (length, _) = store::find_end(&mut conn, study.id).await?;
    drop(conn);
    let lines = stream::try_unfold((app, 0), move |(app, after)| async move {
        let limit = AT_ONCE.min(length - after);
        if limit <= 0 {
            return Ok(None);
        }
        let mut conn = app.db.read().await?;
        let entries = store::read_on(&mut conn, study.id, after, limit).await?;
        drop(conn);
        let last = entries.last().map(|entry| entry.seq);
        let text: String = entries.iter().map(line).collect();
        Ok::<_, AppError>(last.map(|last| (Bytes::from(text), (app, last))))
    });
    let name = format!("{}-audit.jsonl", study.code);
    let body = Body::from_stream(lines);
    Ok(attachment("application/jsonl; charset=utf-8", &name, body))
}

fn line(entry: &Entry) -> String {
    let json = serde_json::to_string(entry).expect("numbers and texts are always JSON");
    format!("{json}\n")
}
