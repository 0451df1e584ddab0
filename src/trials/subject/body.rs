//! A subject as programs read it.

use crate::clock::Timestamp;
use crate::trials::{Arm, Sex, Site, Subject, SubjectStatus};
use serde::Serialize;
use utoipa::ToSchema;

/// A subject of a study.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Subject)]
pub struct SubjectBody {
    pub id: i64,
    /// `<study>-<site>-<0001>`, without a gap within a site.
    pub number: String,
    /// Null for all but coordinators of the study.
    pub name: Option<String>,
    /// In years.
    pub age: i64,
    pub sex: Sex,
    /// The id of the study.
    pub project_id: i64,
    /// The code of the site.
    pub site: String,
    /// The name of the arm.
    pub arm: Option<String>,
    pub status: SubjectStatus,
    /// The time of the first enrolment.
    pub enrolled_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl SubjectBody {
    /// The subject of a study with these sites and arms.
    pub fn new(subject: &Subject, name: Option<String>, sites: &[Site], arms: &[Arm]) -> Self {
        let site = sites.iter().find(|site| site.id == subject.site_id);
        let arm = arms.iter().find(|arm| Some(arm.id) == subject.arm_id);
        Self {
            id: subject.id,
            number: subject.number.clone(),
            name,
            age: subject.age,
            sex: subject.sex,
            project_id: subject.study_id,
            site: site.map(|site| site.code.clone()).unwrap_or_default(),
            arm: arm.map(|arm| arm.name.clone()),
            status: subject.status,
            enrolled_at: subject.enrolled_at,
            version: subject.version,
            created_at: subject.created_at,
            updated_at: subject.updated_at,
        }
    }
}
