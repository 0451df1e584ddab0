//! The measures of vital signs: their units, what is possible, and what is expected of adults at rest.
//!
//! A value outside the possible is an error of reading or writing, and refused. One outside the expected is stored and
//! marked. The possible is wider than the extremes of case reports; the expected are the limits at which early
//! warning scores (NEWS2, Royal College of Physicians, 2017) begin to count, or rounder ones.

use crate::i18n::t;
use crate::text::narrow;
use crate::words::words;

words!(
    /// A measure of vital signs.
    pub enum Measure {
        /// In beats a minute.
        HeartRate = "heart_rate",
        /// In millimetres of mercury.
        Systolic = "systolic",
        /// In millimetres of mercury.
        Diastolic = "diastolic",
        /// In tenths of a degree Celsius.
        Temperature = "temperature",
        /// In percent.
        OxygenSaturation = "oxygen_saturation",
        /// In breaths a minute.
        RespiratoryRate = "respiratory_rate",
    }
);

/// The lowest and the highest value of a range, which are in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub low: i64,
    pub high: i64,
}

impl Range {
    pub fn contains(self, value: i64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

impl Measure {
    /// Returns the label for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::HeartRate => t!("trials-heart-rate"),
            Self::Systolic => t!("trials-systolic"),
            Self::Diastolic => t!("trials-diastolic"),
            Self::Temperature => t!("trials-temperature"),
            Self::OxygenSaturation => t!("trials-oxygen-saturation"),
            Self::RespiratoryRate => t!("trials-respiratory-rate"),
        }
    }

    pub fn unit(self) -> &'static str {
        match self {
            Self::HeartRate | Self::RespiratoryRate => t!("trials-per-minute"),
            Self::Systolic | Self::Diastolic => "mmHg",
            Self::Temperature => "°C",
            Self::OxygenSaturation => "%",
        }
    }

    /// The place of the measure in [`Measure::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The values that can be true of anybody.
    pub const fn possible(self) -> Range {
        let (low, high) = match self {
            Self::HeartRate => (15, 320),
            Self::Systolic => (30, 320),
            Self::Diastolic => (10, 220),
            Self::Temperature => (200, 460),
            Self::OxygenSaturation => (30, 100),
            Self::RespiratoryRate => (2, 90),
        };
        Range { low, high }
    }

    /// The values that are expected where a study says nothing else.
    pub const fn expected(self) -> Range {
        let (low, high) = match self {
            Self::HeartRate => (50, 110),
            Self::Systolic => (90, 160),
            Self::Diastolic => (50, 100),
            Self::Temperature => (355, 380),
            Self::OxygenSaturation => (94, 100),
            Self::RespiratoryRate => (10, 22),
        };
        Range { low, high }
    }

    /// Formats a value without its unit: 366 of temperature is `36.6`.
    pub fn format(self, value: i64) -> String {
        match self {
            Self::Temperature => format!("{}.{}", value / 10, (value % 10).abs()),
            _ => value.to_string(),
        }
    }

    /// Reads a value without its unit, with a point or a comma, in narrow or wide digits.
    pub fn read(self, text: &str) -> Result<i64, String> {
        let text = narrow(text).replace(',', ".");
        let value = match (self, text.split_once('.')) {
            (Self::Temperature, Some((whole, tenths))) => {
                let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
                let fits = tenths.len() == 1 && digits(whole) && digits(tenths);
                fits.then(|| format!("{whole}{tenths}").parse().ok())
                    .flatten()
            }
            (Self::Temperature, None) => text.parse().ok().and_then(|it: i64| it.checked_mul(10)),
            _ => text.parse().ok(),
        };
        value
            .ok_or_else(|| self.not_a_value())
            .and_then(|value| self.check(value))
    }

    /// Refuses a value that cannot be true.
    pub fn check(self, value: i64) -> Result<i64, String> {
        let Range { low, high } = self.possible();
        if (low..=high).contains(&value) {
            return Ok(value);
        }
        let (low, high) = (self.format(low), self.format(high));
        Err(t!(
            "trials-impossible",
            low = low,
            high = high,
            unit = self.unit()
        ))
    }

    fn not_a_value(self) -> String {
        match self {
            Self::Temperature => t!("trials-not-a-decimal").to_owned(),
            _ => t!("trials-not-a-number").to_owned(),
        }
    }
}

/// Reads a blood pressure, systolic over diastolic: `120/80`.
pub fn read_pressure(text: &str) -> Result<(i64, i64), String> {
    let wrong = || t!("trials-pressure-wrong").to_owned();
    let text = narrow(text);
    let (systolic, diastolic) = text.split_once('/').ok_or_else(wrong)?;
    let systolic = Measure::Systolic.read(systolic)?;
    let diastolic = Measure::Diastolic.read(diastolic)?;
    match diastolic < systolic {
        true => Ok((systolic, diastolic)),
        false => Err(t!("trials-pressure-swapped").to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_they_are_written() {
        for (measure, text, value) in [
            (Measure::HeartRate, "72", Some(72)),
            (Measure::HeartRate, " ７２ ", Some(72)),
            (Measure::HeartRate, "72.5", None),
            (Measure::HeartRate, "", None),
            (Measure::HeartRate, "0", None),
            (Measure::HeartRate, "321", None),
            (Measure::Temperature, "36.6", Some(366)),
            (Measure::Temperature, "36,6", Some(366)),
            (Measure::Temperature, "37", Some(370)),
            (Measure::Temperature, "36.66", None),
            (Measure::Temperature, "36.", None),
            (Measure::Temperature, "-1.5", None),
            (Measure::Temperature, "366", None),
            (Measure::OxygenSaturation, "101", None),
        ] {
            assert_eq!(measure.read(text).ok(), value, "{measure} {text}");
        }
    }

    #[test]
    fn a_pressure_is_systolic_over_diastolic() {
        for (text, pressure) in [
            ("120/80", Some((120, 80))),
            (" 120 / 80 ", Some((120, 80))),
            ("１２０／８０", Some((120, 80))),
            ("80/120", None),
            ("80/80", None),
            ("120", None),
            ("120-80", None),
            ("120/", None),
            ("120/80/60", None),
            ("999/80", None),
        ] {
            assert_eq!(read_pressure(text).ok(), pressure, "{text}");
        }
    }

    #[test]
    fn what_is_expected_is_possible() {
        for measure in Measure::ALL {
            let (possible, expected) = (measure.possible(), measure.expected());
            assert!(
                possible.low < expected.low && expected.high <= possible.high,
                "{measure}"
            );
            for value in [expected.low, expected.high] {
                assert_eq!(measure.read(&measure.format(value)), Ok(value), "{measure}");
            }
        }
    }
}
