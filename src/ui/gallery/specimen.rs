//! A part of the specimen page.

use leptos::prelude::*;

/// A part of the specimen page, under its own heading.
#[component]
pub(super) fn Specimen(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="specimen">
            <h2>{title}</h2>
            {children()}
        </section>
    }
}
