//! The moment and the extent of a document, and the identifiers in it.

use crate::clock::Timestamp;
use crate::server::Conn;
use crate::trials::audit::store::find_end;
use crate::trials::study::store::{list_arms, list_sites};
use crate::trials::subject::store::find_last_subject;
use crate::trials::vitals::store::find_last_reading;
use crate::trials::vitals::{Measure, Ranges, read_ranges};
use crate::trials::{Arm, Site, Study};
use sha2::{Digest, Sha256};

/// The definitions are written anew when this changes.
const EDITION: i64 = 1;

/// Everything that a document begins with.
pub struct Plan {
    pub study: Study,
    pub sites: Vec<Site>,
    pub arms: Vec<Arm>,
    pub ranges: Ranges,
    pub at: Timestamp,
    /// The number of the last entry of the audit trail, and its hash.
    pub end: (i64, String),
    /// The ids of the subject that was registered last, and of the reading that was stored last.
    pub last_subject: i64,
    pub last_reading: i64,
}

impl Plan {
    /// Reads the plan of a document of this moment, within one snapshot of the database.
    pub async fn read(conn: &mut Conn, study: Study, at: Timestamp) -> sqlx::Result<Self> {
        Ok(Self {
            sites: list_sites(conn, study.id).await?,
            arms: list_arms(conn, study.id).await?,
            ranges: read_ranges(conn, study.id).await?,
            at,
            end: find_end(conn, study.id).await?,
            last_subject: find_last_subject(conn, study.id).await?,
            last_reading: find_last_reading(conn, study.id).await?,
            study,
        })
    }

    pub fn study_oid(&self) -> String {
        format!("ST.{}", self.study.code)
    }

    /// The identifier of the definitions: the same in every export until they change.
    pub fn version_oid(&self) -> String {
        let arms: Vec<&str> = self.arms.iter().map(|arm| arm.name.as_str()).collect();
        let ranges = Measure::ALL.map(|measure| self.ranges.of(measure));
        let ranges = ranges.map(|range| [range.low, range.high]);
        let all = serde_json::json!([EDITION, self.study.code, arms, ranges]);
        let hash = hex::encode(Sha256::digest(all.to_string()));
        format!("MDV.{}", &hash[..16])
    }

    /// The identifier of a site by its id.
    pub fn location_oid(&self, site: i64) -> String {
        let site = self.sites.iter().find(|known| known.id == site);
        location_oid(site.map_or("", |site| &site.code))
    }
}

pub fn location_oid(site_code: &str) -> String {
    format!("LO.{site_code}")
}

/// The identifier of a person; that of the program itself is `US.0`.
pub fn user_oid(user: Option<i64>) -> String {
    format!("US.{}", user.unwrap_or_default())
}

/// The identifier of a field of a subject.
pub fn field_oid(field: &str) -> String {
    format!("IT.DM.{}", field.to_ascii_uppercase())
}

/// The identifier of a measure of vital signs.
pub fn measure_oid(measure: Measure) -> String {
    format!("IT.VS.{}", measure.as_str().to_ascii_uppercase())
}

/// The identifier of the unit of a measure.
pub const fn unit_oid(measure: Measure) -> &'static str {
    match measure {
        Measure::HeartRate | Measure::RespiratoryRate => "MU.PER_MINUTE",
        Measure::Systolic | Measure::Diastolic => "MU.MMHG",
        Measure::Temperature => "MU.CELSIUS",
        Measure::OxygenSaturation => "MU.PERCENT",
    }
}

/// The identifier of the unit of ages.
pub const YEAR: &str = "MU.YEAR";

/// The identifier of the time of a reading.
pub const RECORD_TIME: &str = "IT.VS.RECORD_TIME";
