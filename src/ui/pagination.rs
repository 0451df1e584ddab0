//! Pagination.

use super::{ButtonKind, Icon, IconView, non_empty};
use crate::i18n::t;
use leptos::prelude::*;

/// Navigation in a keyset-paginated list: back to the first page, and on. Renders nothing if
/// everything fits on one page.
#[component]
pub fn Pager(
    /// The address of the first page, unless this is it.
    first: Option<String>,
    /// The address of the next page, unless this is the last.
    next: Option<String>,
    /// The number of rows on this page.
    shown: usize,
    /// The name of the list, for screen readers.
    #[prop(into, optional)]
    label: String,
) -> impl IntoView {
    if first.is_none() && next.is_none() {
        return None;
    }
    let label = non_empty(label).unwrap_or_else(|| t!("ui-pages").to_owned());
    let class = ButtonKind::Secondary.class(false);
    Some(view! {
        <nav class="pager" aria-label=label>
            {first.map(|href| view! { <a class=class href=href>{t!("ui-first-page")}</a> })}
            <span class="pager-shown">{t!("ui-shown", count = shown)}</span>
            {next
                .map(|href| {
                    view! {
                        <a class=class href=href rel="next">
                            <span>{t!("ui-next")}</span>
                            <IconView icon=Icon::ChevronRight />
                        </a>
                    }
                })}
        </nav>
    })
}
