//! The cart's island: its link in the header, with the number of items, and the last message.
//!
//! Its state is signals. It listens on the whole page, since the cart's forms are rendered by the
//! server and can be anywhere on it: one that adds a product or sets its quantity then acts in
//! place (`in_place.rs`). Until the island is hydrated they are submitted as plain forms.

use super::live::{Badge, Shown};
use crate::ui::{Icon, IconView, closest};
use leptos::ev;
use leptos::prelude::*;
use web_sys::Element;

/// The link to the cart with its badge, and the message about the last change.
#[island]
pub fn CartBadge(
    /// The number of items in the cart, and the instant it was counted (microseconds, by the server's clock).
    count: i64,
    at: i64,
    /// The code of the shop's currency.
    currency: String,
    /// The link's label for an empty cart, for one item, and for `{n}`.
    empty: String,
    one: String,
    many: String,
    see: String,
    dismiss: String,
    offline: String,
) -> impl IntoView {
    let shown = Shown::new(count);
    Effect::new(move || {
        let badge = Badge::new(shown, at, &currency, offline.clone());
        listen(Box::leak(Box::new(badge)));
    });
    let words = move || match shown.count() {
        0 => empty.clone(),
        1 => one.clone(),
        count => many.replace("{n}", &count.to_string()),
    };
    view! {
        <div class="cart-tool">
            <a class="cart-link" href="/cart">
                <IconView icon=Icon::Cart />
                <span class="cart-words visually-hidden">{words}</span>
                <span class="cart-count" aria-hidden="true" hidden=move || shown.count() == 0>
                    {move || shown.count().to_string()}
                </span>
            </a>
            <div class="cart-said" aria-live="polite" node_ref=shown.panel>
                <div class=move || shown.class.get() hidden=move || shown.said.with(String::is_empty)>
                    <div class="toast-body">
                        <p class="toast-text">{move || shown.said.get()}</p>
                        <a class="button button-secondary button-small" href="/cart">
                            {see}
                        </a>
                        <button type="button" class="toast-close" aria-label=dismiss on:click=move |_| shown.said.set(String::new())>
                            "×"
                        </button>
                    </div>
                </div>
            </div>
        </div>
    }
}

fn listen(badge: &'static Badge) {
    badge.look_up();
    window_event_listener(ev::submit, move |event| {
        let acted = closest(event.target(), "form").and_then(|form| {
            let pressed = event.submitter().map(Element::from);
            let button = pressed.or_else(|| form.query_selector("button").ok()?);
            badge.act(form).or_else(|| badge.hold(button?))
        });
        if acted.is_some() {
            event.prevent_default();
        }
    });
    window_event_listener(ev::click, move |event| {
        let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key();
        let link = closest(event.target(), "a[href]").filter(|_| !elsewhere);
        if link.and_then(|link| badge.hold(link)).is_some() {
            event.prevent_default();
        }
    });
    window_event_listener(ev::change, move |event| {
        closest(event.target(), "form[data-live]").and_then(|form| badge.act(form));
    });
    // Another tab changed the cart, or the browser restored this page as it was left.
    for event in ["storage", "pageshow"] {
        window_event_listener_untyped(event, move |_| badge.look_up());
    }
    if let Some(root) = document().document_element() {
        root.set_attribute("data-cart", "live").ok();
    }
}
