//! The signatures on a subject's page, and the forms that sign.

use super::read::{Judged, MOST, Present, SHOWN, VisitSignatures};
use super::rules::Meaning;
use crate::i18n::t;
use crate::server::IdempotencyKey;
use crate::trials::components::{Options, study_path};
use crate::trials::vitals::{Measure, Ranges, Reading, value_cells};
use crate::ui::{
    Badge, Button, ButtonKind, Form, HiddenField, SelectField, Table, TextField, Tone, When,
    lang_of, typed_into,
};
use leptos::prelude::*;

/// The signatures of a subject's visits, and for those who may sign a form for each visit that is done.
#[component]
pub fn Signatures(
    visits: Vec<VisitSignatures>,
    ranges: Ranges,
    /// The study's code and the subject's number.
    place: (String, String),
) -> impl IntoView {
    let cut = visits.first()?.cut;
    let visits = visits
        .into_iter()
        .map(|visit| view! { <OfVisit visit ranges place=place.clone() /> })
        .collect::<Vec<_>>();
    Some(view! {
        <section class="subject-visits" aria-labelledby="signatures">
            <h2 id="signatures">{t!("trials-signatures")}</h2>
            {visits}
            {cut.then(|| view! { <p class="muted">{t!("trials-signatures-cut", most = MOST)}</p> })}
        </section>
    })
}

#[component]
fn OfVisit(visit: VisitSignatures, ranges: Ranges, place: (String, String)) -> impl IntoView {
    let VisitSignatures {
        visit,
        present,
        signatures,
        ..
    } = visit;
    let caption = t!("trials-signatures-of", visit = visit.as_str());
    let table = (!signatures.is_empty()).then(|| view! { <SignatureTable caption signatures /> });
    let form = present.map(|(id, present)| {
        let (code, number) = place;
        let action = study_path(&code, &format!("subjects/{number}/sign/{id}"));
        view! { <SignForm action present ranges /> }
    });
    let lang = lang_of(&visit);
    view! {
        <div class="visit-signatures">
            <h3 lang=lang>{visit}</h3>
            {table}
            {form}
        </div>
    }
}

#[component]
fn SignatureTable(caption: String, signatures: Vec<Judged>) -> impl IntoView {
    let head = vec![
        t!("trials-signer"),
        t!("trials-meaning"),
        t!("trials-signed-at"),
        t!("trials-status"),
    ];
    let rows = signatures
        .into_iter()
        .map(|Judged { signature, holds }| {
            let lang = lang_of(&signature.signer);
            let state = match holds {
                true => view! { <Badge tone=Tone::Good>{t!("trials-signature-holds")}</Badge> },
                false => view! { <Badge tone=Tone::Bad>{t!("trials-signature-void")}</Badge> },
            };
            view! {
                <tr>
                    <th scope="row" lang=lang>
                        {signature.signer}
                    </th>
                    <td data-label=t!("trials-meaning")>{signature.meaning.label()}</td>
                    <td data-label=t!("trials-signed-at")>
                        <When at=signature.signed_at />
                    </td>
                    <td data-label=t!("trials-status")>{state}</td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <Table caption head dense=true stack=true>
            {rows}
        </Table>
    }
}

/// The form that signs a visit, below what is signed.
#[component]
fn SignForm(action: String, present: Present, ranges: Ranges) -> impl IntoView {
    let open = typed_into(&action).is_some();
    let mut meanings: Options = vec![(String::new(), t!("trials-choose").to_owned())];
    meanings.extend(Meaning::ALL.map(|it| (it.to_string(), it.label().to_owned())));
    let Present {
        hash,
        readings,
        shown,
    } = present;
    let cut = readings > SHOWN;
    view! {
        <details class="visit-sign" open=open>
            <summary>{t!("trials-sign")}</summary>
            <p>{t!("trials-sign-readings", count = readings)}</p>
            <SignedReadings readings=shown ranges />
            {cut.then(|| view! { <p class="muted">{t!("trials-sign-readings-cut", most = SHOWN)}</p> })}
            <p class="visit-hash">{t!("trials-sign-hash")} " " <code>{hash.clone()}</code></p>
            <Form action>
                <HiddenField name="idempotency_key" value=IdempotencyKey::new_key() />
                <HiddenField name="hash" value=hash />
                <div class="field-row">
                    <SelectField name="meaning" label=t!("trials-meaning") options=meanings required=true />
                    <TextField
                        name="current_password"
                        label=t!("trials-sign-password")
                        kind="password"
                        autocomplete="current-password"
                        required=true
                    />
                </div>
                <div class="actions">
                    <Button kind=ButtonKind::Primary>{t!("trials-sign")}</Button>
                </div>
            </Form>
        </details>
    }
}

#[component]
fn SignedReadings(readings: Vec<Reading>, ranges: Ranges) -> impl IntoView {
    let mut head = vec![t!("trials-record-time")];
    head.extend(Measure::ALL.map(Measure::label));
    let rows = readings
        .into_iter()
        .map(|reading| {
            view! {
                <tr>
                    <th scope="row">
                        <When at=reading.recorded_at />
                    </th>
                    {value_cells(&reading, &ranges)}
                </tr>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <Table caption=t!("trials-readings") head num=&[1, 2, 3, 4, 5, 6] dense=true stack=true>
            {rows}
        </Table>
    }
}
