//! Components shared by the pages of imports.

use super::report::{Import, ImportStatus, Kept};
use crate::i18n::t;
use crate::trials::components::study_path;
use crate::ui::{Badge, Tone, moment};
use leptos::prelude::*;

/// Returns the name of the file; an import that was given none is called by its number.
pub fn file_name(import: &Import) -> String {
    match import.file_name.is_empty() {
        true => t!("trials-import-called", number = import.id),
        false => import.file_name.clone(),
    }
}

#[component]
pub fn ImportBadge(status: ImportStatus) -> impl IntoView {
    let (tone, label) = match status {
        ImportStatus::Done => (Tone::Good, t!("trials-import-stored")),
        ImportStatus::Stopped => (Tone::Bad, t!("trials-import-stopped")),
        ImportStatus::Reverted => (Tone::Neutral, t!("trials-import-reverted")),
    };
    view! { <Badge tone>{label}</Badge> }
}

/// The readings that stay though their import was taken back: the first of them, and how many there are.
#[component]
pub fn KeptReadings(
    /// The code of the study.
    code: String,
    count: i64,
    named: Vec<Kept>,
) -> impl IntoView {
    let more = count - named.len() as i64;
    let items = named
        .into_iter()
        .map(
            |Kept {
                 number, reading, ..
             }| {
                let href = study_path(&code, &format!("subjects/{number}"));
                let why = match reading.struck_out {
                    Some(_) => t!("trials-struck-out"),
                    None => t!("trials-corrected"),
                };
                let words = t!(
                    "trials-record-reading",
                    number = number,
                    at = moment(reading.recorded_at)
                );
                view! {
                    <li>
                        <a href=href>{words}</a>
                        {format!(" · {why}")}
                    </li>
                }
            },
        )
        .collect::<Vec<_>>();
    view! {
        <section class="import-kept" aria-labelledby="kept">
            <h2 id="kept">{t!("trials-kept", kept = count)}</h2>
            <p>{t!("trials-kept-advice")}</p>
            <ul>{items}</ul>
            {(more > 0).then(|| view! { <p class="muted">{t!("trials-kept-more", more = more)}</p> })}
        </section>
    }
}
