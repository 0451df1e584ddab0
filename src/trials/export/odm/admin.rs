//! The people and places of a document: those who made the changes that it has, and the study's sites.

use super::plan::{Plan, location_oid, user_oid};
use super::xml::Xml;
use crate::accounts::find_names;
use crate::error::AppError;
use crate::server::App;
use crate::trials::audit::store::list_authors;
use std::collections::BTreeSet;

/// The number of entries of the audit trail that one statement goes through.
const AT_ONCE: i64 = 50_000;

/// Somebody who made a change, by id and name; without an id it is the program itself.
pub type Author = (Option<i64>, Option<String>);

/// Reads those who made changes up to the plan's moment, in order of their ids. A trail may be long, so it is gone through
/// piece by piece.
pub async fn read_authors(app: &App, plan: &Plan) -> Result<Vec<Author>, AppError> {
    let (mut authors, mut after) = (BTreeSet::new(), 0);
    while after < plan.end.0 {
        let last = plan.end.0.min(after + AT_ONCE);
        let mut conn = app.db.read().await?;
        authors.extend(list_authors(&mut conn, plan.study.id, (after, last)).await?);
        after = last;
    }
    let ids: Vec<i64> = authors.iter().copied().flatten().collect();
    let mut conn = app.db.read().await?;
    let mut names = find_names(&mut conn, &ids).await?;
    drop(conn);
    let named = authors.into_iter().map(|author| match author {
        Some(id) => (author, names.remove(&id)),
        None => (author, Some("Guildhall".to_owned())),
    });
    Ok(named.collect())
}

/// Writes the element `AdminData`.
pub fn write_admin(xml: &mut Xml, plan: &Plan, authors: &[Author]) {
    let (study, version) = (plan.study_oid(), plan.version_oid());
    xml.begin("AdminData", &[("StudyOID", &study)]);
    for (author, name) in authors {
        let user = user_oid(*author);
        xml.begin("User", &[("OID", &user), ("UserType", "Other")]);
        if let Some(name) = name {
            xml.text("DisplayName", &[], name);
        }
        xml.end("User");
    }
    let day: String = plan.at.rfc3339().chars().take(10).collect();
    for site in &plan.sites {
        let oid = location_oid(&site.code);
        let location = [
            ("OID", oid.as_str()),
            ("Name", &site.name),
            ("LocationType", "Site"),
        ];
        xml.begin("Location", &location);
        let reference = [
            ("StudyOID", study.as_str()),
            ("MetaDataVersionOID", &version),
            ("EffectiveDate", &day),
        ];
        xml.empty("MetaDataVersionRef", &reference);
        xml.end("Location");
    }
    xml.end("AdminData");
}
