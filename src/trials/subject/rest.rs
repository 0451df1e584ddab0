//! `/api/v1/subjects`

use super::body::SubjectBody;
use super::filter::{SubjectFilter, number_part};
use super::register::{NewSubject, register_subject, visible_subject};
use super::store;
use super::update::{self, SubjectChange};
use crate::accounts::{Person, User};
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::{
    App, Conn, Cursor, IdempotencyKey, Json, PageOf, Path, Query, created, no_content, ok,
    page_size,
};
use crate::trials::access::visible_study;
use crate::trials::study::store::{list_arms, list_sites};
use crate::trials::{Arm, Site, Subject, SubjectStatus};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn api_router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_subjects, create_subject))
        .routes(routes!(read_subject, update_subject, withdraw_subject))
}

/// The sites and arms of the studies whose subjects are shown, by the study's id.
#[derive(Default)]
struct Places(HashMap<i64, (Vec<Site>, Vec<Arm>)>);

impl Places {
    async fn body(
        &mut self,
        conn: &mut Conn,
        subject: Subject,
        name: Option<String>,
    ) -> sqlx::Result<SubjectBody> {
        let (sites, arms) = match self.0.entry(subject.study_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let sites = list_sites(conn, subject.study_id).await?;
                place.insert((sites, list_arms(conn, subject.study_id).await?))
            }
        };
        Ok(SubjectBody::new(&subject, name, sites, arms))
    }
}

/// Register a subject in a study whose coordinator you are. All faults are told at once. A repeated request with the
/// same `Idempotency-Key` returns the subject registered the first time.
#[utoipa::path(post, path = "/subjects", tag = "trials", request_body = NewSubject,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = SubjectBody), (status = 401, description = "Nobody is signed in"),
              (status = 409, description = "The study is not open"),
              (status = 422, description = "A field is at fault, or the study is none of yours")))]
async fn create_subject(
    State(app): State<App>,
    Person(user): Person,
    once: IdempotencyKey,
    Json(input): Json<NewSubject>,
) -> Result<Response, AppError> {
    let (subject, name) = register_subject(&app, &user, &once, input).await?;
    let location = format!("/api/v1/subjects/{}", subject.id);
    let mut conn = app.db.read().await?;
    let body = Places::default()
        .body(&mut conn, subject, Some(name))
        .await?;
    Ok(created(&location, body))
}

/// Reads the subject as the user may know it.
async fn read(app: &App, user: &User, id: i64) -> Result<SubjectBody, AppError> {
    let mut conn = app.db.read().await?;
    let (subject, rights) = visible_subject(&mut conn, user, id).await?;
    let name = match rights.coordinates() {
        true => {
            let sealed = store::find_sealed_name(&mut conn, id).await?;
            let sealed = sealed.ok_or_else(AppError::internal)?;
            Some(app.name_key.open(&sealed, &subject.number)?)
        }
        false => None,
    };
    Ok(Places::default().body(&mut conn, subject, name).await?)
}

/// One subject. Its name is for coordinators of its study.
#[utoipa::path(get, path = "/subjects/{id}", tag = "trials", params(("id" = i64, Path)),
    responses((status = 200, body = SubjectBody), (status = 404, description = "No such subject, or none of your studies'")))]
async fn read_subject(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    Ok(ok(read(&app, &user, id).await?))
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct SubjectQuery {
    /// The id of one study; all of yours if absent.
    project_id: Option<i64>,
    /// `screened`, `enrolled`, `completed` or `withdrawn`.
    #[param(value_type = Option<SubjectStatus>)]
    status: String,
    /// The code of a site; of one study only.
    site: String,
    /// The name of an arm; of one study only.
    arm: String,
    /// A part of the number.
    q: String,
    /// 1 to 100; 50 if absent.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

impl SubjectQuery {
    async fn read(&self, conn: &mut Conn, user: &User) -> Result<SubjectFilter, AppError> {
        let mut faults = Faults::default();
        let status = match self.status.as_str() {
            "" => None,
            word => faults.check("status", word.parse::<SubjectStatus>()),
        };
        let mut filter = SubjectFilter {
            user_id: user.id,
            study_id: self.project_id,
            status,
            number: number_part(&self.q),
            before: Cursor::before(&self.cursor)?,
            ..Default::default()
        };
        let study = match self.project_id {
            Some(study) => AppError::found(visible_study(conn, user, study).await)?,
            None => None,
        };
        if let Some((study, _)) = study {
            if !self.site.is_empty() {
                let sites = list_sites(conn, study.id).await?;
                let site = sites
                    .iter()
                    .find(|site| site.code.eq_ignore_ascii_case(&self.site));
                let site = site.ok_or_else(|| t!("trials-site-unknown"));
                filter.site_id = faults.check("site", site).map(|site| site.id);
            }
            if !self.arm.is_empty() {
                let arms = list_arms(conn, study.id).await?;
                let arm = arms.iter().find(|arm| arm.name == self.arm);
                let arm = arm.ok_or_else(|| t!("trials-arm-unknown"));
                filter.arm_id = faults.check("arm", arm).map(|arm| arm.id);
            }
        } else if self.project_id.is_some() {
            faults.check("project_id", Err::<(), _>(t!("trials-project-not-yours")));
        } else {
            for (field, text) in [("site", &self.site), ("arm", &self.arm)] {
                if !text.is_empty() {
                    faults.check(field, Err::<(), _>(t!("trials-of-one-study")));
                }
            }
        }
        faults.finish()?;
        Ok(filter)
    }
}

/// The subjects of your studies that match every filter, the newest first. Without names.
#[utoipa::path(get, path = "/subjects", tag = "trials", params(SubjectQuery),
    responses((status = 200, body = PageOf<SubjectBody>), (status = 401, description = "Nobody is signed in"),
              (status = 422, description = "A filter is at fault")))]
async fn list_subjects(
    State(app): State<App>,
    Person(user): Person,
    Query(query): Query<SubjectQuery>,
) -> Result<Response, AppError> {
    let size = page_size(query.limit);
    let mut conn = app.db.read().await?;
    let filter = query.read(&mut conn, &user).await?;
    let lines = store::list_subjects(&mut conn, &filter, size + 1).await?;
    let mut places = Places::default();
    let mut bodies = Vec::with_capacity(lines.len());
    for line in lines {
        let (subject, _) = line.into_parts();
        bodies.push(places.body(&mut conn, subject, None).await?);
    }
    let page = PageOf::from_rows(bodies, size, |body| Cursor::new([&body.id]));
    Ok(ok(page))
}

/// Change a subject, for a reason. Coordinators only. Absent fields stay; `null` clears `arm`.
#[utoipa::path(patch, path = "/subjects/{id}", tag = "trials", params(("id" = i64, Path)), request_body = SubjectChange,
    responses((status = 200, body = SubjectBody), (status = 403, description = "Not a coordinator of the study"),
              (status = 404, description = "No such subject, or none of your studies'"),
              (status = 409, description = "The version is stale, or the subject cannot go to that state"),
              (status = 422, description = "A field is at fault")))]
async fn update_subject(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Json(change): Json<SubjectChange>,
) -> Result<Response, AppError> {
    update::update_subject(&app, &user, id, change).await?;
    Ok(ok(read(&app, &user, id).await?))
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct Withdrawal {
    /// The reason, for the audit trail: at most 300 characters. If absent, it says that none was given.
    reason: String,
}

/// Withdraw a subject; nothing is deleted. Coordinators only.
#[utoipa::path(delete, path = "/subjects/{id}", tag = "trials", params(("id" = i64, Path), Withdrawal),
    responses((status = 204, description = "Withdrawn, now or before"),
              (status = 403, description = "Not a coordinator of the study"),
              (status = 404, description = "No such subject, or none of your studies'"),
              (status = 409, description = "It has completed the study"), (status = 422, description = "The reason is too long")))]
async fn withdraw_subject(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Query(query): Query<Withdrawal>,
) -> Result<Response, AppError> {
    let reason = match query.reason.trim() {
        "" => t!("trials-withdrawn-by-request"),
        reason => reason,
    };
    update::withdraw_subject(&app, &user, id, reason).await?;
    Ok(no_content())
}
