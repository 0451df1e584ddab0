//! `/api/v1/subjects/{id}/vital-signs`

use super::body::ReadingBody;
use super::ranges::read_ranges;
use super::reading::NewReading;
use super::record::record_reading;
use super::store::{ReadingFilter, list_readings};
use crate::accounts::Person;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{App, Cursor, Json, PageOf, Path, Query, created, ok, page_size};
use crate::trials::subject::visible_subject;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn api_router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_vital_signs, record_vital_signs))
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct ReadingQuery {
    /// 1 to 100; 50 if absent.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

/// The readings of a subject, the latest first.
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
    let before = Cursor::numbers(&query.cursor)?.map(|[at]| Timestamp(at));
    let mut conn = app.db.read().await?;
    let (subject, _) = visible_subject(&mut conn, &user, id).await?;
    let ranges = read_ranges(&mut conn, subject.study_id).await?;
    let filter = ReadingFilter {
        subject: subject.id,
        since: None,
        before,
    };
    let readings = list_readings(&mut conn, filter, size + 1).await?;
    let page = PageOf::from_rows(readings, size, |reading| {
        Cursor::new([&reading.recorded_at.micros()])
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
    let location = format!("/api/v1/subjects/{id}/vital-signs");
    Ok(created(&location, ReadingBody::new(&reading, &ranges)))
}
