//! The look of a number that adds or takes away.

use leptos::prelude::*;

/// What was added or taken away. What adds has a plus and the colour of what is good; what is taken away
/// is nothing bad, and has its minus alone. `of` says which of the two it is.
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
