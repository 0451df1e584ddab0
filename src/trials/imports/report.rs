//! The result of an import.

use super::file::{FaultBody, FileFault};
use crate::clock::Timestamp;
use crate::i18n::t;
use crate::trials::vitals::Reading;
use crate::words::words;
use serde::Serialize;

words!(
    /// The state of an import.
    pub enum ImportStatus {
        /// Its good rows are stored.
        Done = "done",
        /// It had bad rows, and was to stop at them: nothing of it is stored.
        Stopped = "stopped",
        /// It was done, and what it brought was taken back.
        Reverted = "reverted",
    }

    fn unknown(_: &str) -> String {
        t!("trials-import-status-unknown").to_owned()
    }
);

/// An import, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Import {
    pub id: i64,
    pub study_id: i64,
    pub file_name: String,
    pub bytes: i64,
    /// SHA-256 of the file, in hexadecimal.
    pub hash: String,
    /// The format that was found out.
    pub format: String,
    /// The columns that were found, and those that were ignored.
    pub columns: String,
    pub status: ImportStatus,
    pub records: i64,
    pub good: i64,
    pub bad: i64,
    /// The number of values outside the expected ranges.
    pub unusual: i64,
    pub created_by: Option<i64>,
    pub created_at: Timestamp,
    pub reverted_at: Option<Timestamp>,
    /// The minutes that times without an offset were taken to be ahead of UTC.
    pub ahead: Option<i64>,
}

/// An import and the faults of its file.
#[derive(Clone, Debug)]
pub struct Report {
    pub import: Import,
    /// The first of them, in the order of the file.
    pub faults: Vec<FileFault>,
    /// True if nothing was written, since that was asked for.
    pub dry_run: bool,
}

/// A reading that stays though its import was taken back: somebody corrected it or struck it out.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The subject's number.
    pub number: String,
    /// The subject's id.
    pub subject: i64,
    pub reading: Reading,
}

/// An import that was taken back, and the readings that stay.
#[derive(Clone, Debug)]
pub struct Reverted {
    pub import: Import,
    pub count: i64,
    /// The first of them.
    pub named: Vec<Kept>,
}

/// An import as programs read it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Import)]
pub struct ImportBody {
    /// Null in a dry run.
    id: Option<i64>,
    /// The id of the study.
    project_id: i64,
    file_name: String,
    bytes: i64,
    /// SHA-256 of the file, in hexadecimal.
    hash: String,
    /// The format that was found out.
    format: String,
    /// The columns that were found, and those that were ignored.
    columns: String,
    status: ImportStatus,
    /// All rows: the good and the bad ones.
    records: i64,
    good: i64,
    bad: i64,
    /// The number of values that are stored, and outside the ranges in which the study expects them.
    unusual: i64,
    created_by: Option<i64>,
    created_at: Timestamp,
    reverted_at: Option<Timestamp>,
}

impl ImportBody {
    pub fn new(import: &Import) -> Self {
        Self {
            id: (import.id > 0).then_some(import.id),
            project_id: import.study_id,
            file_name: import.file_name.clone(),
            bytes: import.bytes,
            hash: import.hash.clone(),
            format: import.format.clone(),
            columns: import.columns.clone(),
            status: import.status,
            records: import.records,
            good: import.good,
            bad: import.bad,
            unusual: import.unusual,
            created_by: import.created_by,
            created_at: import.created_at,
            reverted_at: import.reverted_at,
        }
    }
}

/// An import with the first faults of its file.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ImportReport)]
pub struct ReportBody {
    #[serde(flatten)]
    import: ImportBody,
    dry_run: bool,
    /// The first faults, in the order of the file, and the values that are unusual.
    faults: Vec<FaultBody>,
}

impl ReportBody {
    pub fn new(report: &Report) -> Self {
        Self {
            import: ImportBody::new(&report.import),
            dry_run: report.dry_run,
            faults: report.faults.iter().map(FileFault::body).collect(),
        }
    }
}

/// A reading that stays though its import was taken back.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = KeptReading)]
struct KeptBody {
    id: i64,
    subject_id: i64,
    /// The subject's number.
    number: String,
    record_time: Timestamp,
    /// True if it was struck out, false if it was corrected.
    struck_out: bool,
}

/// An import that was taken back, and the readings that stay since somebody corrected or struck them out.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RevertedImport)]
pub struct RevertedBody {
    #[serde(flatten)]
    import: ImportBody,
    /// The number of readings that stay.
    kept: i64,
    /// The first hundred of them.
    kept_readings: Vec<KeptBody>,
}

impl RevertedBody {
    pub fn new(reverted: &Reverted) -> Self {
        let body = |kept: &Kept| KeptBody {
            id: kept.reading.id,
            subject_id: kept.subject,
            number: kept.number.clone(),
            record_time: kept.reading.recorded_at,
            struck_out: kept.reading.struck_out.is_some(),
        };
        Self {
            import: ImportBody::new(&reverted.import),
            kept: reverted.count,
            kept_readings: reverted.named.iter().map(body).collect(),
        }
    }
}
