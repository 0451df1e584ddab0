//! Filters above a list.

use crate::error::AppError;
use crate::i18n::t;
use crate::ui::{Alert, Icon, IconView, Tone};
use leptos::prelude::*;

/// The filters of a list: collapsed on narrow screens, where the list comes first, and open on
/// wide ones. The children are a `GET` form, and links where one click should be enough.
#[component]
pub fn Filters(
    /// The number of filters in use; shown on the fold if there are any.
    #[prop(optional)]
    narrowing: usize,
    /// True to open the fold: if something in it cannot be read.
    #[prop(optional)]
    open: bool,
    #[prop(into, optional)] class: String,
    children: Children,
) -> impl IntoView {
    let count = (narrowing > 0).then(|| t!("ui-filters-in-use", count = narrowing));
    view! {
        <details class=format!("filters {class}") open=open>
            <summary class="filters-summary">
                <IconView icon=Icon::Filter />
                <span>{t!("ui-filters")}</span>
                {count.map(|count| view! { <span class="filters-count">{count}</span> })}
            </summary>
            {children()}
        </details>
    }
}

/// Says which filters cannot be read, in place of the list.
#[component]
pub fn UnreadableFilters(
    error: AppError,
    /// The label above the field with this name.
    label: impl Fn(&str) -> String,
) -> impl IntoView {
    let faults = error
        .errors
        .into_iter()
        .map(|(field, fault)| view! { <li>{format!("{}: {fault}", label(&field))}</li> })
        .collect::<Vec<_>>();
    view! {
        <Alert tone=Tone::Bad title=t!("ui-filters-unreadable")>
            <ul>{faults}</ul>
        </Alert>
    }
}
