//! The files of a study's export, by name.

use super::entries::Entries;
use super::imports::Imports;
use super::list::{Format, file};
use super::subjects::Subjects;
use super::vital_signs::{Of, VitalSigns};
use crate::accounts::User;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Conn};
use crate::trials::access::Rights;
use crate::trials::audit::store::find_end;
use crate::trials::study::store::{list_arms, list_sites};
use crate::trials::subject::SubjectsQuery;
use crate::trials::subject::store::find_subject_numbered;
use crate::trials::vitals::read_ranges;
use crate::trials::{Study, Subject};
use crate::words::words;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

words!(
    /// A file of a study's export.
    pub enum ExportFile {
        SubjectsCsv = "subjects.csv",
        SubjectsJsonl = "subjects.jsonl",
        VitalSignsCsv = "vital-signs.csv",
        VitalSignsJsonl = "vital-signs.jsonl",
        ImportsCsv = "imports.csv",
        ImportsJsonl = "imports.jsonl",
        AuditCsv = "audit.csv",
        AuditJsonl = "audit.jsonl",
    }
);

/// The query of a file's address.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct ExportQuery {
    /// Of subjects: a part of the number.
    q: String,
    /// Of subjects: `screened`, `enrolled`, `completed` or `withdrawn`.
    status: String,
    /// Of subjects: the code of a site.
    site: String,
    /// Of subjects: `1` to have their names, which is for coordinators and is noted.
    names: String,
    /// Of vital signs: the number of a subject. Those of the whole study if absent.
    subject: String,
}

/// Responds with a file of a study's export, as `user` may have it.
pub async fn export_file(
    app: App,
    user: &User,
    (study, rights): (Study, Rights),
    wanted: ExportFile,
    query: ExportQuery,
) -> Result<Response, AppError> {
    let format = Format::of(wanted.as_str());
    let mut name = format!("{}-{wanted}", study.code);
    let mut conn = app.db.read().await?;
    match wanted {
        ExportFile::SubjectsCsv | ExportFile::SubjectsJsonl => {
            let list = subjects(&app, &mut conn, user, (&study, rights), query).await?;
            drop(conn);
            Ok(file(app, list, format, &name))
        }
        ExportFile::VitalSignsCsv | ExportFile::VitalSignsJsonl => {
            let subject = subject_asked_for(&mut conn, &study, &query.subject).await?;
            if let Some(subject) = &subject {
                name = format!("{}-{wanted}", subject.number);
            }
            let ranges = read_ranges(&mut conn, study.id).await?;
            drop(conn);
            let of = match subject {
                Some(subject) => Of::Subject {
                    subject,
                    before: None,
                },
                None => Of::Study {
                    id: study.id,
                    before: i64::MAX,
                },
            };
            Ok(file(app, VitalSigns { of, ranges }, format, &name))
        }
        ExportFile::ImportsCsv | ExportFile::ImportsJsonl => {
            drop(conn);
            let list = Imports {
                study: study.id,
                before: i64::MAX,
            };
            Ok(file(app, list, format, &name))
        }
        ExportFile::AuditCsv | ExportFile::AuditJsonl => {
            let (last, _) = find_end(&mut conn, study.id).await?;
            drop(conn);
            let list = Entries {
                chain: study.id,
                after: 0,
                last,
            };
            Ok(file(app, list, format, &name))
        }
    }
}

/// Returns the list of subjects that is asked for.
async fn subjects(
    app: &App,
    conn: &mut Conn,
    user: &User,
    (study, rights): (&Study, Rights),
    query: ExportQuery,
) -> Result<Subjects, AppError> {
    let with_names = query.names == "1";
    if with_names {
        rights.check_coordinates()?;
    }
    let sites = list_sites(conn, study.id).await?;
    let arms = list_arms(conn, study.id).await?;
    let filter = SubjectsQuery {
        q: query.q,
        status: query.status,
        site: query.site,
        cursor: String::new(),
    };
    let filter = filter.read(study.id, &sites)?;
    if with_names {
        tracing::info!(
            study.id,
            user.id = user.id,
            "Subjects were exported with their names"
        );
    }
    Ok(Subjects {
        app: app.clone(),
        filter,
        sites,
        arms,
        with_names,
    })
}

/// Returns the subject with this number; `None` if none is asked for.
async fn subject_asked_for(
    conn: &mut Conn,
    study: &Study,
    number: &str,
) -> Result<Option<Subject>, AppError> {
    if number.is_empty() {
        return Ok(None);
    }
    let subject = find_subject_numbered(conn, number).await?;
    let subject = subject.filter(|subject| subject.study_id == study.id);
    let unknown = || AppError::invalid("subject", t!("trials-fault-unknown"));
    subject.ok_or_else(unknown).map(Some)
}
