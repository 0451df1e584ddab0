//! Skeletons, in the place of content that is on its way.

use leptos::prelude::*;

/// Grey lines where text will be. Screen readers hear "Loading".
#[component]
pub fn Skeleton(#[prop(default = 3)] lines: usize) -> impl IntoView {
    let lines = (0..lines)
        .map(|_| view! { <span class="skeleton-line" aria-hidden="true"></span> })
        .collect::<Vec<_>>();
    view! {
        <div class="skeleton">
            <span class="visually-hidden">"Loading"</span>
            {lines}
        </div>
    }
}
