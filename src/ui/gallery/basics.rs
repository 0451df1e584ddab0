//! The specimen page's colours, type and icons.

use super::specimen::Specimen;
use crate::clock::Timestamp;
use crate::money::{Currency, Money};
use crate::ui::display::{Price, When};
use crate::ui::{Icon, IconView};
use leptos::prelude::*;

#[component]
pub(super) fn Colours() -> impl IntoView {
    let names = [
        "paper",
        "surface",
        "raised",
        "sunken",
        "line",
        "line-strong",
        "ink",
        "ink-soft",
        "ink-faint",
        "accent",
        "accent-soft",
        "info",
        "good",
        "warn",
        "bad",
    ];
    let swatches = names
        .map(|name| {
            view! {
                <li>
                    <span class=format!("swatch swatch-{name}")></span>
                    <code>{name}</code>
                </li>
            }
        })
        .into_iter()
        .collect::<Vec<_>>();
    view! {
        <Specimen title="Colour">
            <ul class="swatches">{swatches}</ul>
        </Specimen>
    }
}

#[component]
pub(super) fn Words() -> impl IntoView {
    let at = Timestamp::parse("2026-11-21T04:07:00Z").unwrap_or_default();
    view! {
        <Specimen title="Type">
            <p class="display">"A hall for the whole trade"</p>
            <h1>"Page heading"</h1>
            <h2>"Section heading"</h2>
            <h3>"Part heading"</h3>
            <p class="lead">"A lead says in a sentence what the page is for."</p>
            <p class="measure">
                "Body text keeps to a comfortable measure. It holds "
                <a href="#main">"links that are underlined"</a> ", " <strong>"weight"</strong> ", "
                <em>"emphasis"</em> ", " <code>"code"</code> " and " <kbd>"Ctrl"</kbd> " "
                <kbd>"K"</kbd> ". " <span lang="zh-Hans">"明前西湖龙井，产于狮峰山。"</span>
            </p>
            <p class="muted">"Secondary text, still easily read."</p>
            <p>
                <Price money=Money::new(129_950, Currency::Cny) />
                " · "
                <When at />
                " · "
                <When at date_only=true />
            </p>
        </Specimen>
    }
}

#[component]
pub(super) fn Icons() -> impl IntoView {
    let icons = Icon::ALL
        .map(|icon| {
            view! {
                <li>
                    <IconView icon />
                    <span>{format!("{icon:?}")}</span>
                </li>
            }
        })
        .into_iter()
        .collect::<Vec<_>>();
    view! {
        <Specimen title="Icons">
            <ul class="icon-sheet">{icons}</ul>
        </Specimen>
    }
}
