//! Verification of the subjects: their numbers, and what their audit trail says of them.

use crate::error::AppError;
use crate::proof::{Check, Finding, find_breaks};
use crate::server::App;
use futures_util::future::BoxFuture;

const CHECKS: [Check; 4] = [
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
        "Subject {} is {} years old, and by the audit trail {}",
        "SELECT number, age, CAST(new AS BIGINT) FROM (
             SELECT b.number, b.age, e.new,
                    ROW_NUMBER() OVER (PARTITION BY b.id ORDER BY e.seq DESC) AS place
             FROM subjects b JOIN audit_entries e
             ON e.chain_id = b.study_id AND e.record = 'subject/' || b.number AND e.field = 'age') AS ages
         WHERE place = 1 AND CAST(age AS TEXT) <> new",
    ),
];

/// Returns the errors in the subjects' numbers and values; empty if they are right. Reads one snapshot of the database
/// throughout.
///
/// Boxed, as [`crate::seed::seed`] is.
pub fn verify_trials(app: &App) -> BoxFuture<'_, Result<Vec<Finding>, AppError>> {
    Box::pin(check(app))
}

async fn check(app: &App) -> Result<Vec<Finding>, AppError> {
    let mut conn = app.db.snapshot().await?;
    Ok(find_breaks(&mut conn, &CHECKS).await?)
}
