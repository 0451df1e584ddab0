//! Prices.

use crate::money::Money;
use leptos::prelude::*;

/// An amount as people read it, with its minor units for programs.
#[component]
pub fn Price(money: Money) -> impl IntoView {
    view! {
        <data class="price" value=money.minor.to_string()>
            {money.to_string()}
        </data>
    }
}
