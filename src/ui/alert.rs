//! Alerts: messages that belong to a place on the page.

use super::{IconView, Tone, non_empty};
use leptos::prelude::*;

/// A message in the flow of the page. Bad ones are announced as alerts.
#[component]
pub fn Alert(
    #[prop(optional)] tone: Tone,
    #[prop(into, optional)] title: String,
    children: Children,
) -> impl IntoView {
    let role = if tone == Tone::Bad { "alert" } else { "note" };
    view! {
        <div class=format!("alert alert-{}", tone.as_str()) role=role>
            <IconView icon=tone.icon() />
            <div class="alert-body">
                {non_empty(title).map(|title| view! { <p class="alert-title">{title}</p> })}
                <div>{children()}</div>
            </div>
        </div>
    }
}
