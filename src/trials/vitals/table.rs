//! The table of a subject's readings.

use super::measure::Measure;
use super::ranges::Ranges;
use super::reading::{Reading, StruckOut};
use crate::i18n::t;
use crate::trials::audit::vital_record;
use crate::trials::components::{audit_path, study_path};
use crate::ui::{Badge, Table, Tone, When, gap, moment};
use leptos::prelude::*;
use std::collections::HashMap;

/// The names of people by their ids.
pub type Names = HashMap<i64, String>;

/// The place of a table's readings: the study's code and the subject's number.
pub type Place = (String, String);

/// The table of a subject's readings, those that are struck out among them.
#[component]
pub fn ReadingTable(
    readings: Vec<Reading>,
    ranges: Ranges,
    place: Place,
    /// Those who have struck some of them out.
    names: Names,
    /// True if the viewer may correct them.
    corrects: bool,
) -> impl IntoView {
    let mut head = vec![t!("trials-record-time")];
    head.extend(Measure::ALL.map(Measure::label));
    if corrects {
        head.push(t!("trials-correction"));
    }
    let rows = readings
        .into_iter()
        .map(|reading| {
            let who = reading
                .struck_out
                .and_then(|it| names.get(&it.by?).cloned());
            view! { <ReadingRow reading ranges place=place.clone() who corrects /> }
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

#[component]
fn ReadingRow(
    reading: Reading,
    ranges: Ranges,
    place: Place,
    who: Option<String>,
    corrects: bool,
) -> impl IntoView {
    let (code, number) = place;
    let at = reading.recorded_at;
    let history = audit_path(&code, &vital_record(&number, at));
    let link = reading.struck_out.is_none().then(|| {
        let href = study_path(&code, &format!("subjects/{number}/vital-signs/{}", reading.id));
        let of = t!("trials-reading-of", at = moment(at));
        view! {
            <a href=href>{t!("trials-correct-reading")} <span class="visually-hidden">{gap()} {of}</span></a>
        }
    });
    let correction = corrects.then(|| {
        view! { <td data-label=t!("trials-correction")>{link}</td> }
    });
    let class = reading.struck_out.map(|_| "struck-out");
    let corrected = reading.version > 1;
    view! {
        <tr class=class>
            <th scope="row">
                <When at /> <Mark struck_out=reading.struck_out who corrected history />
            </th>
            {value_cells(&reading, &ranges)}
            {correction}
        </tr>
    }
}

/// Says of a reading that it was struck out or corrected, with a link to its history.
#[component]
fn Mark(
    struck_out: Option<StruckOut>,
    who: Option<String>,
    corrected: bool,
    history: String,
) -> impl IntoView {
    match struck_out {
        Some(StruckOut { at, .. }) => {
            let who = who.unwrap_or_else(|| "Guildhall".to_owned());
            let told = t!("trials-struck-out-by", who = who, at = moment(at));
            view! { <a class="reading-mark" href=history>{told}</a> }.into_any()
        }
        None if corrected => {
            view! { <a class="reading-mark" href=history>{t!("trials-corrected")}</a> }.into_any()
        }
        None => ().into_any(),
    }
}

/// The cells of a reading's values, in the order of [`Measure::ALL`]. What is unusual is marked, unless it counts no
/// more.
pub fn value_cells(reading: &Reading, ranges: &Ranges) -> Vec<AnyView> {
    let cell = |measure: Measure| {
        let value = reading.value(measure).map(|value| {
            let text = format!("{} {}", measure.format(value), measure.unit());
            match reading.struck_out {
                Some(_) => view! { <del>{text}</del> }.into_any(),
                None if ranges.is_unusual(measure, value) => view! { <Unusual text /> }.into_any(),
                None => text.into_any(),
            }
        });
        view! {
            <td class="num" data-label=measure.label()>
                {value}
            </td>
        }
        .into_any()
    };
    Measure::ALL.into_iter().map(cell).collect()
}

/// A value outside the expected range: marked, in words as well.
#[component]
fn Unusual(text: String) -> impl IntoView {
    view! {
        <Badge tone=Tone::Warn>
            {text} <span class="visually-hidden">{t!("trials-unusual")}</span>
        </Badge>
    }
}
