//! The fields of a reading, in the forms that record and correct one.

use super::measure::Measure;
use super::reading::Reading;
use crate::clock::Timestamp;
use crate::i18n::t;
use crate::ui::TextField;
use leptos::prelude::*;

/// The names of the fields of a reading.
pub const FIELDS: [&str; 6] = [
    "record_time",
    "heart_rate",
    "blood_pressure",
    "temperature",
    "oxygen_saturation",
    "respiratory_rate",
];

/// Returns the names and the texts of a reading's fields.
pub fn fields_of(reading: &Reading) -> Vec<(&'static str, String)> {
    let text = |measure: Measure| {
        let value = reading.value(measure);
        value.map_or_else(String::new, |value| measure.format(value))
    };
    let texts = [
        typed_time(reading.recorded_at),
        text(Measure::HeartRate),
        reading.pressure(),
        text(Measure::Temperature),
        text(Measure::OxygenSaturation),
        text(Measure::RespiratoryRate),
    ];
    FIELDS.into_iter().zip(texts).collect()
}

/// Formats a time as people type it: `2026-11-28 08:15`, or with all that it has if that is more than minutes.
fn typed_time(at: Timestamp) -> String {
    let text = at.rfc3339();
    match text.strip_suffix(":00Z") {
        Some(minutes) => minutes.replace('T', " "),
        None => text,
    }
}

/// The fields of a reading, which have these texts in them.
#[component]
pub fn ReadingFields(
    /// By the names of [`fields_of`]; empty for a new reading.
    #[prop(optional)]
    values: Vec<(&'static str, String)>,
) -> impl IntoView {
    let value = |name: &str| {
        let found = values.iter().find(|(field, _)| *field == name);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let field = |measure: Measure, name: &'static str, required: bool| {
        let label = format!("{} ({})", measure.label(), measure.unit());
        let mode = if measure == Measure::Temperature {
            "decimal"
        } else {
            "numeric"
        };
        view! { <TextField name label value=value(name) required inputmode=mode autocomplete="off" /> }
    };
    let pressure = format!("{} (mmHg)", t!("trials-blood-pressure"));
    view! {
        <div class="field-row">
            <TextField
                name="record_time"
                label=t!("trials-record-time")
                hint=t!("trials-record-time-hint")
                value=value("record_time")
                required=true
                autocomplete="off"
            />
            {field(Measure::HeartRate, "heart_rate", true)}
            <TextField
                name="blood_pressure"
                label=pressure
                placeholder="120/80"
                value=value("blood_pressure")
                required=true
                autocomplete="off"
            />
        </div>
        <div class="field-row">
            {field(Measure::Temperature, "temperature", false)}
            {field(Measure::OxygenSaturation, "oxygen_saturation", false)}
            {field(Measure::RespiratoryRate, "respiratory_rate", false)}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_as_it_would_be_typed() {
        for (text, typed) in [
            ("2026-11-28T08:15:00Z", "2026-11-28 08:15"),
            ("2026-11-28T08:15:30Z", "2026-11-28T08:15:30Z"),
            ("2026-11-28T08:15:00.5Z", "2026-11-28T08:15:00.5Z"),
        ] {
            let at = Timestamp::parse(text).expect("a time");
            assert_eq!(typed_time(at), typed);
        }
    }
}
