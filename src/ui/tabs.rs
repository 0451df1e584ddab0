//! Tabs: views of one thing, each with its own address.

use leptos::prelude::*;

/// Links between the views of a page. Address, name, and whether it is the present one.
#[component]
pub fn TabLinks(
    /// What the views are of, for those who hear the page.
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
