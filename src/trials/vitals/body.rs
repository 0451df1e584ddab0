//! A reading as programs read it.

use super::measure::Measure;
use super::ranges::Ranges;
use super::reading::Reading;
use crate::clock::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A reading of a subject's vital signs.
#[derive(Serialize, ToSchema)]
#[schema(as = VitalSigns)]
pub struct ReadingBody {
    id: i64,
    record_time: Timestamp,
    /// In beats a minute.
    heart_rate: Option<i64>,
    /// Systolic over diastolic, in mmHg: `120/80`.
    blood_pressure: String,
    /// In degrees Celsius.
    temperature: Option<f64>,
    /// In percent.
    oxygen_saturation: Option<i64>,
    /// In breaths a minute.
    respiratory_rate: Option<i64>,
    /// The measures that are outside the range in which the study expects them: `heart_rate`, `systolic` and so on.
    unusual: Vec<String>,
    /// 1 until it is corrected or struck out.
    version: i64,
    /// Null as long as it counts.
    struck_out_at: Option<Timestamp>,
    /// The id of whoever struck it out.
    struck_out_by: Option<i64>,
}

impl ReadingBody {
    pub fn new(reading: &Reading, ranges: &Ranges) -> Self {
        let value = |measure| reading.value(measure);
        let unusual = ranges.unusual(reading).map(|measure| measure.to_string());
        Self {
            id: reading.id,
            record_time: reading.recorded_at,
            heart_rate: value(Measure::HeartRate),
            blood_pressure: reading.pressure(),
            temperature: value(Measure::Temperature).map(|tenths| tenths as f64 / 10.0),
            oxygen_saturation: value(Measure::OxygenSaturation),
            respiratory_rate: value(Measure::RespiratoryRate),
            unusual: unusual.collect(),
            version: reading.version,
            struck_out_at: reading.struck_out.map(|it| it.at),
            struck_out_by: reading.struck_out.and_then(|it| it.by),
        }
    }
}
