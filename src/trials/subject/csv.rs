//! Subjects as CSV, safe to open in a spreadsheet.

use crate::i18n::t;
use crate::spreadsheet::{BYTE_ORDER_MARK, line};
use crate::trials::Subject;

/// Returns the names of the columns, with a byte order mark before them.
pub fn head(with_names: bool) -> String {
    let names = [
        t!("trials-number"),
        t!("trials-site"),
        t!("trials-age"),
        t!("trials-sex"),
        t!("trials-arm"),
        t!("trials-status"),
        t!("trials-registered"),
        t!("trials-first-enrolled"),
    ];
    let mut names = names.to_vec();
    if with_names {
        names.insert(1, t!("trials-name"));
    }
    format!("{BYTE_ORDER_MARK}{}", line(&names))
}

/// Formats a subject's line; without a name if none is given.
pub fn row(subject: &Subject, name: Option<&str>, site: &str, arm: &str) -> String {
    let enrolled = subject.enrolled_at.map(crate::clock::Timestamp::rfc3339);
    let (age, registered) = (subject.age.to_string(), subject.created_at.rfc3339());
    let mut values = vec![
        subject.number.as_str(),
        site,
        &age,
        subject.sex.as_str(),
        arm,
        subject.status.as_str(),
        &registered,
        enrolled.as_deref().unwrap_or_default(),
    ];
    if let Some(name) = name {
        values.insert(1, name);
    }
    line(&values)
}
