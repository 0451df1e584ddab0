//! The hidden fields of a step's form.

use crate::server::IdempotencyKey;
use crate::ui::HiddenField;
use leptos::prelude::*;

/// The fields that every step's form carries.
#[component]
pub fn StepFields(version: i64) -> impl IntoView {
    view! {
        <HiddenField name="idempotency_key" value=IdempotencyKey::new_key() />
        <HiddenField name="version" value=version.to_string() />
    }
}
