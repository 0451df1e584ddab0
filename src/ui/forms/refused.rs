//! Refusals of forms that have no fields to show them beside.

use super::form::Refusal;
use crate::i18n::t;
use crate::ui::{Alert, Tone};
use leptos::prelude::*;

/// A message that says why a button did nothing.
#[component]
pub fn Refused(
    /// The end of the action of the button's form.
    action: &'static str,
) -> impl IntoView {
    let refusal = use_context::<Refusal>()?;
    let error = refusal.action.ends_with(action).then_some(refusal.error)?;
    Some(view! {
        <Alert tone=Tone::Bad title=t!("ui-nothing-changed")>
            {error.message}
        </Alert>
    })
}
