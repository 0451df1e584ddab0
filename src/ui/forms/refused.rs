//! Refusals of forms that have no fields to show them beside.

use super::form::Refusal;
use crate::i18n::t;
use crate::ui::{Alert, Tone};
use leptos::prelude::*;

/// Says why a button did nothing.
#[component]
pub fn Refused(
    /// How the action of the button's form ends.
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
