//! Verification of the subjects and their readings: numbers, and what the audit trail says of them.

use crate::error::AppError;
use crate::proof::{Check, Finding, NAMED, find_breaks};
use crate::server::{App, fetch_scalars};
use futures_util::future::BoxFuture;
use sqlx::AssertSqlSafe;

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
         WHERE (SELECT COUNT(DISTINCT e.field) FROM audit_entries e
                WHERE e.chain_id = g.study_id AND e.record = 'signature/' || b.number || '/' || g.visit
                  AND e.user_id = g.user_id AND e.at = g.signed_at
                  AND ((e.field = 'signer' AND e.new = g.signer) OR (e.field = 'meaning' AND e.new = g.meaning)
                       OR (e.field = 'content' AND e.new = g.content_hash))) <> 3",
    ),
];

/// The fields of a subject, with SQL for the text that its audit trail should end with.
const FIELDS: [(&str, &str); 5] = [
    ("age", "CAST(b.age AS TEXT)"),
    ("sex", "b.sex"),
    ("status", "b.status"),
    (
        "arm",
        "(SELECT a.name FROM study_arms a WHERE a.id = b.arm_id)",
    ),
    ("name", "b.sealed_name"),
];

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
    for (field, value) in FIELDS {
        // The trail is gone through once and not once for each subject, as SQLite would with a plain join.
        let query = AssertSqlSafe(format!(
            "WITH last AS MATERIALIZED (
                 SELECT chain_id, record, new FROM (
                     SELECT chain_id, record, new,
                            ROW_NUMBER() OVER (PARTITION BY chain_id, record ORDER BY seq DESC) AS place
                     FROM audit_entries WHERE field = '{field}') AS entries
                 WHERE place = 1)
             SELECT b.number FROM subjects b
             LEFT JOIN last l ON l.chain_id = b.study_id AND l.record = 'subject/' || b.number
             WHERE COALESCE({value}, '') <> COALESCE(l.new, '') ORDER BY b.number LIMIT {NAMED}"
        ));
        let numbers: Vec<String> = fetch_scalars!(conn, query)?;
        let differs =
            |number| format!("Subject {number} has another {field} than its audit trail says");
        findings.extend(numbers.into_iter().map(|number| Finding(differs(number))));
    }
    Ok(findings)
}
