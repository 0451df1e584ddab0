//! `/api/v1/studies`

use super::bodies::{MemberBody, StudyBody};
use super::create::{self, NewStudy};
use super::manage::{self, StudyChange};
use super::members::set_member;
use super::store;
use crate::accounts::{Admin, Person, User};
use crate::error::{AppError, Faults};
use crate::server::{
    App, Conn, Cursor, IdempotencyKey, Json, PageOf, Path, Query, created, no_content, ok,
    page_size,
};
use crate::trials::access::visible_study;
use crate::trials::audit::Entry;
use crate::trials::audit::store::{AuditFilter, list_entries};
use crate::trials::{Study, StudyRole};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn api_router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_studies, create_study))
        .routes(routes!(read_study, update_study))
        .routes(routes!(add_site))
        .routes(routes!(add_arm))
        .routes(routes!(list_members))
        .routes(routes!(set_role, take_role))
        .routes(routes!(list_audit))
}

async fn body(
    conn: &mut Conn,
    study: Study,
    role: Option<StudyRole>,
) -> Result<StudyBody, AppError> {
    let sites = store::list_sites(conn, study.id).await?;
    let arms = store::list_arms(conn, study.id).await?;
    Ok(StudyBody::new(study, sites, arms, role))
}

async fn read(app: &App, user: &User, id: i64) -> Result<StudyBody, AppError> {
    let mut conn = app.db.read().await?;
    let (study, rights) = visible_study(&mut conn, user, id).await?;
    body(&mut conn, study, rights.role).await
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct StudyQuery {
    /// 1 to 100; 50 if absent.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

/// The studies in which you have a role, in order of creation; every study for an admin.
#[utoipa::path(get, path = "/studies", tag = "trials", params(StudyQuery),
    responses((status = 200, body = PageOf<StudyBody>), (status = 401, description = "Nobody is signed in")))]
async fn list_studies(
    State(app): State<App>,
    Person(user): Person,
    Query(query): Query<StudyQuery>,
) -> Result<Response, AppError> {
    let (after, size) = (Cursor::after(&query.cursor)?, page_size(query.limit));
    let mut conn = app.db.read().await?;
    let all = user.role.is_admin();
    let lines = store::list_studies(&mut conn, user.id, all, after, size + 1).await?;
    let mut bodies = Vec::with_capacity(lines.len());
    for line in lines {
        let (study, role, _) = line.into_parts();
        bodies.push((study.id, body(&mut conn, study, role).await?));
    }
    let page = PageOf::from_rows(bodies, size, |(id, _)| Cursor::new([id]));
    Ok(ok(page.map(|(_, body)| body)))
}

/// Create a study, with you as its coordinator. Admins only. A repeated request with the same `Idempotency-Key`
/// returns the study created the first time.
#[utoipa::path(post, path = "/studies", tag = "trials", security(("bearer" = ["admin"])), request_body = NewStudy,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = StudyBody), (status = 403, description = "Not an admin"),
              (status = 422, description = "A field is at fault")))]
async fn create_study(
    State(app): State<App>,
    Admin(user): Admin,
    once: IdempotencyKey,
    Json(input): Json<NewStudy>,
) -> Result<Response, AppError> {
    let study = create::create_study(&app, &user, &once, input).await?;
    let location = format!("/api/v1/studies/{}", study.id);
    Ok(created(&location, read(&app, &user, study.id).await?))
}

/// One study.
#[utoipa::path(get, path = "/studies/{id}", tag = "trials", params(("id" = i64, Path)),
    responses((status = 200, body = StudyBody), (status = 404, description = "No such study, or not one of yours")))]
async fn read_study(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    Ok(ok(read(&app, &user, id).await?))
}

/// Change a study. Admins only. Absent fields stay; `null` clears `planned`.
#[utoipa::path(patch, path = "/studies/{id}", tag = "trials", security(("bearer" = ["admin"])),
    params(("id" = i64, Path)), request_body = StudyChange,
    responses((status = 200, body = StudyBody), (status = 403, description = "Not an admin"),
              (status = 404, description = "No such study, or not one of yours"),
              (status = 409, description = "The version is stale"), (status = 422, description = "A field is at fault")))]
async fn update_study(
    State(app): State<App>,
    Admin(user): Admin,
    Path(id): Path<i64>,
    Json(change): Json<StudyChange>,
) -> Result<Response, AppError> {
    manage::update_study(&app, &user, id, change).await?;
    Ok(ok(read(&app, &user, id).await?))
}

/// A site to be added to a study.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = AddedSite)]
struct SiteInput {
    /// 1 to 8 letters and digits; unique in the study.
    #[schema(required, max_length = 8)]
    code: String,
    /// The code if absent.
    #[schema(max_length = 80)]
    name: String,
    /// The reason, for the audit trail: 1 to 300 characters.
    #[schema(required, max_length = 300)]
    reason: String,
}

/// Add a site to a study. Admins only.
#[utoipa::path(post, path = "/studies/{id}/sites", tag = "trials", security(("bearer" = ["admin"])),
    params(("id" = i64, Path)), request_body = SiteInput,
    responses((status = 201, body = StudyBody), (status = 403, description = "Not an admin"),
              (status = 404, description = "No such study, or not one of yours"),
              (status = 422, description = "A field is at fault")))]
async fn add_site(
    State(app): State<App>,
    Admin(user): Admin,
    Path(id): Path<i64>,
    Json(input): Json<SiteInput>,
) -> Result<Response, AppError> {
    let SiteInput { code, name, reason } = input;
    manage::add_site(&app, &user, id, &code, &name, &reason).await?;
    let location = format!("/api/v1/studies/{id}");
    Ok(created(&location, read(&app, &user, id).await?))
}

/// An arm to be added to a study.
#[derive(Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
#[schema(as = AddedArm)]
struct ArmInput {
    #[schema(required, max_length = 60)]
    name: String,
    /// The reason, for the audit trail: 1 to 300 characters.
    #[schema(required, max_length = 300)]
    reason: String,
}

/// Add an arm to a study. Admins only.
#[utoipa::path(post, path = "/studies/{id}/arms", tag = "trials", security(("bearer" = ["admin"])),
    params(("id" = i64, Path)), request_body = ArmInput,
    responses((status = 201, body = StudyBody), (status = 403, description = "Not an admin"),
              (status = 404, description = "No such study, or not one of yours"),
              (status = 422, description = "A field is at fault")))]
async fn add_arm(
    State(app): State<App>,
    Admin(user): Admin,
    Path(id): Path<i64>,
    Json(input): Json<ArmInput>,
) -> Result<Response, AppError> {
    manage::add_arm(&app, &user, id, &input.name, &input.reason).await?;
    let location = format!("/api/v1/studies/{id}");
    Ok(created(&location, read(&app, &user, id).await?))
}

/// The people of a study and their roles.
#[utoipa::path(get, path = "/studies/{id}/members", tag = "trials", params(("id" = i64, Path)),
    responses((status = 200, body = PageOf<MemberBody>), (status = 404, description = "No such study, or not one of yours")))]
async fn list_members(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let (study, _) = visible_study(&mut conn, &user, id).await?;
    let members = store::list_members(&mut conn, study.id).await?;
    Ok(ok(PageOf::whole(members).map(MemberBody::from)))
}

/// A role to be given to somebody.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = GivenRole)]
struct RoleInput {
    /// `coordinator`, `monitor` or `auditor`.
    #[schema(required)]
    role: String,
    /// The reason, for the audit trail: 1 to 300 characters.
    #[schema(required, max_length = 300)]
    reason: String,
}

/// Give somebody a role in a study, instead of one they have. Admins only.
#[utoipa::path(put, path = "/studies/{id}/members/{user_id}", tag = "trials", security(("bearer" = ["admin"])),
    params(("id" = i64, Path), ("user_id" = i64, Path)), request_body = RoleInput,
    responses((status = 204, description = "They have it, now or before"), (status = 403, description = "Not an admin"),
              (status = 404, description = "No such study, or not one of yours"),
              (status = 422, description = "A field is at fault")))]
async fn set_role(
    State(app): State<App>,
    Admin(user): Admin,
    Path((id, member)): Path<(i64, i64)>,
    Json(input): Json<RoleInput>,
) -> Result<Response, AppError> {
    let mut faults = Faults::default();
    let role = faults.check("role", input.role.parse::<StudyRole>());
    faults.finish()?;
    set_member(&app, &user, id, member, role, &input.reason).await?;
    Ok(no_content())
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct TakenRole {
    /// The reason, for the audit trail: 1 to 300 characters.
    reason: String,
}

/// Take somebody's role in a study away. Admins only.
#[utoipa::path(delete, path = "/studies/{id}/members/{user_id}", tag = "trials", security(("bearer" = ["admin"])),
    params(("id" = i64, Path), ("user_id" = i64, Path), TakenRole),
    responses((status = 204, description = "They have none, now or before"), (status = 403, description = "Not an admin"),
              (status = 404, description = "No such study, or not one of yours"),
              (status = 422, description = "The reason is missing")))]
async fn take_role(
    State(app): State<App>,
    Admin(user): Admin,
    Path((id, member)): Path<(i64, i64)>,
    Query(query): Query<TakenRole>,
) -> Result<Response, AppError> {
    set_member(&app, &user, id, member, None, &query.reason).await?;
    Ok(no_content())
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct AuditQuery {
    /// A record: `study`, `site/01`, `subject/HYP24-01-0001`. All of them if absent.
    record: String,
    /// 1 to 100; 50 if absent.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

/// An entry of an audit trail: one change of one field.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditEntry)]
struct EntryBody {
    /// From 1 in each study, without a gap.
    seq: i64,
    at: crate::clock::Timestamp,
    user_id: Option<i64>,
    record: String,
    field: String,
    /// Null if there was no value before.
    old: Option<String>,
    /// Null if there is no value any more.
    new: Option<String>,
    reason: String,
    /// SHA-256 of the entry and the hash before it, in hexadecimal.
    hash: String,
}

impl From<Entry> for EntryBody {
    fn from(entry: Entry) -> Self {
        Self {
            seq: entry.seq,
            at: entry.at,
            user_id: entry.user_id,
            record: entry.record,
            field: entry.field,
            old: entry.old,
            new: entry.new,
            reason: entry.reason,
            hash: entry.hash,
        }
    }
}

/// The audit trail of a study, newest first. Names are sealed in it.
#[utoipa::path(get, path = "/studies/{id}/audit", tag = "trials", params(("id" = i64, Path), AuditQuery),
    responses((status = 200, body = PageOf<EntryBody>), (status = 404, description = "No such study, or not one of yours")))]
async fn list_audit(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Query(query): Query<AuditQuery>,
) -> Result<Response, AppError> {
    let size = page_size(query.limit);
    let before = Cursor::before(&query.cursor)?;
    let mut conn = app.db.read().await?;
    let (study, _) = visible_study(&mut conn, &user, id).await?;
    let filter = AuditFilter {
        chain: study.id,
        record: query.record,
        before: Some(before),
    };
    let entries = list_entries(&mut conn, &filter, size + 1).await?;
    let page = PageOf::from_rows(entries, size, |entry| Cursor::new([&entry.seq]));
    Ok(ok(page.map(EntryBody::from)))
}
