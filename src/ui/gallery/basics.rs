//! The specimen page's colours, type and icons.

use super::specimen::Specimen;
use crate::clock::Timestamp;
use crate::i18n::t;
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
        <Specimen title=t!("gallery-colour")>
            <ul class="swatches">{swatches}</ul>
        </Specimen>
    }
}

#[component]
pub(super) fn Words() -> impl IntoView {
    let at = Timestamp::parse("2026-11-21T04:07:00Z").unwrap_or_default();
    view! {
        <Specimen title=t!("gallery-type")>
            <p class="display">{t!("gallery-display")}</p>
            <h1>{t!("gallery-heading-page")}</h1>
            <h2>{t!("gallery-heading-section")}</h2>
            <h3>{t!("gallery-heading-part")}</h3>
            <p class="lead">{t!("gallery-lead-sample")}</p>
            <p class="measure">
                {t!("gallery-body")}
                " "
                <a href="#main">{t!("gallery-link")}</a>
                " · "
                <strong>{t!("gallery-strong")}</strong>
                " · "
                <em>{t!("gallery-emphasis")}</em>
                " · "
                <code>"/products"</code>
                " · "
                <kbd>"Esc"</kbd>
                " · "
                <span lang="zh-Hans">"明前西湖龙井，产于狮峰山。"</span>
            </p>
            <p class="muted">{t!("gallery-secondary")}</p>
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
        <Specimen title=t!("gallery-icons")>
            <ul class="icon-sheet">{icons}</ul>
        </Specimen>
    }
}
