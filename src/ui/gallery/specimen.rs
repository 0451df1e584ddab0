//! A part of the specimen page.

use leptos::prelude::*;

/// Under its own heading.
#[component]
pub(super) fn Specimen(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="specimen">
            <h2>{title}</h2>
            {children()}
        </section>
    }
}
