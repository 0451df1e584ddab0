//! Planning visits, which admins do.

use super::rules::{Visit, VisitName, check_after, check_before, check_day};
use super::store;
use crate::accounts::User;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::{App, Conn};
use crate::trials::Reason;
use crate::trials::audit::{Trail, visit_record};
use crate::trials::study::changing;
use serde::Deserialize;

/// The most visits of a study.
const MOST: usize = 100;

/// A visit to be planned.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = NewVisit)]
pub struct NewVisit {
    /// Unique in the study.
    #[schema(required, max_length = 60)]
    pub name: String,
    /// The day after enrolment, which is day 0. Days are those of UTC.
    #[schema(required, minimum = 0, maximum = 3650)]
    pub day: Option<i64>,
    /// The days before it that will do as well.
    #[schema(minimum = 0, maximum = 365)]
    pub days_before: i64,
    /// The days after it that will do as well.
    #[schema(minimum = 0, maximum = 365)]
    pub days_after: i64,
    /// The reason, for the audit trail: 1 to 300 characters.
    #[schema(required, max_length = 300)]
    pub reason: String,
}

impl NewVisit {
    fn check(&self, faults: &mut Faults) -> Visit {
        let name = faults.check("name", self.name.parse::<VisitName>());
        let day = faults.check("day", check_day(self.day));
        let before = faults.check("days_before", check_before(self.days_before, day));
        let after = faults.check("days_after", check_after(self.days_after));
        Visit {
            id: 0,
            name: name.map_or_else(String::new, |name| name.as_str().to_owned()),
            day: day.unwrap_or_default(),
            before: before.unwrap_or_default(),
            after: after.unwrap_or_default(),
        }
    }
}

/// Plans a visit.
pub async fn add_visit(
    app: &App,
    actor: &User,
    study: i64,
    input: &NewVisit,
) -> Result<Visit, AppError> {
    let mut faults = Faults::default();
    input.check(&mut faults);
    faults.check("reason", input.reason.parse::<Reason>());
    faults.finish()?;
    let (mut tx, study, mut trail) = changing(app, actor, study, &input.reason).await?;
    let visit = add_visit_within(&mut tx, &mut trail, study.id, input).await?;
    trail.write(&mut tx).await?;
    tx.commit().await?;
    tracing::info!(
        study.id,
        user.id = actor.id,
        visit.id,
        "A visit was planned"
    );
    Ok(visit)
}

/// Plans a visit within the caller's transaction, which has locked the study's audit trail.
pub async fn add_visit_within(
    conn: &mut Conn,
    trail: &mut Trail,
    study: i64,
    input: &NewVisit,
) -> Result<Visit, AppError> {
    let mut faults = Faults::default();
    let mut visit = input.check(&mut faults);
    let others = store::list_visits(conn, study).await?;
    if others.iter().any(|other| other.name == visit.name) {
        let message = t!("trials-visit-taken", name = visit.name.as_str());
        faults.check::<()>("name", Err(message));
    } else if others.len() >= MOST {
        faults.check::<()>("name", Err(t!("trials-too-many", most = MOST)));
    }
    if let Err(message) = visit.check_apart(&others) {
        faults.check::<()>("day", Err(message));
    }
    faults.finish()?;
    visit.id = store::insert_visit(conn, study, &visit).await?;
    for (field, value) in fields(&visit) {
        trail.note(&visit_record(&visit.name), field, None, Some(value));
    }
    Ok(visit)
}

/// The fields of a visit as the audit trail has them.
fn fields(visit: &Visit) -> [(&'static str, String); 3] {
    [
        ("day", visit.day.to_string()),
        ("days_before", visit.before.to_string()),
        ("days_after", visit.after.to_string()),
    ]
}

/// Takes a visit out of the plan. One that is not in it stays out.
pub async fn remove_visit(
    app: &App,
    actor: &User,
    study: i64,
    id: i64,
    reason: &str,
) -> Result<(), AppError> {
    let (mut tx, study, mut trail) = changing(app, actor, study, reason).await?;
    let visits = store::list_visits(&mut tx, study.id).await?;
    let Some(visit) = visits.into_iter().find(|visit| visit.id == id) else {
        return Ok(());
    };
    store::delete_visit(&mut tx, study.id, id).await?;
    for (field, value) in fields(&visit) {
        trail.note(&visit_record(&visit.name), field, Some(value), None);
    }
    trail.write(&mut tx).await?;
    tx.commit().await?;
    tracing::info!(
        study.id,
        user.id = actor.id,
        visit.id = id,
        "A visit is planned no more"
    );
    Ok(())
}
