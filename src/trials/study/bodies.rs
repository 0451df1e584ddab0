//! Studies as the JSON API takes and gives them.

use crate::clock::Timestamp;
use crate::trials::{Arm, Member, Site, Study, StudyRole, StudyStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A site to be added: its code, or an object with its name.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(untagged)]
pub enum NewSite {
    Code(String),
    Named {
        code: String,
        #[serde(default)]
        name: String,
    },
}

impl NewSite {
    /// Reads a site as people write it: its code, then its name.
    pub fn named(text: &str) -> Self {
        let (code, name) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        Self::Named {
            code: code.to_owned(),
            name: name.to_owned(),
        }
    }

    /// Returns the code and the name as they were sent.
    pub fn parts(&self) -> (&str, &str) {
        match self {
            Self::Code(code) => (code, ""),
            Self::Named { code, name } => (code, name),
        }
    }
}

/// A site of a study.
#[derive(Serialize, ToSchema)]
#[schema(as = StudySite)]
pub struct SiteBody {
    id: i64,
    code: String,
    name: String,
    /// The number of subjects registered there.
    subjects: i64,
}

impl From<Site> for SiteBody {
    fn from(site: Site) -> Self {
        Self {
            id: site.id,
            code: site.code,
            name: site.name,
            subjects: site.last_ordinal,
        }
    }
}

/// A group of subjects that are treated alike.
#[derive(Serialize, ToSchema)]
#[schema(as = StudyArm)]
pub struct ArmBody {
    id: i64,
    name: String,
}

impl From<Arm> for ArmBody {
    fn from(arm: Arm) -> Self {
        Self {
            id: arm.id,
            name: arm.name,
        }
    }
}

/// A study.
#[derive(Serialize, ToSchema)]
#[schema(as = Study)]
pub struct StudyBody {
    id: i64,
    /// The first part of its subjects' numbers.
    code: String,
    title: String,
    /// Subjects are registered while it is `open`.
    status: StudyStatus,
    /// The number of subjects it is to enrol.
    planned: Option<i64>,
    sites: Vec<SiteBody>,
    arms: Vec<ArmBody>,
    /// Your role in it; null for an admin without one.
    role: Option<StudyRole>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl StudyBody {
    pub fn new(study: Study, sites: Vec<Site>, arms: Vec<Arm>, role: Option<StudyRole>) -> Self {
        Self {
            id: study.id,
            code: study.code,
            title: study.title,
            status: study.status,
            planned: study.planned,
            sites: sites.into_iter().map(SiteBody::from).collect(),
            arms: arms.into_iter().map(ArmBody::from).collect(),
            role,
            version: study.version,
            created_at: study.created_at,
            updated_at: study.updated_at,
        }
    }
}

/// A person's role in a study.
#[derive(Serialize, ToSchema)]
#[schema(as = StudyMember)]
pub struct MemberBody {
    user_id: i64,
    name: String,
    role: StudyRole,
    since: Timestamp,
}

impl From<Member> for MemberBody {
    fn from(member: Member) -> Self {
        Self {
            user_id: member.user_id,
            name: member.name,
            role: member.role,
            since: member.since,
        }
    }
}
