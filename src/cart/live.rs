//! The state of the cart's island: signals of what is in the cart and of what was said last, and the
//! questions to the server that change them.

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

/// How long good news stay when nobody pays attention to them.
const TOAST: Duration = Duration::from_secs(8);

/// How long a click that leads away waits for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Under this name the browser keeps the last count, for pages that it brings back as they were.
const KEPT: &str = "cart";

/// Something to be put in.
#[derive(Clone, PartialEq)]
pub struct Add {
    pub product: i64,
    pub quantity: i64,
    pub form: Element,
}

/// What the island shows.
#[derive(Clone, Copy)]
pub struct Shown {
    /// How many things there are in the cart, by the server's word.
    pub known: RwSignal<i64>,
    /// How many more there will be, if the server agrees with what was asked of it.
    pub ahead: RwSignal<i64>,
    /// The same of what is typed on the cart's page.
    pub typed: RwSignal<i64>,
    /// The message; empty where there is none.
    pub said: RwSignal<String>,
    /// The classes of the message: good news or bad.
    pub class: RwSignal<&'static str>,
    /// Around the message.
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

/// The island awake: for as long as its page, and in the browser alone.
pub struct Badge {
    pub shown: Shown,
    pub currency: Currency,
    /// What is said where the server cannot be reached: the browser itself has no words for it.
    offline: String,
    /// When the count was known: microseconds, by the server's clock.
    at: Cell<i64>,
    /// What is put in, one after the other: until the first answer is there a visitor has no cart, and
    /// two questions at once would make two.
    pub adds: RefCell<VecDeque<Add>>,
    /// The last of them, for as long as the same once more would be a double click.
    pub last_add: RefCell<Option<Add>>,
    /// How many questions the server has not answered yet.
    asking: Cell<u32>,
    /// What was clicked meanwhile and would have led away from the page, and the questions with it.
    next: Cell<Option<HtmlElement>>,
    /// Whether an answer took so long that nothing waits for it any more.
    impatient: Cell<bool>,
    /// Counts the messages, so that none is taken away in place of another.
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

    /// Leaves the page only when all is answered, or nothing comes for a while: a browser breaks off
    /// what a page it leaves has asked.
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

    /// Goes where somebody wanted to go meanwhile, unless there is something to read here first.
    pub fn go_on(&self, agreed: bool) {
        if self.asking.get() == 0
            && let Some(next) = self.next.take().filter(|_| agreed)
        {
            next.click();
        }
    }

    /// Asks the server for so many, or so many `more`, and takes in what it says; whether it agreed.
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
        // Bad news stay until they were read.
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

    /// The newest count is the right one, wherever it was heard.
    fn know(&self, at: i64, count: i64) {
        if at >= self.at.get() {
            self.at.set(at);
            self.shown.known.set(count);
            if let Ok(Some(kept)) = window().local_storage() {
                kept.set_item(KEPT, &format!("{at} {count}")).ok();
            }
        }
    }

    /// A page may have been made before the last change; another page has written that one down.
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
