//! Fields to type into.

use super::form::FormScope;
use crate::ui::non_empty;
use leptos::prelude::*;

/// The label above the control, the hint and the error below it, tied to it by their ids.
#[component]
pub(super) fn FieldFrame(
    id: String,
    #[prop(into)] label: String,
    hint: String,
    error: Option<String>,
    children: Children,
) -> impl IntoView {
    let class = if error.is_some() {
        "field field-bad"
    } else {
        "field"
    };
    let (hint_id, error_id) = (hint_id(&id), error_id(&id));
    view! {
        <div class=class>
            <label class="field-label" for=id>
                {label}
            </label>
            {children()}
            {non_empty(hint).map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
            {error.map(|error| view! { <p class="field-error" id=error_id>{error}</p> })}
        </div>
    }
}

/// Returns the ids for `aria-describedby`; `None` if there is nothing to name.
pub(super) fn described_by(id: &str, hint: &str, error: Option<&String>) -> Option<String> {
    let hint = (!hint.is_empty()).then(|| hint_id(id));
    let error = error.map(|_| error_id(id));
    let ids: Vec<_> = hint.into_iter().chain(error).collect();
    non_empty(ids.join(" "))
}

fn hint_id(id: &str) -> String {
    format!("{id}-hint")
}

fn error_id(id: &str) -> String {
    format!("{id}-error")
}

/// A line of text. In a refused [`Form`](super::form::Form) it shows the input, never a password.
#[component]
pub fn TextField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into, optional)] value: String,
    /// The input's type: text, email, password, number, search, date or url.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(into, optional)] hint: String,
    #[prop(optional)] required: bool,
    #[prop(into, optional)] autocomplete: String,
    #[prop(into, optional)] inputmode: String,
    #[prop(into, optional)] minlength: Option<u32>,
    #[prop(into, optional)] maxlength: Option<u32>,
    #[prop(into, optional)] min: String,
    #[prop(into, optional)] max: String,
    #[prop(into, optional)] step: String,
    #[prop(into, optional)] placeholder: String,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] readonly: bool,
    /// The id of a `<datalist>` on the page.
    #[prop(into, optional)]
    list: String,
) -> impl IntoView {
    let scope = FormScope::current();
    let (id, error) = (scope.id(&name), scope.error(&name));
    let value = match kind {
        "password" => String::new(),
        _ => scope.value(&name, value),
    };
    let describedby = described_by(&id, &hint, error.as_ref());
    let invalid = error.as_ref().map(|_| "true");
    view! {
        <FieldFrame id=id.clone() label hint error>
            <input
                class="input"
                type=kind
                id=id
                name=name
                value=non_empty(value)
                required=required
                readonly=readonly
                autofocus=autofocus
                autocomplete=non_empty(autocomplete)
                inputmode=non_empty(inputmode)
                minlength=minlength
                maxlength=maxlength
                min=non_empty(min)
                max=non_empty(max)
                step=non_empty(step)
                placeholder=non_empty(placeholder)
                list=non_empty(list)
                aria-describedby=describedby
                aria-invalid=invalid
            />
        </FieldFrame>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into, optional)] value: String,
    #[prop(into, optional)] hint: String,
    #[prop(default = 4)] rows: u32,
    #[prop(optional)] required: bool,
    #[prop(into, optional)] maxlength: Option<u32>,
    #[prop(into, optional)] placeholder: String,
) -> impl IntoView {
    let scope = FormScope::current();
    let (id, error) = (scope.id(&name), scope.error(&name));
    let value = scope.value(&name, value);
    let describedby = described_by(&id, &hint, error.as_ref());
    let invalid = error.as_ref().map(|_| "true");
    view! {
        <FieldFrame id=id.clone() label hint error>
            <textarea
                class="input"
                id=id
                name=name
                rows=rows
                required=required
                maxlength=maxlength
                placeholder=non_empty(placeholder)
                aria-describedby=describedby
                aria-invalid=invalid
                inner_html=as_content(&value)
            ></textarea>
        </FieldFrame>
    }
}

/// Returns a text as the content of a text area. Leptos writes that content unescaped, like a
/// script's, and a browser drops a newline right after the opening tag.
fn as_content(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
    match escaped.starts_with('\n') {
        true => format!("\n{escaped}"),
        false => escaped,
    }
}
