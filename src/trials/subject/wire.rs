//! Subjects as programs ask for them and get them, whatever they speak.

use super::body::SubjectBody;
use super::filter::{SubjectFilter, number_part};
use super::register::{NewSubject, register_subject, visible_subject};
use super::store;
use crate::accounts::User;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::{App, Conn, Cursor, IdempotencyKey};
use crate::trials::access::visible_study;
use crate::trials::study::store::{list_arms, list_sites};
use crate::trials::{Arm, Site, Subject, SubjectStatus};
use serde::Deserialize;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use utoipa::IntoParams;

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

/// Registers a subject, and returns it with its name: whoever may register it may know that.
pub async fn create_subject_body(
    app: &App,
    user: &User,
    once: &IdempotencyKey,
    input: NewSubject,
) -> Result<SubjectBody, AppError> {
    let (subject, name) = register_subject(app, user, once, input).await?;
    let mut conn = app.db.read().await?;
    let mut places = Places::default();
    Ok(places.body(&mut conn, subject, Some(name)).await?)
}

/// Lists at most so many subjects, without their names.
pub async fn list_subject_bodies(
    conn: &mut Conn,
    filter: &SubjectFilter,
    most: i64,
) -> sqlx::Result<Vec<SubjectBody>> {
    let lines = store::list_subjects(conn, filter, most).await?;
    let mut places = Places::default();
    let mut bodies = Vec::with_capacity(lines.len());
    for line in lines {
        let (subject, _) = line.into_parts();
        bodies.push(places.body(conn, subject, None).await?);
    }
    Ok(bodies)
}

/// Reads the subject as the user may know it.
pub async fn read_subject_body(app: &App, user: &User, id: i64) -> Result<SubjectBody, AppError> {
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

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct SubjectQuery {
    /// The id of one study; all of yours if absent.
    pub project_id: Option<i64>,
    /// `screened`, `enrolled`, `completed` or `withdrawn`.
    #[param(value_type = Option<SubjectStatus>)]
    pub status: String,
    /// The code of a site; of one study only.
    pub site: String,
    /// The name of an arm; of one study only.
    pub arm: String,
    /// A part of the number.
    pub q: String,
    /// 1 to 100; 50 if absent.
    pub limit: Option<i64>,
    /// `next_cursor` of the previous page.
    pub cursor: String,
}

impl SubjectQuery {
    pub async fn read(&self, conn: &mut Conn, user: &User) -> Result<SubjectFilter, AppError> {
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
