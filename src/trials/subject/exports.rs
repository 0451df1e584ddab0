//! The list of subjects as a file, with its filters. Names are in it only if a coordinator asks for them.

use super::csv;
use super::filter::{SubjectFilter, SubjectsQuery};
use super::store::list_subjects;
use crate::accounts::Person;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Path, Query, attachment};
use crate::trials::access::visible_study_called;
use crate::trials::study::store::{list_arms, list_sites};
use crate::trials::{Arm, Site};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use futures_util::stream;
use serde::Deserialize;

/// The number of subjects read at once.
const AT_ONCE: i64 = 1_000;

pub fn router() -> Router<App> {
    Router::new().route("/trials/{code}/subjects.csv", get(export_csv))
}

/// Asks for names: `names=1`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Names {
    names: String,
}

/// An export under way.
struct Export {
    app: App,
    filter: SubjectFilter,
    sites: Vec<Site>,
    arms: Vec<Arm>,
    with_names: bool,
    head: String,
}

impl Export {
    /// Returns the next lines; `None` after the last.
    async fn next(&mut self) -> Result<Option<Bytes>, AppError> {
        let mut text = std::mem::take(&mut self.head);
        let begins = !text.is_empty();
        let mut conn = self.app.db.read().await?;
        let lines = list_subjects(&mut conn, &self.filter, AT_ONCE).await?;
        drop(conn);
        for line in lines {
            let (subject, sealed) = line.into_parts();
            let name = match self.with_names {
                true => {
                    let name = self.app.name_key.open_if_possible(&sealed, &subject.number);
                    Some(name.unwrap_or_else(|| t!("trials-name-unreadable").to_owned()))
                }
                false => None,
            };
            let site = self.sites.iter().find(|site| site.id == subject.site_id);
            let arm = self.arms.iter().find(|arm| Some(arm.id) == subject.arm_id);
            let site = site.map_or("", |site| &site.code);
            let arm = arm.map_or("", |arm| &arm.name);
            text.push_str(&csv::row(&subject, name.as_deref(), site, arm));
            self.filter.before = subject.id;
        }
        Ok((begins || !text.is_empty()).then(|| Bytes::from(text)))
    }
}

async fn export_csv(
    State(app): State<App>,
    Person(user): Person,
    Path(code): Path<String>,
    Query(query): Query<SubjectsQuery>,
    Query(Names { names }): Query<Names>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let (study, rights) = visible_study_called(&mut conn, &user, &code).await?;
    let with_names = names == "1";
    if with_names {
        rights.check_coordinates()?;
    }
    let sites = list_sites(&mut conn, study.id).await?;
    let arms = list_arms(&mut conn, study.id).await?;
    drop(conn);
    let filter = query.read(study.id, &sites)?;
    if with_names {
        tracing::info!(
            study.id,
            user.id = user.id,
            "Subjects were exported with their names"
        );
    }
    let export = Export {
        app,
        filter,
        sites,
        arms,
        with_names,
        head: csv::head(with_names),
    };
    let rows = stream::try_unfold(export, |mut export| async move {
        let next = export.next().await?;
        Ok::<_, AppError>(next.map(|bytes| (bytes, export)))
    });
    let name = format!("{}-subjects.csv", study.code);
    let body = Body::from_stream(rows);
    Ok(attachment("text/csv; charset=utf-8", &name, body))
}
