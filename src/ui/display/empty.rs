//! Empty states of lists.

use crate::ui::{Icon, IconView};
use leptos::prelude::*;

/// The empty state of a list: says what would be here, and in its children what to do. "Nothing
/// yet" and "nothing matches" are different things: say which.
#[component]
pub fn Empty(icon: Icon, #[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon">
                <IconView icon />
            </span>
            <h2 class="empty-title">{title}</h2>
            <div class="empty-body">{children()}</div>
        </div>
    }
}
