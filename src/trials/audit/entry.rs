//! An entry of the audit trail, and the names of what it is about.

use crate::clock::Timestamp;
use crate::i18n::t;
use crate::trials::signatures::Meaning;
use crate::trials::subject::SEALED;
use crate::trials::vitals::Measure;
use crate::ui::moment;
use serde::Serialize;

/// The chain that records which studies there are. The chain of a study has the study's id.
pub const REGISTRY: i64 = 0;

/// The status of a reading that counts.
pub const RECORDED: &str = "recorded";

/// The status of a reading that is struck out.
pub const STRUCK_OUT: &str = "struck_out";

/// A change of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Entry {
    /// The id of the study; 0 in the registry of studies.
    #[serde(rename = "chain")]
    pub chain_id: i64,
    /// From 1, without a gap.
    pub seq: i64,
    #[serde(serialize_with = "micros")]
    pub at: Timestamp,
    /// `None` if the program did it by itself, as it does with demo data.
    pub user_id: Option<i64>,
    /// The thing that was changed: `study`, `site/01`, `subject/HYP24-01-0001`.
    pub record: String,
    pub field: String,
    /// `None` if there was no value before.
    pub old: Option<String>,
    /// `None` if there is no value any more.
    pub new: Option<String>,
    pub reason: String,
    pub hash: String,
}

/// Serialises a time as what the hash is of.
fn micros<S: serde::Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(at.micros())
}

/// Returns the record of a subject.
pub fn subject_record(number: &str) -> String {
    format!("subject/{number}")
}

/// Returns the record of a site.
pub fn site_record(code: &str) -> String {
    format!("site/{code}")
}

/// Returns the record of a person's role.
pub fn member_record(user: i64) -> String {
    format!("member/{user}")
}

/// Returns the record of a subject's reading of vital signs.
pub fn vital_record(number: &str, at: Timestamp) -> String {
    format!("vital/{number}/{}", at.rfc3339())
}

/// Returns the record of a planned visit.
pub fn visit_record(name: &str) -> String {
    format!("visit/{name}")
}

/// Returns the record of the signatures of a subject's visit.
pub fn signature_record(number: &str, visit: &str) -> String {
    format!("signature/{number}/{visit}")
}

/// Returns a record as people read it.
pub fn record_name(record: &str) -> String {
    match record.split_once('/') {
        None if record == "study" => t!("trials-record-study").to_owned(),
        Some(("study", code)) => t!("trials-record-study-of", code = code),
        Some(("import", number)) => t!("trials-import-called", number = number),
        Some(("site", code)) => t!("trials-record-site", code = code),
        Some(("arm", name)) => t!("trials-record-arm", name = name),
        Some(("visit", name)) => t!("trials-record-visit", name = name),
        Some(("signature", visit)) => match visit.split_once('/') {
            Some((number, visit)) => {
                t!("trials-record-signature", visit = visit, number = number)
            }
            None => record.to_owned(),
        },
        Some(("member", id)) => t!("trials-record-member", id = id),
        Some(("subject", number)) => number.to_owned(),
        Some(("range", measure)) => {
            t!("trials-record-range", measure = measure_name(measure))
        }
        Some(("vital", reading)) => match reading.split_once('/') {
            Some((number, at)) => {
                let at = Timestamp::parse(at).map_or_else(|| at.to_owned(), moment);
                t!("trials-record-reading", number = number, at = at)
            }
            None => record.to_owned(),
        },
        _ => record.to_owned(),
    }
}

fn measure_name(word: &str) -> &str {
    match Measure::from_word(word) {
        Some(measure) => measure.label(),
        None => word,
    }
}

/// Returns a field's name as people read it.
pub fn field_name(field: &str) -> String {
    let name = match field {
        "age" => t!("trials-age"),
        "arm" => t!("trials-arm"),
        "code" => t!("trials-code"),
        "name" => t!("trials-name"),
        "number" => t!("trials-number"),
        "planned" => t!("trials-planned"),
        "role" => t!("trials-role"),
        "sex" => t!("trials-sex"),
        "site" => t!("trials-site"),
        "status" => t!("trials-status"),
        "title" => t!("trials-title"),
        "file" => t!("trials-file"),
        "good" => t!("trials-good"),
        "mends" => t!("trials-mends"),
        "bad" => t!("trials-bad"),
        "reading" => t!("trials-reading"),
        "record_time" => t!("trials-record-time"),
        "day" => t!("trials-visit-day"),
        "days_before" => t!("trials-visit-before"),
        "days_after" => t!("trials-visit-after"),
        "signer" => t!("trials-signer"),
        "meaning" => t!("trials-meaning"),
        "content" => t!("trials-signed-content"),
        "low" => t!("trials-range-low"),
        "high" => t!("trials-range-high"),
        other => measure_name(other),
    };
    name.to_owned()
}

/// Returns a value as people read it: words in their language, and of a sealed name only that there is one.
pub fn value_name(field: &str, value: &str) -> String {
    use crate::trials::{Sex, StudyRole, StudyStatus, SubjectStatus};
    let label = match field {
        "name" if value.starts_with(SEALED) => Some(t!("trials-sealed")),
        "status" if value == RECORDED => Some(t!("trials-recorded")),
        "status" if value == STRUCK_OUT => Some(t!("trials-struck-out")),
        "sex" => Sex::from_word(value).map(Sex::label),
        "meaning" => Meaning::from_word(value).map(Meaning::label),
        "role" => StudyRole::from_word(value).map(StudyRole::label),
        "status" => SubjectStatus::from_word(value)
            .map(SubjectStatus::label)
            .or_else(|| StudyStatus::from_word(value).map(StudyStatus::label)),
        _ => None,
    };
    label.unwrap_or(value).to_owned()
}
