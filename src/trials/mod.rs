//! Trials: clinical studies, their subjects, and the audit trail of both.
//!
//! People have a role in a study, and see nothing of a study in which they have none (`trials/access.rs`).
//! Coordinators register subjects and know their names; monitors and auditors know them by number. An admin
//! manages every study and sees what an auditor sees; a study's creator is its first coordinator. Names are sealed
//! in the database (`trials/subject/sealed_name.rs`) and are in no log and no audit trail.
//!
//! **Numbers** are `<study>-<site>-<0001>`, without a gap and without a double. A site's counter is counted up in the
//! transaction that registers the subject: if that is not committed, neither is the number. On PostgreSQL the row of
//! the counter is locked until then, for all servers; a lock outside the database could expire before the commit,
//! and would be worse than none. Subjects are never deleted, only withdrawn.
//!
//! **The audit trail** (`trials/audit/`) has a row for each change of each field: who, when, what it was and is, and why.
//! Each row has a hash of itself and of the row before, so that a row that was altered, removed or moved is found. It
//! is written in the transaction of the change, in one chain for each study, so admins and programs are in the same
//! chain as everybody. A chain of its own records which studies there are.
//!
//! Locks are always taken in one order: a study's chain, then its sites. Whoever changes anything of a study begins with
//! the chain, so changes of one study come one after another, and those of two studies side by side.
//!
//! **Exports** (`trials/export/`) are every list as CSV and JSON Lines, and a study as CDISC ODM.
//!
//! `guildhall verify trials` and `guildhall verify audit` recompute all of it.

mod rules;

pub use rules::{
    ArmName, GREATEST_AGE, MOST_PLANNED, Reason, Sex, SiteName, StudyRole, StudyStatus, StudyTitle,
    SubjectName, SubjectStatus, check_age, check_planned, read_site_code, read_study_code,
    subject_number,
};

use crate::clock::Timestamp;
use serde::{Deserialize, Serialize};

/// A clinical study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Study {
    pub id: i64,
    /// Unique; the first part of its subjects' numbers.
    pub code: String,
    pub title: String,
    pub status: StudyStatus,
    /// The number of subjects it is to enrol; `None` if none is planned.
    pub planned: Option<i64>,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A site where subjects are registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    pub id: i64,
    /// Unique in the study; the second part of its subjects' numbers.
    pub code: String,
    pub name: String,
    /// The ordinal of the subject registered last; 0 before the first.
    pub last_ordinal: i64,
}

impl Site {
    /// Returns the code and, if it has one of its own, the name.
    pub fn label(&self) -> String {
        match self.code == self.name {
            true => self.code.clone(),
            false => format!("{} · {}", self.code, self.name),
        }
    }
}

/// A group of subjects that are treated alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arm {
    pub id: i64,
    pub name: String,
}

/// A person who takes part in a study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub user_id: i64,
    pub name: String,
    pub email: String,
    pub role: StudyRole,
    pub since: Timestamp,
}

/// A subject of a study, by number. Its name is read apart, by those who may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    pub id: i64,
    pub study_id: i64,
    pub site_id: i64,
    pub number: String,
    /// In years.
    pub age: i64,
    pub sex: Sex,
    pub arm_id: Option<i64>,
    pub status: SubjectStatus,
    /// The time of the first enrolment.
    pub enrolled_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod access;
        mod audit;
        mod components;
        mod demo;
        mod export;
        pub mod forms;
        mod imports;
        pub mod rest;
        pub mod rpc;
        mod signatures;
        mod study;
        mod subject;
        mod verify;
        mod visits;
        mod vitals;

        pub use audit::{AuditPage, verify_audit};
        pub use demo::seed_demo;
        pub use export::{ExportFile, FaultsFile};
        pub use imports::{ImportCommand, ImportPage, ImportStatus, ImportsPage, MendPage, import_file};
        pub use signatures::Meaning;
        pub use study::{NewStudyPage, StudiesPage, StudyPage, StudySettingsPage};
        pub use subject::{NameKey, NewSubjectPage, SubjectPage, SubjectsPage};
        pub use verify::verify_trials;
        pub use visits::{MissedVisitsPage, VisitState};
        pub use vitals::{ReadingPage, ReadingsPage};
    }
}
