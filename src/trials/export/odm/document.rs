//! The document as a whole, from its declaration to its end.

use super::admin::{read_authors, write_admin};
use super::clinical::{Place, write_page};
use super::metadata::write_study;
use super::plan::Plan;
use super::xml::Xml;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Tx, attachment};
use crate::trials::Study;
use crate::trials::export::stream::{Parts, streamed};
use axum::body::Bytes;
use axum::response::Response;

/// Responds with a study as ODM, as this snapshot of the database has it.
pub async fn odm_file(app: &App, mut conn: Tx, study: Study) -> Result<Response, AppError> {
    let name = format!("{}.odm.xml", study.code);
    let plan = Plan::read(&mut conn, study, app.clock.now()).await?;
    drop(conn);
    let (last, code) = (plan.end.0, plan.study.code.as_str());
    let document = Document {
        app: app.clone(),
        about: t!("trials-odm-about", study = code, last = last),
        plan,
        xml: Xml::new(),
        stage: Stage::Head,
    };
    let content_type = "application/xml; charset=utf-8";
    Ok(attachment(content_type, &name, streamed(document)))
}

/// A document under way.
struct Document {
    app: App,
    plan: Plan,
    /// A sentence about it.
    about: String,
    xml: Xml,
    stage: Stage,
}

/// The part that comes next.
enum Stage {
    Head,
    Clinical(Place),
    Over,
}

impl Parts for Document {
    async fn next(&mut self) -> Result<Option<Bytes>, AppError> {
        let (app, plan, xml) = (&self.app, &self.plan, &mut self.xml);
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Head => {
                let authors = read_authors(app, plan).await?;
                begin(xml, plan, &self.about);
                write_study(xml, plan);
                write_admin(xml, plan, &authors);
                let (study, version) = (plan.study_oid(), plan.version_oid());
                let of = [
                    ("StudyOID", study.as_str()),
                    ("MetaDataVersionOID", &version),
                ];
                xml.begin("ClinicalData", &of);
                self.stage = Stage::Clinical(Place::default());
            }
            Stage::Clinical(mut place) => match write_page(app, plan, &mut place, xml).await? {
                true => self.stage = Stage::Clinical(place),
                false => {
                    xml.end("ClinicalData");
                    xml.end("ODM");
                }
            },
            Stage::Over => return Ok(None),
        }
        Ok(Some(self.xml.take()))
    }
}

/// Begins the root element. The document is named by the audit trail's last entry and its hash: two of one name have the
/// same data.
fn begin(xml: &mut Xml, plan: &Plan, about: &str) {
    let (last, hash) = &plan.end;
    let file = format!("{}.{last}.{hash}", plan.study.code);
    let at = plan.at.rfc3339();
    let attributes = [
        ("xmlns", "http://www.cdisc.org/ns/odm/v1.3"),
        ("ODMVersion", "1.3.2"),
        ("FileType", "Snapshot"),
        ("Granularity", "All"),
        ("FileOID", file.as_str()),
        ("CreationDateTime", &at),
        ("AsOfDateTime", &at),
        ("Description", about),
        ("SourceSystem", "Guildhall"),
        ("SourceSystemVersion", env!("CARGO_PKG_VERSION")),
    ];
    xml.begin("ODM", &attributes);
}
