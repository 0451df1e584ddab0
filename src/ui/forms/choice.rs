//! Fields to choose from.

use super::field::{FieldFrame, described_by};
use super::form::FormScope;
use crate::ui::non_empty;
use leptos::prelude::*;

/// A choice of one of several options, in a native list.
#[component]
pub fn SelectField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into, optional)] value: String,
    /// The value and text of each option; the one that equals `value` is selected.
    options: Vec<(String, String)>,
    #[prop(into, optional)] hint: String,
    #[prop(optional)] required: bool,
    /// The kind of personal data that the browser may fill in.
    #[prop(into, optional)]
    autocomplete: Option<String>,
) -> impl IntoView {
    let scope = FormScope::current();
    let (id, error) = (scope.id(&name), scope.error(&name));
    let chosen = scope.value(&name, value);
    let describedby = described_by(&id, &hint, error.as_ref());
    let invalid = error.as_ref().map(|_| "true");
    let options = options
        .into_iter()
        .map(|(value, words)| {
            let selected = value == chosen;
            view! {
                <option value=value selected=selected>
                    {words}
                </option>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <FieldFrame id=id.clone() label hint error>
            <select
                class="input select"
                id=id
                name=name
                required=required
                autocomplete=autocomplete
                aria-describedby=describedby
                aria-invalid=invalid
            >
                {options}
            </select>
        </FieldFrame>
    }
}

/// An option of a [`RadioField`].
#[derive(Clone, Debug, Default)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: String,
}

impl Choice {
    pub fn new(value: impl ToString, label: impl ToString, hint: impl ToString) -> Self {
        Self {
            value: value.to_string(),
            label: label.to_string(),
            hint: hint.to_string(),
        }
    }
}

/// A choice of one of a few options, all of them visible.
#[component]
pub fn RadioField(
    #[prop(into)] name: String,
    #[prop(into)] legend: String,
    /// The selected value.
    #[prop(into, optional)]
    value: String,
    choices: Vec<Choice>,
) -> impl IntoView {
    let scope = FormScope::current();
    let (id, error) = (scope.id(&name), scope.error(&name));
    let chosen = scope.value(&name, value);
    let error_id = format!("{id}-error");
    let describedby = error.as_ref().map(|_| error_id.clone());
    let options = (0..)
        .zip(choices)
        .map(|(index, choice)| {
            // The link of an error leads to the first of them.
            let id = match index {
                0 => id.clone(),
                index => format!("{id}-{index}"),
            };
            let checked = choice.value == chosen;
            view! { <Radio id name=name.clone() choice checked /> }
        })
        .collect::<Vec<_>>();
    view! {
        <fieldset class="choices" aria-describedby=describedby>
            <legend>{legend}</legend>
            {options}
            {error.map(|error| view! { <p class="field-error" id=error_id>{error}</p> })}
        </fieldset>
    }
}

#[component]
fn Radio(id: String, name: String, choice: Choice, checked: bool) -> impl IntoView {
    let Choice { value, label, hint } = choice;
    let hint_id = format!("{id}-hint");
    let describedby = (!hint.is_empty()).then(|| hint_id.clone());
    view! {
        <div class="field field-check">
            <input
                class="check"
                type="radio"
                id=id.clone()
                name=name
                value=value
                checked=checked
                aria-describedby=describedby
            />
            <label class="field-label" for=id>
                {label}
            </label>
            {non_empty(hint).map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        </div>
    }
}

/// A checkbox. Sends `on`, or nothing.
#[component]
pub fn CheckField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional)] checked: bool,
    #[prop(into, optional)] hint: String,
    /// The value it sends when ticked, if not `on`.
    #[prop(into, optional)]
    value: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let scope = FormScope::current();
    let (id, error) = (scope.id(&name), scope.error(&name));
    let checked = scope.checked(&name, checked);
    let describedby = described_by(&id, &hint, error.as_ref());
    let invalid = error.as_ref().map(|_| "true");
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    view! {
        <div class="field field-check">
            <input
                class="check"
                type="checkbox"
                id=id.clone()
                name=name
                value=non_empty(value)
                checked=checked
                required=required
                aria-describedby=describedby
                aria-invalid=invalid
            />
            <label class="field-label" for=id>
                {label}
            </label>
            {non_empty(hint).map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
            {error.map(|error| view! { <p class="field-error" id=error_id>{error}</p> })}
        </div>
    }
}
