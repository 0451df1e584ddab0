//! `/api/v1/studies/{id}/vital-signs`

use super::super::body::ReadingBody;
use super::super::reading::Reading;
use super::super::store::Numbered;
use super::filter::{StudyFilter, Wanted};
use super::store::list_of_study;
use crate::accounts::Person;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{App, Cursor, PageOf, Path, Query, ok, page_size};
use crate::trials::access::visible_study;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn api_router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_study_vital_signs))
}

/// A reading of one of a study's subjects.
#[derive(Serialize, ToSchema)]
#[schema(as = StudyVitalSigns)]
struct StudyReadingBody {
    subject_id: i64,
    /// The subject's number.
    number: String,
    #[serde(flatten)]
    reading: ReadingBody,
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct StudyReadingQuery {
    /// A part of the subject's number.
    q: String,
    /// A measure that is to be outside the range in which the study expects it: `heart_rate`, `systolic`, `diastolic`,
    /// `temperature`, `oxygen_saturation` or `respiratory_rate`; `any` for any of them. All readings if absent.
    unusual: String,
    /// The side of the range: `below` or `above`; either if absent. By itself it is of any measure.
    range: String,
    /// 1 to 100; 50 if absent.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

/// The readings of a study that count and match every filter, the latest first. A value is unusual by the ranges that the
/// study has now.
#[utoipa::path(get, path = "/studies/{id}/vital-signs", tag = "trials", params(("id" = i64, Path), StudyReadingQuery),
    responses((status = 200, body = PageOf<StudyReadingBody>),
              (status = 404, description = "No such study, or not one of yours"),
              (status = 422, description = "A filter is at fault")))]
async fn list_study_vital_signs(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Query(query): Query<StudyReadingQuery>,
) -> Result<Response, AppError> {
    let size = page_size(query.limit);
    let before = Cursor::numbers(&query.cursor)?.map(|[at, id]| (Timestamp(at), id));
    let wanted = Wanted {
        q: query.q,
        unusual: query.unusual,
        range: query.range,
    };
    let mut conn = app.db.read().await?;
    let (study, _) = visible_study(&mut conn, &user, id).await?;
    let filter = wanted.read(&mut conn, study.id).await?;
    let filter = StudyFilter { before, ..filter };
    let lines = list_of_study(&mut conn, &filter, size + 1).await?;
    let lines: Vec<(String, i64, Reading)> = lines.into_iter().map(Numbered::into_parts).collect();
    let page = PageOf::from_rows(lines, size, |(_, _, reading)| {
        Cursor::new([&reading.recorded_at.micros(), &reading.id])
    });
    let ranges = filter.ranges;
    Ok(ok(page.map(|(number, subject_id, reading)| {
        StudyReadingBody {
            subject_id,
            number,
            reading: ReadingBody::new(&reading, &ranges),
        }
    })))
}
