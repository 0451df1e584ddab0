//! Proofs: queries for what differs where two things must agree, and their findings in words.

use crate::server::{Conn, fetch_all};
use sqlx::AssertSqlSafe;

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding(pub String);

/// What must hold, said of a break of it with three gaps, and a query for the rows that fill them: what
/// is named, what is there, what should be.
pub type Check = (&'static str, &'static str);

/// How many breaks of each kind are named.
pub const NAMED: usize = 10;

/// What breaks the checks; nothing where all of them hold.
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
