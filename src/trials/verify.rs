//! Verification of the subjects and their readings: numbers, and what the audit trail says of them.

use crate::error::AppError;
use crate::proof::{Check, Finding, NAMED, find_breaks};
use crate::server::{App, Conn, fetch_all, fetch_scalars};
use crate::trials::audit::store::list_ends;
use crate::trials::audit::subject_record;
use futures_util::future::BoxFuture;
use sqlx::FromRow;
use std::collections::HashMap;

const CHECKS: [Check; 7] = [
    (
        "Site {} has given {} numbers, and has {} subjects",
        "SELECT s.code || '-' || t.code, t.last_ordinal, COUNT(b.id)
         FROM study_sites t JOIN studies s ON s.id = t.study_id LEFT JOIN subjects b ON b.site_id = t.id
         GROUP BY t.id, s.code, t.code, t.last_ordinal HAVING t.last_ordinal <> COUNT(b.id)",
    ),
    (
        "Subject {} has the ordinal {}, and is no. {} of its site",
        "SELECT number, ordinal, place FROM (
             SELECT number, ordinal, ROW_NUMBER() OVER (PARTITION BY site_id ORDER BY ordinal) AS place
             FROM subjects) AS places
         WHERE ordinal <> place",
    ),
    (
        "Subject {} is in study no. {}, and its site in no. {}",
        "SELECT b.number, b.study_id, t.study_id FROM subjects b
         JOIN study_sites t ON t.id = b.site_id WHERE b.study_id <> t.study_id",
    ),
    (
        "Reading no. {} is in study no. {}, and its subject in no. {}",
        "SELECT CAST(v.id AS TEXT), v.study_id, b.study_id FROM vital_signs v
         JOIN subjects b ON b.id = v.subject_id WHERE v.study_id <> b.study_id",
    ),
    (
        "Study {} has {} readings that are struck out, and its audit trail says {}",
        "SELECT s.code, COALESCE(v.readings, 0), COALESCE(e.readings, 0) FROM studies s
         LEFT JOIN (SELECT study_id, COUNT(*) AS readings FROM vital_signs
                    WHERE struck_out_at IS NOT NULL GROUP BY study_id) v ON v.study_id = s.id
         LEFT JOIN (SELECT chain_id, COUNT(*) AS readings FROM audit_entries
                    WHERE record LIKE 'vital/%' AND field = 'status' AND new = 'struck_out' GROUP BY chain_id) e
                ON e.chain_id = s.id
         WHERE COALESCE(v.readings, 0) <> COALESCE(e.readings, 0)",
    ),
    (
        "Study {} has {} signatures, and its audit trail says {}",
        "SELECT s.code, COALESCE(g.signatures, 0), COALESCE(e.signatures, 0) FROM studies s
         LEFT JOIN (SELECT study_id, COUNT(*) AS signatures FROM visit_signatures GROUP BY study_id) g
                ON g.study_id = s.id
         LEFT JOIN (SELECT chain_id, COUNT(*) AS signatures FROM audit_entries
                    WHERE record LIKE 'signature/%' AND field = 'content' GROUP BY chain_id) e ON e.chain_id = s.id
         WHERE COALESCE(g.signatures, 0) <> COALESCE(e.signatures, 0)",
    ),
    (
        "Signature no. {}, in study no. {} and of subject no. {}, is not what the audit trail says",
        "SELECT CAST(g.id AS TEXT), g.study_id, g.subject_id FROM visit_signatures g
         LEFT JOIN subjects b ON b.id = g.subject_id AND b.study_id = g.study_id
         LEFT JOIN (SELECT DISTINCT chain_id, record, user_id, at, field, new
                    FROM audit_entries WHERE record LIKE 'signature/%') e
                ON e.chain_id = g.study_id AND e.record = 'signature/' || b.number || '/' || g.visit
               AND e.user_id = g.user_id AND e.at = g.signed_at
               AND ((e.field = 'signer' AND e.new = g.signer) OR (e.field = 'meaning' AND e.new = g.meaning)
                    OR (e.field = 'content' AND e.new = g.content_hash))
         GROUP BY g.id, g.study_id, g.subject_id HAVING COUNT(DISTINCT e.field) <> 3",
    ),
];

/// The subjects that are compared with the trail at once.
const AT_ONCE: i64 = 500;

/// A subject's values as texts, under the names that the trail has for them.
#[derive(FromRow)]
struct Present {
    id: i64,
    number: String,
    age: String,
    sex: String,
    status: String,
    arm: Option<String>,
    name: String,
}

/// The fields of a subject.
const FIELDS: [&str; 5] = ["age", "sex", "status", "arm", "name"];

impl Present {
    /// The values of [`FIELDS`].
    fn values(&self) -> [&str; 5] {
        let arm = self.arm.as_deref().unwrap_or_default();
        [&self.age, &self.sex, &self.status, arm, &self.name]
    }
}

/// Returns the errors in the subjects' numbers and values, and in their readings; empty if they are right. Reads one
/// snapshot of the database throughout.
///
/// Boxed, as [`crate::seed::seed`] is.
pub fn verify_trials(app: &App) -> BoxFuture<'_, Result<Vec<Finding>, AppError>> {
    Box::pin(check(app))
}

async fn check(app: &App) -> Result<Vec<Finding>, AppError> {
    let mut conn = app.db.snapshot().await?;
    let mut findings = find_breaks(&mut conn, &CHECKS).await?;
    let studies: Vec<i64> = fetch_scalars!(conn, "SELECT id FROM studies ORDER BY id")?;
    let mut differing = FIELDS.map(|_| Vec::new());
    for study in studies {
        compare(&mut conn, study, &mut differing).await?;
    }
    for (field, mut numbers) in FIELDS.into_iter().zip(differing) {
        numbers.truncate(NAMED);
        let differs =
            |number| format!("Subject {number} has another {field} than its audit trail says");
        findings.extend(numbers.into_iter().map(|number| Finding(differs(number))));
    }
    Ok(findings)
}

/// Compares the subjects of a study with what its trail says last of each field, and adds to `differing` the numbers of
/// those that differ. Some hundreds at a time by an index: as one join of both it took minutes a field with 20,000
/// subjects, since neither engine knows beforehand how many entries a subject has.
async fn compare(
    conn: &mut Conn,
    study: i64,
    differing: &mut [Vec<String>; 5],
) -> Result<(), AppError> {
    let mut after = 0;
    loop {
        let subjects: Vec<Present> = fetch_all!(
            conn,
            "SELECT b.id, b.number, CAST(b.age AS TEXT) AS age, b.sex, b.status, b.sealed_name AS name,
                 (SELECT a.name FROM study_arms a WHERE a.id = b.arm_id) AS arm
             FROM subjects b WHERE b.study_id = $1 AND b.id > $2 ORDER BY b.id LIMIT $3",
            study,
            after,
            AT_ONCE
        )?;
        let Some(last) = subjects.last() else {
            return Ok(());
        };
        after = last.id;
        let records = subjects.iter().map(|it| subject_record(&it.number));
        let records: Vec<String> = records.collect();
        let entries = list_ends(conn, study, &records, i64::MAX).await?;
        // They come oldest first, so that the last one of a field stays.
        let said: HashMap<(&str, &str), &str> = entries
            .iter()
            .map(|it| {
                let new = it.new.as_deref().unwrap_or_default();
                ((it.record.as_str(), it.field.as_str()), new)
            })
            .collect();
        for (subject, record) in subjects.iter().zip(&records) {
            let fields = FIELDS.into_iter().zip(subject.values());
            for ((field, value), numbers) in fields.zip(differing.iter_mut()) {
                let audited = said.get(&(record.as_str(), field)).copied();
                if audited.unwrap_or_default() != value && numbers.len() < NAMED {
                    numbers.push(subject.number.clone());
                }
            }
        }
    }
}
