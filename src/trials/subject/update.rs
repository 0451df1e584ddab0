//! Changing a subject, and withdrawing it.

use super::register::{chosen_arm, visible_subject};
use super::store;
use crate::accounts::User;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::{App, Conn, Field};
use crate::trials::audit::{Author, Trail, subject_record};
use crate::trials::study::store::list_arms;
use crate::trials::{Reason, Sex, Subject, SubjectName, SubjectStatus, check_age};
use serde::Deserialize;

/// Error code: the subject cannot go from its state to the one that was asked for.
pub const STEP_REFUSED: u16 = 3602;

/// A change of a subject. Absent fields stay; `null` clears `arm`.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubjectChange {
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    #[schema(minimum = 1, maximum = 120)]
    pub age: Option<i64>,
    /// `female`, `male`, `other` or `unknown`.
    pub sex: Option<String>,
    /// The name of an arm of the study.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub arm: Field<String>,
    /// `screened`, `enrolled`, `completed` or `withdrawn`.
    pub status: Option<String>,
    /// The version that the change began from.
    #[schema(required)]
    pub version: Option<i64>,
    /// The reason, for the audit trail: 1 to 300 characters.
    #[serde(default)]
    #[schema(required, max_length = 300)]
    pub reason: String,
}

/// The checked values of a [`SubjectChange`].
struct Checked {
    name: Option<String>,
    age: Option<i64>,
    sex: Option<Sex>,
    status: Option<SubjectStatus>,
    version: i64,
}

fn check(change: &SubjectChange) -> Result<Checked, AppError> {
    let mut faults = Faults::default();
    let name = change.name.as_deref().map(str::parse::<SubjectName>);
    let name = faults.check("name", name.transpose()).flatten();
    let age = faults.check("age", change.age.map(check_age).transpose());
    let sex = change.sex.as_deref().map(str::parse::<Sex>);
    let sex = faults.check("sex", sex.transpose());
    let status = change.status.as_deref().map(str::parse::<SubjectStatus>);
    let status = faults.check("status", status.transpose());
    let version = change.version.ok_or_else(|| t!("trials-version-needed"));
    let version = faults.check("version", version);
    faults.check("reason", change.reason.parse::<Reason>());
    faults.finish()?;
    Ok(Checked {
        name: name.map(|name| name.as_str().to_owned()),
        age: age.flatten(),
        sex: sex.flatten(),
        status: status.flatten(),
        version: version.unwrap_or_default(),
    })
}

/// Changes the subject, if it still is as it was when the change was begun, for a coordinator of its study.
pub async fn update_subject(
    app: &App,
    user: &User,
    id: i64,
    change: SubjectChange,
) -> Result<Subject, AppError> {
    let mut tx = app.db.write().await?;
    let (subject, rights) = visible_subject(&mut tx, user, id).await?;
    rights.check_coordinates()?;
    let checked = check(&change)?;
    let author = Author::with_reason(user, app.clock.now(), &change.reason)?;
    let mut trail = Trail::lock(&mut tx, subject.study_id, author).await?;
    // Read again now that nobody else changes it.
    let (before, _) = visible_subject(&mut tx, user, id).await?;
    if checked.version != before.version {
        return Err(AppError::stale("subject"));
    }
    let after = apply(app, &mut tx, &mut trail, &before, &change, &checked).await?;
    trail.write(&mut tx).await?;
    tx.commit().await?;
    tracing::info!(
        subject.number = before.number,
        user.id = user.id,
        "A subject was changed"
    );
    Ok(after)
}

/// Applies the change, and notes each field that it changes.
async fn apply(
    app: &App,
    conn: &mut Conn,
    trail: &mut Trail,
    before: &Subject,
    change: &SubjectChange,
    checked: &Checked,
) -> Result<Subject, AppError> {
    let record = subject_record(&before.number);
    let mut after = before.clone();
    let sealed = store::find_sealed_name(conn, before.id).await?;
    let mut sealed = sealed.ok_or_else(AppError::internal)?;
    if let Some(name) = &checked.name {
        let known = app.name_key.open(&sealed, &before.number)?;
        if known != *name {
            let new = app.name_key.seal(name, &before.number)?;
            trail.note(&record, "name", Some(sealed), Some(new.clone()));
            sealed = new;
        }
    }
    after.age = checked.age.unwrap_or(before.age);
    after.sex = checked.sex.unwrap_or(before.sex);
    let text = |value: &dyn ToString| Some(value.to_string());
    trail.note(&record, "age", text(&before.age), text(&after.age));
    trail.note(&record, "sex", text(&before.sex), text(&after.sex));

    let arms = list_arms(conn, before.study_id).await?;
    let arm_name = |id: Option<i64>| {
        let found = arms.iter().find(|arm| Some(arm.id) == id);
        found.map(|arm| arm.name.clone())
    };
    after.arm_id = match &change.arm {
        Field::Absent => before.arm_id,
        Field::Null => None,
        Field::Value(name) => {
            let chosen = chosen_arm(&arms, name);
            let chosen = chosen.map_err(|message| AppError::invalid("arm", message))?;
            chosen.map(|arm| arm.id)
        }
    };
    trail.note(
        &record,
        "arm",
        arm_name(before.arm_id),
        arm_name(after.arm_id),
    );

    if let Some(status) = checked.status.filter(|status| *status != before.status) {
        let was_enrolled = before.enrolled_at.is_some();
        let step = before.status.check_change(status, was_enrolled);
        step.map_err(|message| AppError::conflict(STEP_REFUSED, message))?;
        if status == SubjectStatus::Enrolled {
            if !arms.is_empty() && after.arm_id.is_none() {
                return Err(AppError::invalid("arm", t!("trials-arm-needed")));
            }
            after.enrolled_at = before.enrolled_at.or(Some(trail.at()));
        }
        after.status = status;
        trail.note(&record, "status", text(&before.status), text(&after.status));
    }
    if trail.is_empty() {
        return Ok(after);
    }
    if !store::update_subject(conn, &after, &sealed, trail.at()).await? {
        return Err(AppError::stale("subject"));
    }
    after.version += 1;
    after.updated_at = trail.at();
    Ok(after)
}

/// Withdraws the subject; one that is withdrawn stays so. Without a reason the trail says that none was given.
pub async fn withdraw_subject(
    app: &App,
    user: &User,
    id: i64,
    reason: &str,
) -> Result<(), AppError> {
    let mut conn = app.db.read().await?;
    let (subject, rights) = visible_subject(&mut conn, user, id).await?;
    drop(conn);
    rights.check_coordinates()?;
    if subject.status == SubjectStatus::Withdrawn {
        return Ok(());
    }
    let reason = match reason.trim() {
        "" => t!("trials-withdrawn-by-request"),
        reason => reason,
    };
    let change = SubjectChange {
        status: Some(SubjectStatus::Withdrawn.to_string()),
        version: Some(subject.version),
        reason: reason.to_owned(),
        ..Default::default()
    };
    update_subject(app, user, id, change).await.map(drop)
}
