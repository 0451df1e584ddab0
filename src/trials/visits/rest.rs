//! `/api/v1/studies/{id}/visits`, the missed ones, and those of a subject.

use super::manage::{self, NewVisit};
use super::rules::{Visit, VisitState, Window, day_of};
use super::section::{MissedVisit, SubjectVisit, read_visits};
use super::store;
use crate::accounts::{Admin, Person};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{App, Cursor, Json, PageOf, Path, Query, created, no_content, ok, page_size};
use crate::trials::access::visible_study;
use crate::trials::subject::visible_subject;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn api_router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_visits, plan_visit))
        .routes(routes!(remove_visit))
        .routes(routes!(list_missed_visits))
        .routes(routes!(list_subject_visits))
}

/// A visit that a study plans for each subject.
#[derive(Serialize, ToSchema)]
#[schema(as = Visit)]
struct VisitBody {
    id: i64,
    name: String,
    /// The day after enrolment, which is day 0. Days are those of UTC.
    day: i64,
    /// The days before it that will do as well.
    days_before: i64,
    /// The days after it that will do as well.
    days_after: i64,
}

impl From<Visit> for VisitBody {
    fn from(visit: Visit) -> Self {
        Self {
            id: visit.id,
            name: visit.name,
            day: visit.day,
            days_before: visit.before,
            days_after: visit.after,
        }
    }
}

/// The visits that a study plans, by day.
#[utoipa::path(get, path = "/studies/{id}/visits", tag = "trials", params(("id" = i64, Path)),
    responses((status = 200, body = PageOf<VisitBody>), (status = 404, description = "No such study, or not one of yours")))]
async fn list_visits(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let (study, _) = visible_study(&mut conn, &user, id).await?;
    let visits = store::list_visits(&mut conn, study.id).await?;
    Ok(ok(PageOf::whole(visits).map(VisitBody::from)))
}

/// Plan a visit of each subject. Admins only. Windows share no day.
#[utoipa::path(post, path = "/studies/{id}/visits", tag = "trials", security(("bearer" = ["admin"])),
    params(("id" = i64, Path)), request_body = NewVisit,
    responses((status = 201, body = VisitBody), (status = 403, description = "Not an admin"),
              (status = 404, description = "No such study, or not one of yours"),
              (status = 422, description = "A field is at fault")))]
async fn plan_visit(
    State(app): State<App>,
    Admin(user): Admin,
    Path(id): Path<i64>,
    Json(input): Json<NewVisit>,
) -> Result<Response, AppError> {
    let visit = manage::add_visit(&app, &user, id, &input).await?;
    let location = format!("/api/v1/studies/{id}/visits");
    Ok(created(&location, VisitBody::from(visit)))
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct Removal {
    /// The reason, for the audit trail: 1 to 300 characters.
    #[param(required = true)]
    reason: String,
}

/// Take a visit out of the plan. Admins only.
#[utoipa::path(delete, path = "/studies/{id}/visits/{visit_id}", tag = "trials", security(("bearer" = ["admin"])),
    params(("id" = i64, Path), ("visit_id" = i64, Path), Removal),
    responses((status = 204, description = "It is not planned, now or before"), (status = 403, description = "Not an admin"),
              (status = 404, description = "No such study, or not one of yours"),
              (status = 422, description = "The reason is missing")))]
async fn remove_visit(
    State(app): State<App>,
    Admin(user): Admin,
    Path((id, visit)): Path<(i64, i64)>,
    Query(query): Query<Removal>,
) -> Result<Response, AppError> {
    manage::remove_visit(&app, &user, id, visit, &query.reason).await?;
    Ok(no_content())
}

/// The first and the last day of a window.
#[derive(Serialize, ToSchema)]
struct VisitWindow {
    /// The first day, in UTC: `2026-12-05`.
    #[schema(format = Date)]
    first_day: String,
    /// The last day, in UTC: `2026-12-09`.
    #[schema(format = Date)]
    last_day: String,
}

impl From<Window> for VisitWindow {
    fn from(window: Window) -> Self {
        let [first_day, last_day] = window.dates();
        Self {
            first_day,
            last_day,
        }
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct MissedQuery {
    /// 1 to 100; 50 if absent.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

/// A visit that a subject has missed.
#[derive(Serialize, ToSchema)]
#[schema(as = MissedVisit)]
struct MissedBody {
    subject_id: i64,
    /// The subject's number.
    number: String,
    visit_id: i64,
    /// The visit's name.
    visit: String,
    #[serde(flatten)]
    window: VisitWindow,
}

impl From<MissedVisit> for MissedBody {
    fn from(missed: MissedVisit) -> Self {
        Self {
            subject_id: missed.subject,
            number: missed.number,
            visit_id: missed.visit.id,
            visit: missed.visit.name,
            window: missed.window.into(),
        }
    }
}

/// The visits of a study whose windows have passed without a reading, by subject and day: of subjects that are enrolled or
/// have completed the study.
#[utoipa::path(get, path = "/studies/{id}/missed-visits", tag = "trials", params(("id" = i64, Path), MissedQuery),
    responses((status = 200, body = PageOf<MissedBody>), (status = 404, description = "No such study, or not one of yours")))]
async fn list_missed_visits(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Query(query): Query<MissedQuery>,
) -> Result<Response, AppError> {
    let size = page_size(query.limit);
    let after = Cursor::numbers(&query.cursor)?.map_or((0, -1), |[subject, day]| (subject, day));
    let today = day_of(app.clock.now());
    let mut conn = app.db.read().await?;
    let (study, _) = visible_study(&mut conn, &user, id).await?;
    let missed = store::list_missed(&mut conn, study.id, today, after, size + 1).await?;
    let missed = missed.into_iter().map(MissedVisit::from).collect();
    let page = PageOf::from_rows(missed, size, |it: &MissedVisit| {
        Cursor::new([&it.subject, &it.visit.day])
    });
    Ok(ok(page.map(MissedBody::from)))
}

/// A visit of one subject.
#[derive(Serialize, ToSchema)]
#[schema(as = SubjectVisit)]
struct SubjectVisitBody {
    visit_id: i64,
    /// The visit's name.
    visit: String,
    #[serde(flatten)]
    window: VisitWindow,
    state: VisitState,
    /// The time of the first reading in the window.
    record_time: Option<Timestamp>,
}

impl From<SubjectVisit> for SubjectVisitBody {
    fn from(it: SubjectVisit) -> Self {
        Self {
            visit_id: it.visit.id,
            visit: it.visit.name,
            window: it.window.into(),
            state: it.state,
            record_time: it.done_at,
        }
    }
}

/// The visits of a subject, by day; none before it is enrolled.
#[utoipa::path(get, path = "/subjects/{id}/visits", tag = "trials", params(("id" = i64, Path)),
    responses((status = 200, body = PageOf<SubjectVisitBody>),
              (status = 404, description = "No such subject, or none of your studies'")))]
async fn list_subject_visits(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let (subject, _) = visible_subject(&mut conn, &user, id).await?;
    let visits = read_visits(&mut conn, &subject, app.clock.now()).await?;
    Ok(ok(PageOf::whole(visits).map(SubjectVisitBody::from)))
}
