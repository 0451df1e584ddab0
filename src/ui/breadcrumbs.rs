//! Breadcrumbs.

use crate::i18n::t;
use leptos::prelude::*;

/// The pages above this one, by address and name, and this one.
#[component]
pub fn Breadcrumbs(trail: Vec<(String, String)>, #[prop(into)] here: String) -> impl IntoView {
    let trail = trail
        .into_iter()
        .map(|(href, label)| {
            view! {
                <li>
                    <a href=href>{label}</a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <nav class="breadcrumbs" aria-label=t!("ui-breadcrumbs")>
            <ol>
                {trail} <li>
                    <span aria-current="page">{here}</span>
                </li>
            </ol>
        </nav>
    }
}
