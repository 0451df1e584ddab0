//! Proofs: queries for rows where two things that must agree differ, and their findings in words.

use crate::server::{Conn, fetch_all};
use sqlx::AssertSqlSafe;

/// A violation, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding(pub String);

/// A message about a violation with three placeholders, and a query for the rows that fill them:
/// the name, the actual value, the expected value.
pub type Check = (&'static str, &'static str);

/// The maximum number of violations reported per check.
pub const NAMED: usize = 10;

/// Returns the violations of the checks; empty if all of them hold.
pub async fn find_breaks(conn: &mut Conn, checks: &[Check]) -> sqlx::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (words, query) in checks {
        let query = AssertSqlSafe(format!("{query} LIMIT {NAMED}"));
        let breaks: Vec<(String, i64, i64)> = fetch_all!(conn, query)?;
        for (name, is, should_be) in breaks {
            let values = [name, is.to_string(), should_be.to_string()];
            let fill = |text: String, value: &String| text.replacen("{}", value, 1);
            findings.push(Finding(values.iter().fold((*words).to_owned(), fill)));
        }
    }
    Ok(findings)
}
