//! Tabs: views of one thing, each with its own address.

use leptos::prelude::*;

/// Links between the views of a page, by address and name, and whether each is the current one.
#[component]
pub fn TabLinks(
    /// The subject of the views, for screen readers.
    #[prop(into)]
    label: String,
    items: Vec<(String, String, bool)>,
) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|(href, label, current)| {
            view! {
                <li>
                    <a href=href aria-current=current.then_some("page")>
                        {label}
                    </a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <nav class="tab-links" aria-label=label>
            <ul>{items}</ul>
        </nav>
    }
}
