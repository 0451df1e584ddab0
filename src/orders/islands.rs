//! What of the cart wakes in the browser: its link in the header, which counts what is in it.
//!
//! It listens to the whole page. A form that puts something in the cart, or says how many of it, then
//! acts in place: what it will come to is shown at once, and taken back where the server says no. Those
//! forms are plain markup (`action="/cart/items…"`), sent as such until the island is awake.

use super::{CartAnswer, add_to_cart, set_cart_quantity};
use crate::error::AppError;
use crate::money::{Currency, Money};
use crate::ui::closest;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// Where the forms of the cart are sent.
const ITEMS: &str = "/cart/items";

/// A form that has just put something in does not do so again: it was a double click.
const SAME_CLICK: Duration = Duration::from_secs(1);

/// How long good news stay when nobody pays attention to them.
const TOAST: Duration = Duration::from_secs(8);

/// Under this name the browser keeps the last count, for pages that it brings back as they were.
const KEPT: &str = "cart";

/// What was last heard from the server: when (in its time), and how many there were.
type Known = (i64, i64);

#[derive(Clone, Copy)]
struct Badge {
    known: RwSignal<Known>,
    /// How many more there will be, if the server agrees with what was asked of it.
    ahead: RwSignal<i64>,
    /// The same of what is typed on the cart's page.
    typed: RwSignal<i64>,
    said: RwSignal<Option<(&'static str, String)>>,
    /// Counts what was said, so that no message is taken away in place of another.
    turn: StoredValue<u32>,
    currency: Currency,
}

/// The link to the cart with its badge, and the place for what is said about it. `count` was right at
/// the instant `at`, by the server's clock.
#[island]
pub fn CartBadge(count: i64, at: i64, currency: Currency, children: Children) -> impl IntoView {
    let badge = Badge {
        known: RwSignal::new((at, count)),
        ahead: RwSignal::new(0),
        typed: RwSignal::new(0),
        said: RwSignal::new(None),
        turn: StoredValue::new(0),
        currency,
    };
    Effect::new(move || badge.listen());
    let shown = move || badge.known.get().1 + badge.ahead.get() + badge.typed.get();
    let words = move || match shown() {
        0 => "Cart, empty".to_owned(),
        1 => "Cart, 1 thing".to_owned(),
        count => format!("Cart, {count} things"),
    };
    let dismiss = move |event: ev::MouseEvent| {
        if closest(event.target(), ".toast-close").is_some() {
            badge.said.set(None);
        }
    };
    view! {
        <a class="cart-link" href="/cart">
            {children()} <span class="visually-hidden">{words}</span>
            <span class="cart-count" aria-hidden="true" hidden=move || shown() == 0>
                {shown}
            </span>
        </a>
        <div class="cart-said" aria-live="polite" on:click=dismiss>
            {move || badge.said.get().map(toast)}
        </div>
    }
}

/// A toast, as the server makes them for the next page.
fn toast((tone, text): (&'static str, String)) -> impl IntoView {
    view! {
        <div class=format!("toast {tone}")>
            <div class="toast-body">
                <p class="toast-text">{text}</p>
                <a class="button button-secondary button-small" href="/cart">
                    "See the cart"
                </a>
                <button type="button" class="toast-close" aria-label="Dismiss">
                    "×"
                </button>
            </div>
        </div>
    }
}

const GOOD: &str = "toast-good";
const BAD: &str = "toast-bad";

impl Badge {
    fn listen(self) {
        self.look_up();
        window_event_listener(ev::submit, move |event| {
            let form: Option<Element> = event.target().and_then(|form| form.dyn_into().ok());
            if form.and_then(|form| self.act(form)).is_some() {
                event.prevent_default();
            }
        });
        window_event_listener(ev::change, move |event| {
            closest(event.target(), "form[data-live]").and_then(|form| self.act(form));
        });
        // Another tab did something, or this page comes back as it was left.
        window_event_listener(ev::storage, move |_| self.look_up());
        window_event_listener_untyped("pageshow", move |_| self.look_up());
        if let Some(root) = document().document_element() {
            root.set_attribute("data-cart", "live").ok();
        }
    }

    /// Does in place what the form would do. None where the form is better sent as it is.
    fn act(self, form: Element) -> Option<()> {
        match form.get_attribute("action")?.strip_prefix(ITEMS)? {
            "" => self.add(form),
            id if form.has_attribute("data-live") => {
                let product = id.trim_start_matches('/').parse().ok()?;
                self.set(product, form)
            }
            _ => None,
        }
    }

    fn add(self, form: Element) -> Option<()> {
        if form.has_attribute("aria-busy") {
            return Some(());
        }
        let product = field(&form, "[name=product_id]")?.value().parse().ok()?;
        let quantity = match field(&form, "[name=quantity]") {
            Some(field) => field.value().parse().ok()?,
            None => 1,
        };
        form.set_attribute("aria-busy", "true").ok()?;
        self.ahead.update(|ahead| *ahead += quantity);
        spawn_local(async move {
            let answer = add_to_cart(product, quantity).await;
            self.ahead.update(|ahead| *ahead -= quantity);
            self.hear(answer);
            set_timeout(move || drop(form.remove_attribute("aria-busy")), SAME_CLICK);
        });
        Some(())
    }

    fn set(self, product: i64, form: Element) -> Option<()> {
        let field = field(&form, "input")?;
        if field.value() == "0" {
            let remove = form
                .parent_element()?
                .query_selector(".cart-remove button")
                .ok()??;
            remove.dyn_ref::<HtmlElement>()?.click();
            return Some(());
        }
        if !field.report_validity() {
            return Some(());
        }
        self.count_typed();
        if form.has_attribute("aria-busy") {
            return Some(());
        }
        form.set_attribute("aria-busy", "true").ok()?;
        spawn_local(async move {
            // One request after the other, the last with what was typed last. What the server has
            // agreed to is the field's default.
            while field.value() != field.default_value() {
                let wanted = field.value();
                let Ok(quantity) = wanted.parse() else { break };
                if self.hear(set_cart_quantity(product, quantity).await) {
                    field.set_default_value(&wanted);
                } else {
                    field.set_value(&field.default_value());
                }
                self.count_typed();
            }
            form.remove_attribute("aria-busy").ok();
        });
        Some(())
    }

    /// Takes in what the server says; whether it agreed.
    fn hear(self, answer: Result<CartAnswer, AppError>) -> bool {
        match answer.unwrap_or_else(|error| Err(error.message)) {
            Ok(now) => {
                self.know((now.at, now.count));
                self.say(GOOD, now.said);
                true
            }
            Err(text) => {
                self.say(BAD, text);
                false
            }
        }
    }

    /// Good news leave by themselves; bad ones stay until they were read.
    fn say(self, tone: &'static str, text: String) {
        self.turn.update_value(|turn| *turn += 1);
        if tone == GOOD {
            self.hush_later(self.turn.get_value());
        }
        self.said.set((!text.is_empty()).then_some((tone, text)));
    }

    fn hush_later(self, turn: u32) {
        let held = ".cart-said:hover, .cart-said:focus-within";
        let later = move || match document().query_selector(held) {
            _ if self.turn.get_value() != turn => {}
            Ok(Some(_)) => self.hush_later(turn),
            _ => self.said.set(None),
        };
        set_timeout(later, TOAST);
    }

    /// The newest count is the right one, wherever it was heard.
    fn know(self, heard: Known) {
        if heard.0 >= self.known.get_untracked().0 {
            self.known.set(heard);
            if let Some(kept) = kept() {
                kept.set_item(KEPT, &format!("{} {}", heard.0, heard.1))
                    .ok();
            }
        }
    }

    /// A page may have been made before the last change; another page has written that one down.
    fn look_up(self) {
        let text = kept().and_then(|kept| kept.get_item(KEPT).ok()?);
        let heard = text.as_deref().and_then(|text| text.split_once(' '));
        let heard = heard.and_then(|(at, count)| Some((at.parse().ok()?, count.parse().ok()?)));
        let here = self.known.get_untracked();
        self.know(
            heard
                .filter(|heard: &Known| heard.0 > here.0)
                .unwrap_or(here),
        );
    }

    /// Shows what the lines and all of them come to with the quantities that are typed now.
    fn count_typed(self) {
        let (mut more, mut subtotal) = (0, 0);
        let Ok(lines) = document().query_selector_all("[data-price]") else {
            return;
        };
        for index in 0..lines.length() {
            let line = lines.item(index).and_then(|line| line.dyn_into().ok());
            let counted = line.and_then(|line: Element| {
                let field = field(&line, "[type=number]")?;
                let before: i64 = field.default_value().parse().ok()?;
                let quantity = field.value().parse().unwrap_or(before);
                let price: i64 = line.get_attribute("data-price")?.parse().ok()?;
                self.show(
                    line.query_selector(".cart-total .price").ok()??,
                    price * quantity,
                );
                Some((quantity - before, price * quantity))
            });
            let (here, total) = counted.unwrap_or_default();
            more += here;
            subtotal += total;
        }
        self.typed.set(more);
        if let Ok(Some(place)) = document().query_selector(".cart-subtotal .price") {
            self.show(place, subtotal);
        }
    }

    fn show(self, place: Element, minor: i64) {
        place.set_attribute("value", &minor.to_string()).ok();
        let text = Money::new(minor, self.currency).to_string();
        place.set_text_content(Some(&text));
    }
}

fn kept() -> Option<web_sys::Storage> {
    window().local_storage().ok()?
}

fn field(form: &Element, selector: &str) -> Option<HtmlInputElement> {
    form.query_selector(selector).ok()??.dyn_into().ok()
}
