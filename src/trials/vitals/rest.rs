//! `/api/v1/subjects/{id}/vital-signs`

use super::body::ReadingBody;
use super::correct::{self, ReadingChange, visible_reading};
use super::ranges::read_ranges;
use super::reading::NewReading;
use super::record::record_reading;
use super::store::{ReadingFilter, list_readings};
use crate::accounts::Person;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{App, Cursor, Json, PageOf, Path, Query, created, no_content, ok, page_size};
use crate::trials::subject::visible_subject;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn api_router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_vital_signs, record_vital_signs))
        .routes(routes!(
            read_vital_signs,
            correct_vital_signs,
            strike_out_vital_signs
        ))
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct ReadingQuery {
    /// True for those that are struck out, instead of those that count.
    struck_out: bool,
    /// 1 to 100; 50 if absent.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

/// The readings of a subject that count, the latest first; or those that are struck out.
#[utoipa::path(get, path = "/subjects/{id}/vital-signs", tag = "trials", params(("id" = i64, Path), ReadingQuery),
    responses((status = 200, body = PageOf<ReadingBody>),
              (status = 404, description = "No such subject, or none of your studies'")))]
async fn list_vital_signs(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Query(query): Query<ReadingQuery>,
) -> Result<Response, AppError> {
    let size = page_size(query.limit);
    let before = Cursor::numbers(&query.cursor)?.map(|[at, id]| (Timestamp(at), id));
    let mut conn = app.db.read().await?;
    let (subject, _) = visible_subject(&mut conn, &user, id).await?;
    let ranges = read_ranges(&mut conn, subject.study_id).await?;
    let filter = ReadingFilter {
        before,
        struck_out: query.struck_out,
        ..ReadingFilter::of(subject.id)
    };
    let readings = list_readings(&mut conn, filter, size + 1).await?;
    let page = PageOf::from_rows(readings, size, |reading| {
        Cursor::new([&reading.recorded_at.micros(), &reading.id])
    });
    Ok(ok(page.map(|reading| ReadingBody::new(&reading, &ranges))))
}

/// Record a reading. Coordinators only. What cannot be true is refused, what is unusual is marked. A reading is named by
/// its time: sent twice it is recorded once, and another one at the same time is a conflict.
#[utoipa::path(post, path = "/subjects/{id}/vital-signs", tag = "trials", params(("id" = i64, Path)),
    request_body = NewReading,
    responses((status = 201, body = ReadingBody), (status = 403, description = "Not a coordinator of the study"),
              (status = 404, description = "No such subject, or none of your studies'"),
              (status = 409, description = "There is another reading at this time"),
              (status = 422, description = "A field is at fault")))]
async fn record_vital_signs(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Json(input): Json<NewReading>,
) -> Result<Response, AppError> {
    let (_, reading, ranges) = record_reading(&app, &user, id, &input).await?;
    let location = format!("/api/v1/subjects/{id}/vital-signs/{}", reading.id);
    Ok(created(&location, ReadingBody::new(&reading, &ranges)))
}

/// One reading.
#[utoipa::path(get, path = "/subjects/{id}/vital-signs/{reading_id}", tag = "trials",
    params(("id" = i64, Path), ("reading_id" = i64, Path)),
    responses((status = 200, body = ReadingBody),
              (status = 404, description = "No such reading of the subject, or none of your studies'")))]
async fn read_vital_signs(
    State(app): State<App>,
    Person(user): Person,
    Path(place): Path<(i64, i64)>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let (subject, _, reading) = visible_reading(&mut conn, &user, place).await?;
    let ranges = read_ranges(&mut conn, subject.study_id).await?;
    Ok(ok(ReadingBody::new(&reading, &ranges)))
}

/// Correct a reading, for a reason. Coordinators only. Absent fields stay; `null` clears what need not be measured. What
/// cannot be true is refused, what is unusual is marked.
#[utoipa::path(patch, path = "/subjects/{id}/vital-signs/{reading_id}", tag = "trials",
    params(("id" = i64, Path), ("reading_id" = i64, Path)), request_body = ReadingChange,
    responses((status = 200, body = ReadingBody), (status = 403, description = "Not a coordinator of the study"),
              (status = 404, description = "No such reading of the subject, or none of your studies'"),
              (status = 409, description = "The version is stale, the reading is struck out, or there is another at this time"),
              (status = 422, description = "A field is at fault")))]
async fn correct_vital_signs(
    State(app): State<App>,
    Person(user): Person,
    Path(place): Path<(i64, i64)>,
    Json(change): Json<ReadingChange>,
) -> Result<Response, AppError> {
    let (reading, ranges) = correct::correct_reading(&app, &user, place, &change).await?;
    Ok(ok(ReadingBody::new(&reading, &ranges)))
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct Strike {
    /// The version that is to be struck out; whichever it has if absent.
    version: Option<i64>,
    /// The reason, for the audit trail: 1 to 300 characters.
    #[param(required = true)]
    reason: String,
}

/// Strike a reading out. It is kept, counts no more, and makes room for another at its time. Coordinators only.
#[utoipa::path(delete, path = "/subjects/{id}/vital-signs/{reading_id}", tag = "trials",
    params(("id" = i64, Path), ("reading_id" = i64, Path), Strike),
    responses((status = 204, description = "Struck out, now or before"),
              (status = 403, description = "Not a coordinator of the study"),
              (status = 404, description = "No such reading of the subject, or none of your studies'"),
              (status = 409, description = "The version is stale"), (status = 422, description = "The reason is missing")))]
async fn strike_out_vital_signs(
    State(app): State<App>,
    Person(user): Person,
    Path(place): Path<(i64, i64)>,
    Query(Strike { version, reason }): Query<Strike>,
) -> Result<Response, AppError> {
    correct::strike_out_reading(&app, &user, place, version, &reason).await?;
    Ok(no_content())
}
