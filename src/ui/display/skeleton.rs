//! Skeletons, in the place of content that is on its way.

use crate::i18n::t;
use leptos::prelude::*;

/// Grey lines where text will be. Screen readers hear t!("ui-loading").
#[component]
pub fn Skeleton(#[prop(default = 3)] lines: usize) -> impl IntoView {
    let lines = (0..lines)
        .map(|_| view! { <span class="skeleton-line" aria-hidden="true"></span> })
        .collect::<Vec<_>>();
    view! {
        <div class="skeleton">
            <span class="visually-hidden">{t!("ui-loading")}</span>
            {lines}
        </div>
    }
}
