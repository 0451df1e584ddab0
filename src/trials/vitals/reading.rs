//! A reading of a subject's vital signs at one time.

use super::measure::{Measure, read_pressure};
use crate::clock::Timestamp;
use crate::error::Faults;
use crate::i18n::t;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The number of measures.
pub const MEASURES: usize = Measure::ALL.len();

/// A reading. Heart rate and blood pressure are always there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub id: i64,
    pub recorded_at: Timestamp,
    /// By [`Measure::index`]; `None` if it was not measured.
    pub values: [Option<i64>; MEASURES],
    /// 1 until somebody corrects it or strikes it out.
    pub version: i64,
    /// `None` as long as it counts.
    pub struck_out: Option<StruckOut>,
}

/// The end of a reading that was wrong. It is kept, and counts no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StruckOut {
    pub at: Timestamp,
    pub by: Option<i64>,
}

impl Reading {
    pub fn value(&self, measure: Measure) -> Option<i64> {
        self.values[measure.index()]
    }

    /// Returns the blood pressure, systolic over diastolic: `120/80`.
    pub fn pressure(&self) -> String {
        let value = |measure| self.value(measure).unwrap_or_default();
        let (systolic, diastolic) = (value(Measure::Systolic), value(Measure::Diastolic));
        format!("{systolic}/{diastolic}")
    }
}

/// Returns the values of a whole reading as the audit trail has them: `heart_rate 72, systolic 120, diastolic 80`.
pub fn values_text(value: impl Fn(Measure) -> Option<i64>) -> String {
    let texts = Measure::ALL.into_iter().filter_map(|measure| {
        let value = value(measure)?;
        Some(format!("{measure} {}", measure.format(value)))
    });
    texts.collect::<Vec<_>>().join(", ")
}

/// A reading to be recorded. A value of the wrong type is a fault of its field, and does not hide those of others.
#[derive(Clone, Debug, Default, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReading {
    /// RFC 3339, with its offset; not in the future.
    #[schema(required, value_type = String, format = DateTime)]
    #[serde(default)]
    pub record_time: Value,
    /// In beats a minute.
    #[schema(required, value_type = i64, minimum = 15, maximum = 320)]
    #[serde(default)]
    pub heart_rate: Value,
    /// Systolic over diastolic, in mmHg: `120/80`.
    #[schema(required, value_type = String)]
    #[serde(default)]
    pub blood_pressure: Value,
    /// In degrees Celsius, to a tenth.
    #[schema(value_type = Option<f64>)]
    #[serde(default)]
    pub temperature: Value,
    /// In percent.
    #[schema(value_type = Option<i64>, minimum = 30, maximum = 100)]
    #[serde(default)]
    pub oxygen_saturation: Value,
    /// In breaths a minute.
    #[schema(value_type = Option<i64>, minimum = 2, maximum = 90)]
    #[serde(default)]
    pub respiratory_rate: Value,
}

/// Returns a value as it would be typed; `None` if there is none.
fn typed(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        // Nothing that can be read, so that it is refused as what it is.
        other => Some(other.to_string()),
    }
}

impl NewReading {
    /// Checks everything at once. The id is yet to be given.
    pub fn check(&self, faults: &mut Faults, now: Timestamp) -> Reading {
        let time = match typed(&self.record_time) {
            None => Err(t!("trials-time-needed").to_owned()),
            Some(text) => read_time(&text, now),
        };
        let pressure = match typed(&self.blood_pressure) {
            None => Err(t!("trials-pressure-needed").to_owned()),
            Some(text) => read_pressure(&text),
        };
        let recorded_at = faults.check("record_time", time).unwrap_or_default();
        let mut values = [None; MEASURES];
        let mut read = |measure: Measure, value: &Value, needed: bool| {
            let value = match typed(value) {
                None if needed => Err(t!("trials-value-needed").to_owned()),
                None => Ok(None),
                Some(text) => measure.read(&text).map(Some),
            };
            values[measure.index()] = faults.check(measure.as_str(), value).flatten();
        };
        read(Measure::HeartRate, &self.heart_rate, true);
        read(Measure::Temperature, &self.temperature, false);
        read(Measure::OxygenSaturation, &self.oxygen_saturation, false);
        read(Measure::RespiratoryRate, &self.respiratory_rate, false);
        if let Some((systolic, diastolic)) = faults.check("blood_pressure", pressure) {
            values[Measure::Systolic.index()] = Some(systolic);
            values[Measure::Diastolic.index()] = Some(diastolic);
        }
        Reading {
            id: 0,
            recorded_at,
            values,
            version: 1,
            struck_out: None,
        }
    }

    /// Returns a reading as it would be sent, in texts.
    pub fn of(reading: &Reading) -> Self {
        let text = |measure: Measure| {
            let value = reading.value(measure);
            value.map_or(Value::Null, |value| measure.format(value).into())
        };
        Self {
            record_time: reading.recorded_at.rfc3339().into(),
            heart_rate: text(Measure::HeartRate),
            blood_pressure: reading.pressure().into(),
            temperature: text(Measure::Temperature),
            oxygen_saturation: text(Measure::OxygenSaturation),
            respiratory_rate: text(Measure::RespiratoryRate),
        }
    }
}

/// Reads a time with its offset, not later than now.
fn read_time(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let time = Timestamp::parse(text.trim()).ok_or_else(|| t!("trials-time-wrong"))?;
    match time <= now {
        true => Ok(time),
        false => Err(t!("trials-time-ahead").to_owned()),
    }
}
