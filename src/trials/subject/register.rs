//! Registering a subject.

use super::sealed_name::NameKey;
use super::store;
use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::idempotency::{Attempt, complete, reserve};
use crate::server::{App, Conn, IdempotencyKey};
use crate::trials::access::{Rights, visible_study};
use crate::trials::audit::{Author, Trail, subject_record};
use crate::trials::study::store::{list_arms, list_sites, take_ordinal};
use crate::trials::{
    Arm, Sex, Site, Study, StudyStatus, Subject, SubjectName, SubjectStatus, check_age,
    subject_number,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Error code: subjects are registered only while the study is open.
pub const STUDY_NOT_OPEN: u16 = 3601;

/// A subject to be registered. A value of the wrong type is a fault of its field, and does not hide those of others.
#[derive(Clone, Debug, Default, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubject {
    /// 1 to 120 characters. Stored sealed, and shown to coordinators only.
    #[schema(required, value_type = String, min_length = 1, max_length = 120)]
    #[serde(default)]
    pub name: Value,
    /// In years.
    #[schema(required, value_type = i64, minimum = 1, maximum = 120)]
    #[serde(default)]
    pub age: Value,
    /// The id of the study: one in which you are a coordinator.
    #[schema(required, value_type = i64)]
    #[serde(default)]
    pub project_id: Value,
    /// `female`, `male`, `other` or `unknown`; `unknown` if absent.
    #[schema(value_type = Option<Sex>)]
    #[serde(default)]
    pub sex: Value,
    /// The code of a site of the study; needed where it has several.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    pub site: Value,
    /// The name of an arm of the study; it can be decided later.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    pub arm: Value,
}

/// The values of a [`NewSubject`] that can be checked without knowing its study.
#[derive(Clone, Debug)]
pub struct Registration {
    pub name: String,
    pub age: i64,
    pub sex: Sex,
    /// The site's code; empty if none was chosen.
    pub site: String,
    /// The arm's name; empty if none was chosen.
    pub arm: String,
}

/// Reads a text; anything else but nothing at all is refused.
fn read_text(value: &Value) -> Result<&str, String> {
    match value {
        Value::Null => Ok(""),
        Value::String(text) => Ok(text),
        _ => Err(t!("trials-not-a-text").to_owned()),
    }
}

fn read_age(value: &Value) -> Result<i64, String> {
    match value.as_i64() {
        Some(age) => check_age(age),
        None if value.is_null() => Err(t!("trials-age-needed").to_owned()),
        None => Err(t!("trials-age-wrong").to_owned()),
    }
}

impl NewSubject {
    /// Checks what does not depend on the study.
    fn check(&self, faults: &mut Faults) -> Registration {
        let name = read_text(&self.name).and_then(str::parse::<SubjectName>);
        let name = faults.check("name", name);
        let sex = read_text(&self.sex).and_then(|word| match word {
            "" => Ok(Sex::default()),
            word => word.parse(),
        });
        let site = faults.check("site", read_text(&self.site).map(str::to_owned));
        let arm = faults.check("arm", read_text(&self.arm).map(str::to_owned));
        Registration {
            name: name.map_or_else(String::new, |name| name.as_str().to_owned()),
            age: faults.check("age", read_age(&self.age)).unwrap_or_default(),
            sex: faults.check("sex", sex).unwrap_or_default(),
            site: site.unwrap_or_default(),
            arm: arm.unwrap_or_default(),
        }
    }

    /// Reads what is to be registered and the id of the study that it names, and what is wrong with it that can be
    /// told without knowing the study.
    pub fn read(&self) -> (Registration, i64, Result<(), AppError>) {
        let mut faults = Faults::default();
        let registration = self.check(&mut faults);
        let project = faults.check("project_id", self.project());
        (registration, project.unwrap_or_default(), faults.finish())
    }

    fn project(&self) -> Result<i64, String> {
        let missing = || t!("trials-project-needed").to_owned();
        self.project_id.as_i64().ok_or_else(missing)
    }
}

/// Registers the subject under the next number of its site, once per idempotency key. All faults are told at once,
/// the study's among them.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn register_subject(
    app: &App,
    user: &User,
    once: &IdempotencyKey,
    input: NewSubject,
) -> Result<(Subject, String), AppError> {
    let mut faults = Faults::default();
    let registration = input.check(&mut faults);
    let project = faults.check("project_id", input.project());
    let mut tx = app.db.write().await?;
    let own = match project {
        Some(project) => AppError::found(visible_study(&mut tx, user, project).await)?,
        None => None,
    };
    let own = own.filter(|(_, rights)| rights.coordinates());
    if project.is_some() && own.is_none() {
        faults.check("project_id", Err::<(), _>(t!("trials-project-unknown")));
    }
    let place = match &own {
        Some((study, _)) => Some(find_place(&mut tx, study, &registration, &mut faults).await?),
        None => None,
    };
    faults.finish()?;
    let (Some((study, _)), Some(Some((site, arm)))) = (own, place) else {
        return Err(AppError::internal());
    };

    let now = app.clock.now();
    let reserved = match reserve(&mut tx, user.id, once, &("subject", &input), now).await? {
        Attempt::First(reserved) => reserved,
        Attempt::Repeat(id) => {
            let (subject, _) = visible_subject(&mut tx, user, id).await?;
            return Ok((subject, registration.name));
        }
    };
    let author = Author::new(Some(user.id), now);
    let mut trail = Trail::lock(&mut tx, study.id, author).await?;
    // Read again now that nobody else changes it: it may have been closed.
    let (study, _) = visible_study(&mut tx, user, study.id).await?;
    let (key, place) = (&app.name_key, (&site, arm.as_ref()));
    let subject = register_within(&mut tx, &mut trail, key, &study, place, &registration).await?;
    trail.write(&mut tx).await?;
    complete(&mut tx, reserved, subject.id).await?;
    tx.commit().await?;
    tracing::info!(
        subject.number,
        user.id = user.id,
        "A subject was registered"
    );
    Ok((subject, registration.name))
}

/// Finds the site and the arm that a registration names; records what is wrong with them.
async fn find_place(
    conn: &mut Conn,
    study: &Study,
    registration: &Registration,
    faults: &mut Faults,
) -> Result<Option<(Site, Option<Arm>)>, AppError> {
    let sites = list_sites(conn, study.id).await?;
    let arms = list_arms(conn, study.id).await?;
    let site = faults.check("site", chosen_site(sites, &registration.site));
    let arm = faults.check("arm", chosen_arm(&arms, &registration.arm));
    Ok(site.zip(arm))
}

/// Returns the site with this code; the only one if none was chosen.
fn chosen_site(mut sites: Vec<Site>, code: &str) -> Result<Site, String> {
    let code = code.trim();
    if code.is_empty() {
        return match sites.len() {
            1 => Ok(sites.remove(0)),
            _ => Err(t!("trials-site-needed").to_owned()),
        };
    }
    let found = sites
        .into_iter()
        .find(|site| site.code.eq_ignore_ascii_case(code));
    found.ok_or_else(|| t!("trials-site-unknown").to_owned())
}

/// Returns the arm with this name; `None` if none was chosen.
pub fn chosen_arm(arms: &[Arm], name: &str) -> Result<Option<Arm>, String> {
    let name = name.trim();
    if name.is_empty() {
        return Ok(None);
    }
    let found = arms.iter().find(|arm| arm.name == name);
    let found = found.ok_or_else(|| t!("trials-arm-unknown"))?;
    Ok(Some(found.clone()))
}

/// Registers the subject within the caller's transaction, which has locked the study's audit trail.
pub async fn register_within(
    conn: &mut Conn,
    trail: &mut Trail,
    key: &NameKey,
    study: &Study,
    (site, arm): (&Site, Option<&Arm>),
    registration: &Registration,
) -> Result<Subject, AppError> {
    if study.status != StudyStatus::Open {
        let message = t!("trials-study-not-open", study = study.code.as_str());
        return Err(AppError::conflict(STUDY_NOT_OPEN, message));
    }
    let now: Timestamp = trail.at();
    let ordinal = take_ordinal(conn, site.id).await?;
    let number = subject_number(&study.code, &site.code, ordinal);
    let sealed_name = key.seal(&registration.name, &number)?;
    let mut subject = Subject {
        id: 0,
        study_id: study.id,
        site_id: site.id,
        number,
        age: registration.age,
        sex: registration.sex,
        arm_id: arm.map(|arm| arm.id),
        status: SubjectStatus::Screened,
        enrolled_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    subject.id =
        store::insert_subject(conn, &subject, ordinal, &sealed_name, trail.user_id()).await?;
    let record = subject_record(&subject.number);
    trail.note_new(&record, "name", sealed_name);
    trail.note_new(&record, "age", subject.age);
    trail.note_new(&record, "sex", subject.sex);
    if let Some(arm) = arm {
        trail.note_new(&record, "arm", &arm.name);
    }
    trail.note_new(&record, "status", subject.status);
    Ok(subject)
}

/// Returns the subject with this id, and what `user` may do in its study.
pub async fn visible_subject(
    conn: &mut Conn,
    user: &User,
    id: i64,
) -> Result<(Subject, Rights), AppError> {
    let missing = || AppError::not_found("subject");
    let subject = store::find_subject(conn, id).await?.ok_or_else(missing)?;
    let study = AppError::found(visible_study(conn, user, subject.study_id).await)?;
    let (_, rights) = study.ok_or_else(missing)?;
    Ok((subject, rights))
}
