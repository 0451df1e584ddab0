//! Badges.

use crate::ui::Tone;
use leptos::prelude::*;

/// A state in a word or two.
#[component]
pub fn Badge(#[prop(optional)] tone: Tone, children: Children) -> impl IntoView {
    view! { <span class=format!("badge badge-{}", tone.as_str())>{children()}</span> }
}
