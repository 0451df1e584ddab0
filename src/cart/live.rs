//! The state of the cart's island: signals for the cart's content and the last message, and the
//! requests to the server that change them.

use super::CartAnswer;
use super::api::change_cart;
use crate::error::AppError;
use crate::money::Currency;
use leptos::html;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::time::Duration;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The time a success message stays when nobody pays attention to it.
const TOAST: Duration = Duration::from_secs(8);

/// The time a click that leaves the page waits for a response.
const PATIENCE: Duration = Duration::from_secs(5);

/// The local storage key of the last count, for pages that the browser restores as they were.
const KEPT: &str = "cart";

/// A product to be added.
#[derive(Clone, PartialEq)]
pub struct Add {
    pub product: i64,
    pub quantity: i64,
    pub form: Element,
}

/// The signals that the island shows.
#[derive(Clone, Copy)]
pub struct Shown {
    /// The number of items in the cart, according to the server.
    pub known: RwSignal<i64>,
    /// The number of items still being added, if the server agrees.
    pub ahead: RwSignal<i64>,
    /// The difference made by the quantities typed on the cart's page.
    pub typed: RwSignal<i64>,
    /// The message; empty if there is none.
    pub said: RwSignal<String>,
    /// The CSS classes of the message: success or error.
    pub class: RwSignal<&'static str>,
    /// The element around the message.
    pub panel: NodeRef<html::Div>,
}

impl Shown {
    pub fn new(known: i64) -> Self {
        Self {
            known: RwSignal::new(known),
            ahead: RwSignal::new(0),
            typed: RwSignal::new(0),
            said: RwSignal::new(String::new()),
            class: RwSignal::new("toast"),
            panel: NodeRef::new(),
        }
    }

    pub fn count(self) -> i64 {
        self.known.get() + self.ahead.get() + self.typed.get()
    }
}

/// The hydrated island: it lives as long as its page, and only in the browser.
pub struct Badge {
    pub shown: Shown,
    pub currency: Currency,
    /// The message shown if the server is unreachable: the browser itself has no words for it.
    offline: String,
    /// The instant of the count: microseconds, by the server's clock.
    at: Cell<i64>,
    /// The queue of adds, sent one at a time: a visitor has no cart until the first response, and
    /// two concurrent requests would create two.
    pub adds: RefCell<VecDeque<Add>>,
    /// The last add, kept for as long as a repeat would be a double click.
    pub last_add: RefCell<Option<Add>>,
    /// The number of requests still unanswered.
    asking: Cell<u32>,
    /// The element clicked meanwhile that would have left the page and aborted the requests.
    next: Cell<Option<HtmlElement>>,
    /// True after a response took so long that clicks no longer wait for it.
    impatient: Cell<bool>,
    /// Counts the messages, so that each timer hides only its own.
    messages: Cell<u32>,
}

impl Badge {
    pub fn new(shown: Shown, at: i64, currency: &str, offline: String) -> Self {
        let currency = Currency::ALL.into_iter().find(|it| it.code() == currency);
        Self {
            shown,
            currency: currency.unwrap_or_default(),
            offline,
            at: Cell::new(at),
            adds: RefCell::default(),
            last_add: RefCell::default(),
            asking: Cell::new(0),
            next: Cell::new(None),
            impatient: Cell::new(false),
            messages: Cell::new(0),
        }
    }

    /// Delays leaving the page until all requests are answered, or none is for a while: browsers
    /// abort the requests of a page they leave.
    pub fn hold(&'static self, clicked: Element) -> Option<()> {
        if self.asking.get() == 0 || self.impatient.get() {
            return None;
        }
        self.next.set(clicked.dyn_into().ok());
        let leave = move || {
            if let Some(next) = self.next.take() {
                self.impatient.set(true);
                next.click();
            }
        };
        set_timeout(leave, PATIENCE);
        Some(())
    }

    /// Repeats the click that was held back, unless there is something to read here first.
    pub fn go_on(&self, agreed: bool) {
        if self.asking.get() == 0
            && let Some(next) = self.next.take().filter(|_| agreed)
        {
            next.click();
        }
    }

    /// Requests a quantity, or that many `more`, and applies the response. Returns true if the server agreed.
    pub async fn ask(&'static self, product: i64, quantity: i64, more: bool) -> bool {
        self.asking.update(|asking| asking + 1);
        let answer = change_cart(product, quantity, more).await;
        self.asking.update(|asking| asking - 1);
        self.impatient.set(false);
        if more {
            self.shown.ahead.update(|ahead| *ahead -= quantity);
        }
        self.hear(answer)
    }

    fn hear(&'static self, answer: Result<CartAnswer, AppError>) -> bool {
        let (agreed, text) = match answer {
            Ok(answer) => {
                if answer.agreed {
                    self.know(answer.at, answer.count);
                }
                (answer.agreed, answer.said)
            }
            Err(error) if error.message.is_empty() => (false, self.offline.clone()),
            Err(error) => (false, error.message),
        };
        self.shown.class.set(match agreed {
            true => "toast toast-good",
            false => "toast toast-bad",
        });
        self.shown.said.set(text);
        self.messages.update(|messages| messages + 1);
        // Errors stay until they are read.
        if agreed {
            self.hush_later(self.messages.get());
        }
        agreed
    }

    fn hush_later(&'static self, message: u32) {
        let later = move || {
            let panel = self.shown.panel.get_untracked();
            if self.messages.get() != message {
            } else if panel.is_some_and(|it| it.matches(":hover, :focus-within") == Ok(true)) {
                self.hush_later(message);
            } else {
                self.shown.said.set(String::new());
            }
        };
        set_timeout(later, TOAST);
    }

    /// Keeps the newest count, wherever it came from.
    fn know(&self, at: i64, count: i64) {
        if at >= self.at.get() {
            self.at.set(at);
            self.shown.known.set(count);
            if let Ok(Some(kept)) = window().local_storage() {
                kept.set_item(KEPT, &format!("{at} {count}")).ok();
            }
        }
    }

    /// Applies a newer count that another page stored: this page may be older than the last change.
    pub fn look_up(&self) {
        let kept = window().local_storage().ok().flatten();
        let text = kept.and_then(|kept| kept.get_item(KEPT).ok()?);
        let heard = text.as_deref().and_then(|text| {
            let (at, count) = text.split_once(' ')?;
            Some((at.parse().ok()?, count.parse().ok()?))
        });
        let here = (self.at.get(), self.shown.known.get_untracked());
        let (at, count) = heard.unwrap_or(here).max(here);
        self.know(at, count);
    }
}
