//! The planned visits on a study's settings page.

use super::rules::Visit;
use crate::i18n::t;
use crate::trials::components::{Options, ReasonField, study_path};
use crate::ui::{Button, Form, Icon, SelectField, Table, TextField, lang_of};
use leptos::prelude::*;

/// The planned visits, and the forms that add one and remove one.
#[component]
pub fn VisitsForm(
    /// The code of the study.
    code: String,
    visits: Vec<Visit>,
) -> impl IntoView {
    let removes = (!visits.is_empty()).then(|| {
        let visits = visits.clone();
        view! { <RemoveForm action=study_path(&code, "settings/remove-visit") visits /> }
    });
    view! {
        <VisitTable visits />
        <Form action=study_path(&code, "settings/visits")>
            <div class="field-row">
                <TextField
                    name="name"
                    label=t!("trials-visit-name")
                    required=true
                    maxlength=60_u32
                    autocomplete="off"
                />
                <TextField
                    name="day"
                    label=t!("trials-visit-day")
                    hint=t!("trials-visit-day-hint")
                    required=true
                    inputmode="numeric"
                    autocomplete="off"
                />
            </div>
            <div class="field-row">
                <TextField
                    name="days_before"
                    label=t!("trials-visit-before")
                    value="0"
                    inputmode="numeric"
                    autocomplete="off"
                />
                <TextField
                    name="days_after"
                    label=t!("trials-visit-after")
                    value="0"
                    inputmode="numeric"
                    autocomplete="off"
                />
            </div>
            <ReasonField />
            <div class="actions">
                <Button icon=Icon::Plus>{t!("trials-visit-add")}</Button>
            </div>
        </Form>
        {removes}
    }
}

#[component]
fn VisitTable(visits: Vec<Visit>) -> impl IntoView {
    if visits.is_empty() {
        return view! { <p class="muted">{t!("trials-visits-none")}</p> }.into_any();
    }
    let rows = visits
        .into_iter()
        .map(|visit| {
            let lang = lang_of(&visit.name);
            view! {
                <tr>
                    <th scope="row" lang=lang>
                        {visit.name}
                    </th>
                    <td class="num" data-label=t!("trials-visit-day")>
                        {visit.day}
                    </td>
                    <td class="num" data-label=t!("trials-visit-before")>
                        {visit.before}
                    </td>
                    <td class="num" data-label=t!("trials-visit-after")>
                        {visit.after}
                    </td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    let head = vec![
        t!("trials-visit"),
        t!("trials-visit-day"),
        t!("trials-visit-before"),
        t!("trials-visit-after"),
    ];
    view! {
        <Table caption=t!("trials-visits") head num=&[1, 2, 3] dense=true stack=true>
            {rows}
        </Table>
    }
    .into_any()
}

#[component]
fn RemoveForm(action: String, visits: Vec<Visit>) -> impl IntoView {
    let mut options: Options = vec![(String::new(), t!("trials-choose").to_owned())];
    options.extend(
        visits
            .into_iter()
            .map(|visit| (visit.id.to_string(), visit.name)),
    );
    view! {
        <details class="visit-remove">
            <summary>{t!("trials-visit-remove")}</summary>
            <Form action>
                <SelectField name="visit" label=t!("trials-visit") options required=true />
                <ReasonField />
                <div class="actions">
                    <Button>{t!("trials-visit-remove")}</Button>
                </div>
            </Form>
        </details>
    }
}
