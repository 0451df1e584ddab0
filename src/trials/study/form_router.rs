//! The forms on the pages of studies.

use super::bodies::NewSite;
use super::create::{NewStudy, create_study};
use super::manage::{StudyChange, add_arm, add_site, set_ranges, update_study};
use super::members::set_member;
use crate::accounts::{Admin, User, find_user_id};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::forms::{Fields, form_below};
use crate::server::{App, Field, IdempotencyKey, Path, Posted, done};
use crate::trials::access::visible_study_called;
use crate::trials::components::study_path;
use crate::trials::vitals::typed_ranges;
use crate::trials::{StudyRole, check_planned};
use crate::ui::Flash;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

pub fn form_router() -> Router<App> {
    Router::new()
        .route("/trials/new", post(create_form))
        .route("/trials/{code}/settings", post(update_form))
        .route("/trials/{code}/settings/sites", form_below(site_form))
        .route("/trials/{code}/settings/arms", form_below(arm_form))
        .route("/trials/{code}/settings/members", form_below(member_form))
        .route("/trials/{code}/settings/ranges", form_below(ranges_form))
}

/// Reads the number of subjects that is planned; none if the field is empty.
fn read_planned(text: &str) -> Result<Option<i64>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    // What is no number at all is as wrong as one that is too small.
    let planned = check_planned(text.parse().unwrap_or_default());
    planned
        .map(Some)
        .map_err(|message| AppError::invalid("planned", message))
}

/// Reads the sites of a text area: one a line, its code and then its name.
fn read_sites(text: &str) -> Vec<NewSite> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(NewSite::named).collect()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NewStudyForm {
    code: String,
    title: String,
    planned: String,
    sites: String,
    arms: String,
    idempotency_key: String,
}

async fn create_form(
    State(app): State<App>,
    Admin(user): Admin,
    Posted(form): Posted<NewStudyForm>,
) -> Result<Response, AppError> {
    let arms = form
        .arms
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let input = NewStudy {
        code: form.code,
        title: form.title,
        status: None,
        planned: match form.planned.trim() {
            "" => None,
            text => Some(text.parse().unwrap_or_default()),
        },
        sites: read_sites(&form.sites),
        arms: arms.map(str::to_owned).collect(),
    };
    let once = IdempotencyKey::from_field(&form.idempotency_key);
    let study = create_study(&app, &user, &once, input).await?;
    let said = Flash::good(t!("trials-new-done", study = study.code.as_str()));
    Ok(done(&study_path(&study.code, ""), said))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PlanForm {
    title: String,
    status: String,
    planned: String,
    version: Option<i64>,
    reason: String,
}

/// Returns the id of the study with this code, if the user may see it.
pub async fn study_id(app: &App, user: &User, code: &str) -> Result<i64, AppError> {
    let mut conn = app.db.read().await?;
    let (study, _) = visible_study_called(&mut conn, user, code).await?;
    Ok(study.id)
}

async fn update_form(
    State(app): State<App>,
    Admin(user): Admin,
    Path(code): Path<String>,
    Posted(form): Posted<PlanForm>,
) -> Result<Response, AppError> {
    let id = study_id(&app, &user, &code).await?;
    let change = StudyChange {
        title: Some(form.title),
        status: Some(form.status),
        planned: Field::sent(read_planned(&form.planned)?),
        version: form.version,
        reason: form.reason,
    };
    update_study(&app, &user, id, change).await?;
    let said = Flash::good(t!("trials-saved"));
    Ok(done(&study_path(&code, "settings"), said))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SiteForm {
    code: String,
    name: String,
    reason: String,
}

async fn site_form(
    State(app): State<App>,
    Admin(user): Admin,
    Path(code): Path<String>,
    Posted(form): Posted<SiteForm>,
) -> Result<Response, AppError> {
    let id = study_id(&app, &user, &code).await?;
    add_site(&app, &user, id, &form.code, &form.name, &form.reason).await?;
    let said = Flash::good(t!("trials-site-added"));
    Ok(done(&study_path(&code, "settings"), said))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ArmForm {
    name: String,
    reason: String,
}

async fn arm_form(
    State(app): State<App>,
    Admin(user): Admin,
    Path(code): Path<String>,
    Posted(form): Posted<ArmForm>,
) -> Result<Response, AppError> {
    let id = study_id(&app, &user, &code).await?;
    add_arm(&app, &user, id, &form.name, &form.reason).await?;
    let said = Flash::good(t!("trials-arm-added"));
    Ok(done(&study_path(&code, "settings"), said))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MemberForm {
    email: String,
    /// Empty to take the role away.
    role: String,
    reason: String,
}

async fn member_form(
    State(app): State<App>,
    Admin(user): Admin,
    Path(code): Path<String>,
    Posted(form): Posted<MemberForm>,
) -> Result<Response, AppError> {
    let id = study_id(&app, &user, &code).await?;
    let role = match form.role.as_str() {
        "" => None,
        word => {
            let role = word.parse::<StudyRole>();
            Some(role.map_err(|message| AppError::invalid("role", message))?)
        }
    };
    let mut conn = app.db.read().await?;
    let member = find_user_id(&mut conn, &form.email.trim().to_lowercase()).await?;
    drop(conn);
    let missing = || AppError::invalid("email", t!("trials-no-such-person"));
    let member = member.ok_or_else(missing)?;
    set_member(&app, &user, id, member, role, &form.reason).await?;
    let said = Flash::good(t!("trials-role-saved"));
    Ok(done(&study_path(&code, "settings"), said))
}

async fn ranges_form(
    State(app): State<App>,
    Admin(user): Admin,
    Path(code): Path<String>,
    Posted(form): Posted<Fields>,
) -> Result<Response, AppError> {
    let id = study_id(&app, &user, &code).await?;
    let ranges = typed_ranges(|name| form.text(name))?;
    set_ranges(&app, &user, id, &ranges, form.text("reason")).await?;
    let said = Flash::good(t!("trials-saved"));
    Ok(done(&study_path(&code, "settings"), said))
}
