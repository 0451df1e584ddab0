//! The vital signs on a subject's page: charts, the table beside them, and the form that records a reading.

use super::chart::Charts;
use super::fields::ReadingFields;
use super::ranges::{Ranges, read_ranges};
use super::reading::Reading;
use super::store::{ReadingFilter, list_readings};
use super::table::{Names, Place, ReadingTable};
use crate::accounts::find_names;
use crate::clock::Timestamp;
use crate::i18n::t;
use crate::server::Conn;
use crate::trials::Subject;
use crate::trials::components::{ExportLinks, study_path};
use crate::ui::{Button, Empty, Form, Icon, TabLinks};
use leptos::prelude::*;
use std::cmp::Reverse;

/// The most readings on the page; more would be a smudge in the charts.
const MOST: i64 = 500;

/// The days that can be shown, by the word for them in the page's address; the first is for any other word.
const PERIODS: [(&str, Option<i64>); 4] = [
    ("all", None),
    ("90", Some(90)),
    ("30", Some(30)),
    ("7", Some(7)),
];

/// The vital signs that a page shows.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The latest first, those that are struck out among them.
    readings: Vec<Reading>,
    /// Those who have struck some of them out.
    names: Names,
    ranges: Ranges,
    period: &'static str,
    /// True if there are more readings than are shown.
    cut: bool,
}

/// Reads the vital signs of a subject in the days that the word `period` stands for.
pub async fn read_vital_signs(
    conn: &mut Conn,
    subject: &Subject,
    period: &str,
    now: Timestamp,
) -> sqlx::Result<Shown> {
    let known = PERIODS.into_iter().find(|(word, _)| *word == period);
    let (period, days) = known.unwrap_or(PERIODS[0]);
    let mut filter = ReadingFilter {
        since: days.map(|days| now.plus_days(-days)),
        ..ReadingFilter::of(subject.id)
    };
    let mut readings = list_readings(conn, filter, MOST + 1).await?;
    let cut = readings.len() as i64 > MOST;
    readings.truncate(MOST as usize);
    if cut {
        filter.since = readings.last().map(|reading| reading.recorded_at);
    }
    filter.struck_out = true;
    let struck_out = list_readings(conn, filter, MOST).await?;
    let mut people: Vec<i64> = struck_out
        .iter()
        .filter_map(|reading| reading.struck_out?.by)
        .collect();
    people.sort_unstable();
    people.dedup();
    readings.extend(struck_out);
    // Of those of one time the one that counts stands first.
    readings.sort_by_key(|reading| (Reverse(reading.recorded_at), reading.struck_out.is_some()));
    Ok(Shown {
        names: find_names(conn, &people).await?,
        readings,
        ranges: read_ranges(conn, subject.study_id).await?,
        period,
        cut,
    })
}

/// The section of a subject's page.
#[component]
pub fn VitalSigns(
    shown: Shown,
    /// The study's code and the subject's number.
    place: Place,
    /// True if the viewer may record readings, and correct them.
    records: bool,
) -> impl IntoView {
    let path = study_path(&place.0, &format!("subjects/{}", place.1));
    let periods = PERIODS.map(|(word, days)| {
        let label = match days {
            Some(days) => t!("trials-last-days", days = days),
            None => t!("trials-all-time").to_owned(),
        };
        let href = format!("{path}?days={word}#vital-signs");
        (href, label, word == shown.period)
    });
    let action = format!("{path}/vital-signs");
    let tabs = !shown.readings.is_empty() || shown.period != PERIODS[0].0;
    view! {
        <section class="vital-signs" aria-labelledby="vital-signs">
            <h2 id="vital-signs">{t!("trials-vital-signs")}</h2>
            {tabs.then(|| view! { <TabLinks label=t!("trials-periods") items=periods.into() /> })}
            <Readings shown place records />
            {records.then(|| view! { <ReadingForm action /> })}
        </section>
    }
}

/// The charts and the table. The charts show what counts alone.
#[component]
fn Readings(shown: Shown, place: Place, records: bool) -> impl IntoView {
    let Shown {
        readings,
        names,
        ranges,
        cut,
        ..
    } = shown;
    if readings.is_empty() {
        return view! {
            <Empty icon=Icon::Clock title=t!("trials-readings-empty")>
                <p>{t!("trials-readings-empty-advice")}</p>
            </Empty>
        }
        .into_any();
    }
    let counting = readings.iter().filter(|it| it.struck_out.is_none());
    let counting: Vec<Reading> = counting.cloned().collect();
    let charts = (!counting.is_empty()).then(|| view! { <Charts readings=counting ranges /> });
    let (path, query) = (
        study_path(&place.0, "vital-signs"),
        format!("subject={}", place.1),
    );
    view! {
        {charts}
        {cut.then(|| view! { <p class="muted">{t!("trials-readings-cut", most = MOST)}</p> })}
        <ReadingTable readings ranges place names corrects=records />
        <div class="actions export-links">
            <ExportLinks path query />
        </div>
    }
    .into_any()
}

#[component]
fn ReadingForm(action: String) -> impl IntoView {
    view! {
        <details class="vital-new">
            <summary>{t!("trials-record")}</summary>
            <Form action>
                <ReadingFields />
                <div class="actions">
                    <Button icon=Icon::Plus>{t!("trials-record-submit")}</Button>
                </div>
            </Form>
        </details>
    }
}
