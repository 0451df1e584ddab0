//! The ranges in which a study expects vital signs.

use super::measure::{Measure, Range};
use super::reading::{MEASURES, Reading};
use super::store;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::Conn;
use crate::trials::audit::Trail;
use crate::ui::TextField;
use leptos::prelude::*;

/// The range of each measure, by [`Measure::index`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranges([Range; MEASURES]);

impl Default for Ranges {
    fn default() -> Self {
        Self(Measure::ALL.map(Measure::expected))
    }
}

impl Ranges {
    pub const fn of(&self, measure: Measure) -> Range {
        self.0[measure.index()]
    }

    /// Returns true if a value is stored, and marked.
    pub fn is_unusual(&self, measure: Measure, value: i64) -> bool {
        !self.of(measure).contains(value)
    }

    /// Returns the measures of a reading that are not as expected.
    pub fn unusual(&self, reading: &Reading) -> impl Iterator<Item = Measure> {
        Measure::ALL.into_iter().filter(|measure| {
            let value = reading.value(*measure);
            value.is_some_and(|value| self.is_unusual(*measure, value))
        })
    }
}

/// Reads the ranges of a study.
pub async fn read_ranges(conn: &mut Conn, study: i64) -> sqlx::Result<Ranges> {
    let mut ranges = Ranges::default();
    for (measure, low, high) in store::list_ranges(conn, study).await? {
        if let Some(measure) = Measure::from_word(&measure) {
            ranges.0[measure.index()] = Range { low, high };
        }
    }
    Ok(ranges)
}

/// Reads the ranges that were typed, by the names of [`RangeFields`]. Every one of them has to be possible.
pub fn typed_ranges<'a>(text: impl Fn(&str) -> &'a str) -> Result<Ranges, AppError> {
    let mut faults = Faults::default();
    let mut ranges = Ranges::default();
    for measure in Measure::ALL {
        let [low, high] = ["low", "high"].map(|end| format!("{measure}_{end}"));
        let least = faults.check(&low, measure.read(text(&low)));
        let most = measure.read(text(&high)).and_then(|most| match least {
            Some(least) if most <= least => Err(t!("trials-range-empty").to_owned()),
            _ => Ok(most),
        });
        let most = faults.check(&high, most);
        ranges.0[measure.index()] = Range {
            low: least.unwrap_or_default(),
            high: most.unwrap_or_default(),
        };
    }
    faults.finish()?;
    Ok(ranges)
}

/// Saves the ranges within the caller's transaction, which has locked the study's audit trail.
pub async fn save_ranges(
    conn: &mut Conn,
    trail: &mut Trail,
    study: i64,
    ranges: &Ranges,
) -> sqlx::Result<()> {
    let before = read_ranges(conn, study).await?;
    for measure in Measure::ALL {
        let (old, new) = (before.of(measure), ranges.of(measure));
        if old == new {
            continue;
        }
        store::save_range(conn, study, measure, new).await?;
        let record = format!("range/{measure}");
        let text = |value: i64| Some(measure.format(value));
        trail.note(&record, "low", text(old.low), text(new.low));
        trail.note(&record, "high", text(old.high), text(new.high));
    }
    Ok(())
}

/// The fields for the lowest and the highest expected value of each measure.
#[component]
pub fn RangeFields(ranges: Ranges) -> impl IntoView {
    Measure::ALL
        .map(|measure| {
            let range = ranges.of(measure);
            let legend = format!("{} ({})", measure.label(), measure.unit());
            view! {
                <fieldset class="range-fields">
                    <legend>{legend}</legend>
                    <TextField
                        name=format!("{measure}_low")
                        label=t!("trials-range-low")
                        value=measure.format(range.low)
                        inputmode="decimal"
                        required=true
                    />
                    <TextField
                        name=format!("{measure}_high")
                        label=t!("trials-range-high")
                        value=measure.format(range.high)
                        inputmode="decimal"
                        required=true
                    />
                </fieldset>
            }
        })
        .into_iter()
        .collect::<Vec<_>>()
}
