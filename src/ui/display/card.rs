//! Cards.

use crate::ui::non_empty;
use leptos::prelude::*;

/// A section of the page with a border.
#[component]
pub fn Card(
    #[prop(into, optional)] title: String,
    #[prop(into, optional)] class: String,
    children: Children,
) -> impl IntoView {
    view! {
        <section class=format!("card {class}")>
            {non_empty(title).map(|title| view! { <h2 class="card-title">{title}</h2> })}
            {children()}
        </section>
    }
}
