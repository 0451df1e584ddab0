//! Creating a study.

use super::bodies::NewSite;
use super::members::set_member_within;
use super::store;
use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::idempotency::{Attempt, complete, reserve};
use crate::server::{App, Conn, IdempotencyKey};
use crate::trials::access::no_such_study;
use crate::trials::audit::{Author, REGISTRY, Trail, site_record};
use crate::trials::{
    ArmName, SiteName, Study, StudyRole, StudyStatus, StudyTitle, check_planned, read_site_code,
    read_study_code,
};
use serde::{Deserialize, Serialize};

/// The most sites and arms that a study is created with.
const MOST: usize = 100;

/// The code of the only site of a study that was created without any.
const ONLY_SITE: &str = "01";

/// A study to be created.
#[derive(Clone, Debug, Default, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewStudy {
    /// 2 to 16 letters and digits; unique.
    #[schema(required, max_length = 16)]
    pub code: String,
    /// 1 to 200 characters.
    #[schema(required, max_length = 200)]
    pub title: String,
    /// `open` if absent.
    pub status: Option<StudyStatus>,
    /// The number of subjects it is to enrol.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub planned: Option<i64>,
    /// One site, `01`, if absent.
    #[schema(max_items = 100)]
    pub sites: Vec<NewSite>,
    #[schema(max_items = 100)]
    pub arms: Vec<String>,
}

/// The checked values of a [`NewStudy`].
struct Checked {
    code: String,
    title: String,
    planned: Option<i64>,
    sites: Vec<(String, String)>,
    arms: Vec<String>,
}

/// Checks a site's code and name; a site that was given no name is called by its code.
pub fn read_site(code: &str, name: &str) -> Result<(String, String), String> {
    let code = read_site_code(code)?;
    let name = match name.trim() {
        "" => code.clone(),
        name => name.parse::<SiteName>()?.as_str().to_owned(),
    };
    Ok((code, name))
}

fn check(input: &NewStudy) -> Result<Checked, AppError> {
    let mut faults = Faults::default();
    let code = faults.check("code", read_study_code(&input.code));
    let title = faults.check("title", input.title.parse::<StudyTitle>());
    let planned = input.planned.map(check_planned).transpose();
    let planned = faults.check("planned", planned).flatten();
    let sites = input.sites.iter().map(NewSite::parts);
    let sites: Result<Vec<_>, String> = sites.map(|(code, name)| read_site(code, name)).collect();
    let sites = faults.check(
        "sites",
        sites.and_then(|sites| distinct(sites, |(code, _)| code)),
    );
    let arms = input.arms.iter().map(|name| name.parse::<ArmName>());
    let arms = arms.map(|name| name.map(|name| name.as_str().to_owned()));
    let arms: Result<Vec<String>, String> = arms.collect();
    let arms = faults.check("arms", arms.and_then(|arms| distinct(arms, |name| name)));
    faults.finish()?;
    let mut sites = sites.unwrap_or_default();
    if sites.is_empty() {
        sites.push((ONLY_SITE.to_owned(), ONLY_SITE.to_owned()));
    }
    Ok(Checked {
        code: code.unwrap_or_default(),
        title: title.map_or_else(String::new, |title| title.as_str().to_owned()),
        planned,
        sites,
        arms: arms.unwrap_or_default(),
    })
}

/// Refuses a list that names something twice, or is too long.
fn distinct<T>(list: Vec<T>, name: impl Fn(&T) -> &String) -> Result<Vec<T>, String> {
    if list.len() > MOST {
        return Err(t!("trials-too-many", most = MOST));
    }
    for (index, item) in list.iter().enumerate() {
        if list[..index].iter().any(|other| name(other) == name(item)) {
            return Err(t!("trials-named-twice", name = name(item).as_str()));
        }
    }
    Ok(list)
}

/// Creates the study, once per idempotency key, with its creator as coordinator. The caller has checked that `user`
/// is an admin.
pub async fn create_study(
    app: &App,
    user: &User,
    once: &IdempotencyKey,
    input: NewStudy,
) -> Result<Study, AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let reserved = match reserve(&mut tx, user.id, once, &("study", &input), now).await? {
        Attempt::First(reserved) => reserved,
        Attempt::Repeat(id) => {
            let made = store::find_study(&mut tx, id).await?;
            return made.ok_or_else(no_such_study);
        }
    };
    let study = create_study_within(&mut tx, Some(user.id), &input, now).await?;
    complete(&mut tx, reserved, study.id).await?;
    tx.commit().await?;
    tracing::info!(
        study.id,
        study.code,
        user.id = user.id,
        "A study was created"
    );
    Ok(study)
}

/// Creates the study within the caller's transaction.
pub async fn create_study_within(
    conn: &mut Conn,
    user_id: Option<i64>,
    input: &NewStudy,
    now: Timestamp,
) -> Result<Study, AppError> {
    let checked = check(input)?;
    let author = Author::new(user_id, now);
    let mut registry = Trail::lock(conn, REGISTRY, author.clone()).await?;
    let mut study = Study {
        id: 0,
        code: checked.code,
        title: checked.title,
        status: input.status.unwrap_or_default(),
        planned: checked.planned,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    study.id = store::insert_study(conn, &study, user_id).await?;
    registry.note_new(&format!("study/{}", study.code), "code", &study.code);
    registry.write(conn).await?;

    let mut trail = Trail::begin(conn, study.id, author).await?;
    trail.note_new("study", "code", &study.code);
    trail.note_new("study", "title", &study.title);
    trail.note_new("study", "status", study.status);
    if let Some(planned) = study.planned {
        trail.note_new("study", "planned", planned);
    }
    for (code, name) in checked.sites {
        store::insert_site(conn, study.id, &code, &name).await?;
        trail.note_new(&site_record(&code), "name", name);
    }
    for name in checked.arms {
        store::insert_arm(conn, study.id, &name).await?;
        trail.note_new(&format!("arm/{name}"), "name", name);
    }
    if let Some(user) = user_id {
        set_member_within(conn, &mut trail, study.id, user, StudyRole::Coordinator).await?;
    }
    trail.write(conn).await?;
    Ok(study)
}
