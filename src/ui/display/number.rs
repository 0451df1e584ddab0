//! The display of an increase or a decrease.

use leptos::prelude::*;

/// An increase or a decrease. An increase has a plus and the colour of what is good; a decrease
/// is nothing bad, and has its minus alone. The sign of `of` tells which it is.
#[component]
pub fn Change(of: i64, children: Children) -> impl IntoView {
    let (plus, class) = match of > 0 {
        true => (Some("+"), "amount amount-in"),
        false => (None, "amount"),
    };
    view! {
        <span class=class>{plus} {children()}</span>
    }
}
