//! The vital signs on a subject's page: charts, the table beside them, and the form that records a reading.

use super::chart::Charts;
use super::measure::Measure;
use super::ranges::{Ranges, read_ranges};
use super::reading::Reading;
use super::store::{ReadingFilter, list_readings};
use crate::clock::Timestamp;
use crate::i18n::t;
use crate::server::Conn;
use crate::trials::Subject;
use crate::trials::components::ExportLinks;
use crate::ui::{Badge, Button, Empty, Form, Icon, TabLinks, Table, TextField, Tone, When};
use leptos::prelude::*;

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
    /// The latest first.
    readings: Vec<Reading>,
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
    let filter = ReadingFilter {
        subject: subject.id,
        since: days.map(|days| now.plus_days(-days)),
        before: None,
    };
    let mut readings = list_readings(conn, filter, MOST + 1).await?;
    let cut = readings.len() as i64 > MOST;
    readings.truncate(MOST as usize);
    Ok(Shown {
        readings,
        ranges: read_ranges(conn, subject.study_id).await?,
        period,
        cut,
    })
}

/// The section of a subject's page at `path`.
#[component]
pub fn VitalSigns(
    shown: Shown,
    path: String,
    /// The address of the files that they are exported to, and the filter for this subject.
    export: (String, String),
    /// True if the viewer may record readings.
    records: bool,
) -> impl IntoView {
    let Shown {
        readings,
        ranges,
        period,
        cut,
    } = shown;
    let periods = PERIODS.map(|(word, days)| {
        let label = match days {
            Some(days) => t!("trials-last-days", days = days),
            None => t!("trials-all-time").to_owned(),
        };
        (
            format!("{path}?days={word}#vital-signs"),
            label,
            word == period,
        )
    });
    let action = format!("{path}/vital-signs");
    let any = !readings.is_empty();
    let tabs = any || period != PERIODS[0].0;
    view! {
        <section class="vital-signs" aria-labelledby="vital-signs">
            <h2 id="vital-signs">{t!("trials-vital-signs")}</h2>
            {tabs.then(|| view! { <TabLinks label=t!("trials-periods") items=periods.into() /> })}
            {if any {
                view! {
                    <Charts readings=readings.clone() ranges />
                    {cut.then(|| view! { <p class="muted">{t!("trials-readings-cut", most = MOST)}</p> })}
                    <ReadingTable readings ranges />
                    <div class="actions export-links">
                        <ExportLinks path=export.0 query=export.1 />
                    </div>
                }
                    .into_any()
            } else {
                view! {
                    <Empty icon=Icon::Clock title=t!("trials-readings-empty")>
                        <p>{t!("trials-readings-empty-advice")}</p>
                    </Empty>
                }
                    .into_any()
            }}
            {records.then(|| view! { <ReadingForm action /> })}
        </section>
    }
}

#[component]
fn ReadingTable(readings: Vec<Reading>, ranges: Ranges) -> impl IntoView {
    let mut head = vec![t!("trials-record-time")];
    head.extend(Measure::ALL.map(Measure::label));
    let rows = readings
        .into_iter()
        .map(|reading| {
            let cells = Measure::ALL
                .map(|measure| {
                    let value = reading.value(measure).map(|value| {
                        let unusual = ranges.is_unusual(measure, value);
                        let text = format!("{} {}", measure.format(value), measure.unit());
                        view! { <Value text unusual /> }
                    });
                    view! {
                        <td class="num" data-label=measure.label()>
                            {value}
                        </td>
                    }
                })
                .into_iter()
                .collect::<Vec<_>>();
            view! {
                <tr>
                    <th scope="row">
                        <When at=reading.recorded_at />
                    </th>
                    {cells}
                </tr>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <details class="vital-table" open>
            <summary>{t!("trials-readings")}</summary>
            <Table caption=t!("trials-readings") head num=&[1, 2, 3, 4, 5, 6] dense=true stack=true>
                {rows}
            </Table>
        </details>
    }
}

/// A value; one outside the expected range is marked, in words as well.
#[component]
fn Value(text: String, unusual: bool) -> impl IntoView {
    match unusual {
        true => view! {
            <Badge tone=Tone::Warn>
                {text} <span class="visually-hidden">{t!("trials-unusual")}</span>
            </Badge>
        }
        .into_any(),
        false => text.into_any(),
    }
}

#[component]
fn ReadingForm(action: String) -> impl IntoView {
    let field = |measure: Measure, name: &'static str, required: bool| {
        let label = format!("{} ({})", measure.label(), measure.unit());
        let mode = if measure == Measure::Temperature {
            "decimal"
        } else {
            "numeric"
        };
        view! { <TextField name label required inputmode=mode autocomplete="off" /> }
    };
    let pressure = format!("{} (mmHg)", t!("trials-blood-pressure"));
    view! {
        <details class="vital-new">
            <summary>{t!("trials-record")}</summary>
            <Form action>
                <div class="field-row">
                    <TextField
                        name="record_time"
                        label=t!("trials-record-time")
                        hint=t!("trials-record-time-hint")
                        required=true
                        autocomplete="off"
                    />
                    {field(Measure::HeartRate, "heart_rate", true)}
                    <TextField
                        name="blood_pressure"
                        label=pressure
                        placeholder="120/80"
                        required=true
                        autocomplete="off"
                    />
                </div>
                <div class="field-row">
                    {field(Measure::Temperature, "temperature", false)}
                    {field(Measure::OxygenSaturation, "oxygen_saturation", false)}
                    {field(Measure::RespiratoryRate, "respiratory_rate", false)}
                </div>
                <div class="actions">
                    <Button icon=Icon::Plus>{t!("trials-record-submit")}</Button>
                </div>
            </Form>
        </details>
    }
}
