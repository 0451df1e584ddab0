//! Changing a study, and adding sites and arms to it, which admins do.

use super::create::read_site;
use super::store;
use crate::accounts::User;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::{App, Field, Tx};
use crate::trials::access::visible_study;
use crate::trials::audit::{Author, Trail, site_record};
use crate::trials::vitals::{Ranges, save_ranges};
use crate::trials::{ArmName, Reason, Study, StudyStatus, StudyTitle, check_planned};
use serde::Deserialize;

/// A change of a study. Absent fields stay; `null` clears `planned`.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StudyChange {
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// `planned`, `open` or `closed`.
    pub status: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1_000_000)]
    pub planned: Field<i64>,
    /// The version that the change began from.
    #[schema(required)]
    pub version: Option<i64>,
    /// The reason, for the audit trail: 1 to 300 characters.
    #[serde(default)]
    #[schema(required, max_length = 300)]
    pub reason: String,
}

/// Locks the study for a change by somebody who manages it.
pub async fn changing(
    app: &App,
    actor: &User,
    id: i64,
    reason: &str,
) -> Result<(Tx, Study, Trail), AppError> {
    let mut tx = app.db.write().await?;
    let (study, rights) = visible_study(&mut tx, actor, id).await?;
    rights.check_manages()?;
    let author = Author::with_reason(actor, app.clock.now(), reason)?;
    let trail = Trail::lock(&mut tx, study.id, author).await?;
    // Read again now that nobody else changes it.
    let (study, _) = visible_study(&mut tx, actor, id).await?;
    Ok((tx, study, trail))
}

/// Changes the study, if it still is as it was when the change was begun.
pub async fn update_study(
    app: &App,
    actor: &User,
    id: i64,
    change: StudyChange,
) -> Result<Study, AppError> {
    let mut faults = Faults::default();
    faults.check("reason", change.reason.parse::<Reason>());
    let title = change.title.as_deref().map(str::parse::<StudyTitle>);
    let title = faults.check("title", title.transpose()).flatten();
    let status = change.status.as_deref().map(str::parse::<StudyStatus>);
    let status = faults.check("status", status.transpose()).flatten();
    let planned = match change.planned {
        Field::Value(planned) => faults.check("planned", check_planned(planned)),
        _ => None,
    };
    let version = change.version.ok_or_else(|| t!("trials-version-needed"));
    let version = faults.check("version", version);
    faults.finish()?;

    let (mut tx, before, mut trail) = changing(app, actor, id, &change.reason).await?;
    if version != Some(before.version) {
        return Err(AppError::stale("study"));
    }
    let mut after = before.clone();
    if let Some(title) = title {
        title.as_str().clone_into(&mut after.title);
    }
    after.status = status.unwrap_or(before.status);
    after.planned = match change.planned {
        Field::Absent => before.planned,
        _ => planned,
    };
    let text = |planned: Option<i64>| planned.map(|planned| planned.to_string());
    trail.note(
        "study",
        "title",
        Some(before.title),
        Some(after.title.clone()),
    );
    let (old, new) = (before.status.to_string(), after.status.to_string());
    trail.note("study", "status", Some(old), Some(new));
    trail.note(
        "study",
        "planned",
        text(before.planned),
        text(after.planned),
    );
    if trail.is_empty() {
        return Ok(after);
    }
    let now = app.clock.now();
    if !store::update_study(&mut tx, &after, now).await? {
        return Err(AppError::stale("study"));
    }
    trail.write(&mut tx).await?;
    tx.commit().await?;
    after.version += 1;
    after.updated_at = now;
    tracing::info!(study.id = id, user.id = actor.id, "A study was changed");
    Ok(after)
}

/// Adds a site to the study.
pub async fn add_site(
    app: &App,
    actor: &User,
    id: i64,
    code: &str,
    name: &str,
    reason: &str,
) -> Result<(), AppError> {
    let (mut tx, study, mut trail) = changing(app, actor, id, reason).await?;
    let site = read_site(code, name).map_err(|message| AppError::invalid("code", message))?;
    let (code, name) = site;
    let sites = store::list_sites(&mut tx, study.id).await?;
    if sites.iter().any(|site| site.code == code) {
        let message = t!("trials-site-taken", code = code);
        return Err(AppError::invalid("code", message));
    }
    store::insert_site(&mut tx, study.id, &code, &name).await?;
    trail.note_new(&site_record(&code), "name", name);
    trail.write(&mut tx).await?;
    tx.commit().await?;
    tracing::info!(
        study.id = id,
        user.id = actor.id,
        site.code = code,
        "A site was added"
    );
    Ok(())
}

/// Adds an arm to the study.
pub async fn add_arm(
    app: &App,
    actor: &User,
    id: i64,
    name: &str,
    reason: &str,
) -> Result<(), AppError> {
    let (mut tx, study, mut trail) = changing(app, actor, id, reason).await?;
    let arm = name.parse::<ArmName>();
    let arm = arm.map_err(|message| AppError::invalid("name", message))?;
    let arms = store::list_arms(&mut tx, study.id).await?;
    if arms.iter().any(|other| other.name == arm.as_str()) {
        let message = t!("trials-arm-taken", name = arm.as_str());
        return Err(AppError::invalid("name", message));
    }
    store::insert_arm(&mut tx, study.id, arm.as_str()).await?;
    trail.note_new(&format!("arm/{}", arm.as_str()), "name", arm.as_str());
    trail.write(&mut tx).await?;
    tx.commit().await?;
    tracing::info!(study.id = id, user.id = actor.id, "An arm was added");
    Ok(())
}

/// Sets the ranges in which the study expects vital signs.
pub async fn set_ranges(
    app: &App,
    actor: &User,
    id: i64,
    ranges: &Ranges,
    reason: &str,
) -> Result<(), AppError> {
    let (mut tx, study, mut trail) = changing(app, actor, id, reason).await?;
    save_ranges(&mut tx, &mut trail, study.id, ranges).await?;
    trail.write(&mut tx).await?;
    tx.commit().await?;
    tracing::info!(
        study.id = id,
        user.id = actor.id,
        "The ranges of a study were set"
    );
    Ok(())
}
