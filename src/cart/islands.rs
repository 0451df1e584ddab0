//! Islands of the cart: its link in the header, which counts what is in it.
//!
//! It listens to the whole page. A form that puts something in the cart, or says how many of it, then
//! acts in place: what it will come to is shown at once, and taken back where the server says no. Those
//! forms are plain markup (`action="/cart/items…"`), sent as such until the island is awake. The island
//! makes no markup of its own: it fills in what the server made.

use super::CartAnswer;
use super::api::change_cart;
use super::dom::{field, find, number, say, show_count, sum_lines, word};
use crate::error::AppError;
use crate::money::Currency;
use crate::ui::closest;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Where the forms of the cart are sent.
const ITEMS: &str = "/cart/items";

/// A form that has just put so many in does not put as many in again: it was a double click.
const SAME_CLICK: Duration = Duration::from_secs(1);

/// On a form that has just put something in: how many that were.
const JUST_ADDED: &str = "data-added";

/// How long good news stay when nobody pays attention to them.
const TOAST: Duration = Duration::from_secs(8);

/// How long a click that leads away waits for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Under this name the browser keeps the last count, for pages that it brings back as they were.
const KEPT: &str = "cart";

/// Around the link to the cart with its badge, and the message about what was done.
#[island]
pub fn CartBadge(children: Children) -> impl IntoView {
    Effect::new(|| {
        if let Some(badge) = Badge::read() {
            Rc::new(badge).listen();
        }
    });
    let dismiss = |event: ev::MouseEvent| {
        if closest(event.target(), ".toast-close").is_some() {
            say("", "");
        }
    };
    view! {
        <div class="cart-tool" on:click=dismiss>
            {children()}
        </div>
    }
}

/// When something was known (microseconds, by the server's clock), and how many things there were.
type Known = (i64, i64);

/// Something to be put in.
#[derive(Clone)]
struct Add {
    product: i64,
    quantity: i64,
    form: Element,
}

struct Badge {
    known: Cell<Known>,
    /// How many more there will be, if the server agrees with what was asked of it.
    ahead: Cell<i64>,
    /// The same of what is typed on the cart's page.
    typed: Cell<i64>,
    /// What is put in, one after the other: until the first answer is there a visitor has no cart, and
    /// two questions at once would make two.
    adds: RefCell<VecDeque<Add>>,
    /// How many questions the server has not answered yet.
    asking: Cell<u32>,
    /// What was clicked meanwhile and would have led away from the page, and the questions with it.
    next: Cell<Option<HtmlElement>>,
    /// Whether an answer took so long that nothing waits for it any more.
    impatient: Cell<bool>,
    /// Counts the messages, so that none is taken away in place of another.
    said: Cell<u32>,
    currency: Currency,
}

impl Badge {
    fn read() -> Option<Self> {
        let link = find(".cart-link")?;
        let code = link.get_attribute("data-currency")?;
        Some(Self {
            known: Cell::new((number(&link, "data-at")?, number(&link, "data-count")?)),
            ahead: Cell::new(0),
            typed: Cell::new(0),
            adds: RefCell::default(),
            asking: Cell::new(0),
            next: Cell::new(None),
            impatient: Cell::new(false),
            said: Cell::new(0),
            currency: Currency::ALL.into_iter().find(|it| it.code() == code)?,
        })
    }

    fn listen(self: Rc<Self>) {
        self.look_up();
        let this = self.clone();
        window_event_listener(ev::submit, move |event| {
            let form = closest(event.target(), "form");
            let acted = form.and_then(|form| {
                let pressed = event.submitter().map(Element::from);
                let button = pressed.or_else(|| form.query_selector("button").ok()?);
                this.act(form).or_else(|| this.hold(button?))
            });
            if acted.is_some() {
                event.prevent_default();
            }
        });
        let this = self.clone();
        window_event_listener(ev::click, move |event| {
            let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key();
            let link = closest(event.target(), "a[href]").filter(|_| !elsewhere);
            if link.and_then(|link| this.hold(link)).is_some() {
                event.prevent_default();
            }
        });
        let this = self.clone();
        window_event_listener(ev::change, move |event| {
            closest(event.target(), "form[data-live]").and_then(|form| this.act(form));
        });
        // Another tab did something, or this page comes back as it was left.
        for event in ["storage", "pageshow"] {
            let this = self.clone();
            window_event_listener_untyped(event, move |_| this.look_up());
        }
        if let Some(root) = document().document_element() {
            root.set_attribute("data-cart", "live").ok();
        }
    }

    /// Does in place what the form would do. None where the form is better sent as it is.
    fn act(self: &Rc<Self>, form: Element) -> Option<()> {
        match form.get_attribute("action")?.strip_prefix(ITEMS)? {
            "" => self.add(form),
            id if form.has_attribute("data-live") => {
                let product = id.strip_prefix('/')?.parse().ok()?;
                self.set(product, form)
            }
            _ => None,
        }
    }

    /// Leaves the page only when all is answered, or nothing comes for a while: a browser breaks off
    /// what a page it leaves has asked.
    fn hold(self: &Rc<Self>, clicked: Element) -> Option<()> {
        if self.asking.get() == 0 || self.impatient.get() {
            return None;
        }
        self.next.set(clicked.dyn_into().ok());
        let this = self.clone();
        let leave = move || {
            if let Some(next) = this.next.take() {
                this.impatient.set(true);
                next.click();
            }
        };
        set_timeout(leave, PATIENCE);
        Some(())
    }

    /// Asks the server, and takes in what it says; whether it agreed.
    async fn ask(self: &Rc<Self>, product: i64, quantity: i64, more: bool) -> bool {
        self.asking.set(self.asking.get() + 1);
        let answer = change_cart(product, quantity, more).await;
        self.asking.set(self.asking.get() - 1);
        self.impatient.set(false);
        if more {
            self.ahead.set(self.ahead.get() - quantity);
        }
        self.hear(answer)
    }

    /// Goes where somebody wanted to go meanwhile, unless there is something to read here first.
    fn go_on(&self, agreed: bool) {
        if self.asking.get() == 0 {
            let next = self.next.take().filter(|_| agreed);
            if let Some(next) = next {
                next.click();
            }
        }
    }

    fn add(self: &Rc<Self>, form: Element) -> Option<()> {
        let product = field(&form, "[name=product_id]")?.value().parse().ok()?;
        let quantity: i64 = match field(&form, "[name=quantity]") {
            Some(field) => field.value().parse().ok()?,
            None => 1,
        };
        let quantity_now = quantity.to_string();
        if form.get_attribute(JUST_ADDED).as_ref() == Some(&quantity_now) {
            return Some(());
        }
        form.set_attribute(JUST_ADDED, &quantity_now).ok()?;
        form.set_attribute("aria-busy", "true").ok()?;
        self.ahead.set(self.ahead.get() + quantity);
        self.show();
        let add = Add {
            product,
            quantity,
            form,
        };
        self.adds.borrow_mut().push_back(add);
        if self.adds.borrow().len() == 1 {
            spawn_local(self.clone().work_on_adds());
        }
        Some(())
    }

    async fn work_on_adds(self: Rc<Self>) {
        let first = || self.adds.borrow().front().cloned();
        let mut agreed = true;
        while let Some(add) = first() {
            let put_in = self.ask(add.product, add.quantity, true).await;
            agreed &= put_in;
            self.adds.borrow_mut().pop_front();
            self.release(add, put_in);
        }
        self.go_on(agreed);
    }

    /// Lets the form act again: at once for another quantity or after a refusal, and for the same once
    /// more when it can no longer be the second half of a double click.
    fn release(&self, add: Add, put_in: bool) {
        let waiting = |other: &Add| other.form == add.form;
        if self.adds.borrow().iter().any(waiting) {
            return;
        }
        add.form.remove_attribute("aria-busy").ok();
        let forget = move || {
            let same = add.quantity.to_string();
            if add.form.get_attribute(JUST_ADDED) == Some(same) {
                add.form.remove_attribute(JUST_ADDED).ok();
            }
        };
        if put_in {
            set_timeout(forget, SAME_CLICK);
        } else {
            forget();
        }
    }

    fn set(self: &Rc<Self>, product: i64, form: Element) -> Option<()> {
        let field = field(&form, "input")?;
        let remove = form.parent_element()?.query_selector(".cart-remove button");
        let remove: HtmlElement = remove.ok()??.dyn_into().ok()?;
        if !field.report_validity() {
            return Some(());
        }
        self.count_typed();
        if form.has_attribute("aria-busy") {
            return Some(());
        }
        form.set_attribute("aria-busy", "true").ok()?;
        let this = self.clone();
        spawn_local(async move {
            // One request after the other, the last with what was typed last. What the server has
            // agreed to is the field's default.
            let mut agreed = true;
            while field.value() != field.default_value() {
                let wanted = field.value();
                if wanted == "0" {
                    remove.click();
                    break;
                }
                let Ok(quantity) = wanted.parse() else { break };
                agreed = this.ask(product, quantity, false).await;
                if agreed {
                    field.set_default_value(&wanted);
                } else {
                    field.set_value(&field.default_value());
                }
                this.count_typed();
            }
            this.go_on(agreed);
            form.remove_attribute("aria-busy").ok();
        });
        Some(())
    }

    /// Takes in what the server says; whether it agreed.
    fn hear(self: &Rc<Self>, answer: Result<CartAnswer, AppError>) -> bool {
        let (agreed, text) = match answer {
            Ok(answer) if answer.agreed => {
                self.know((answer.at, answer.count));
                (true, answer.said)
            }
            Ok(answer) => (false, answer.said),
            // The browser itself has no words for it.
            Err(error) if error.message.is_empty() => (false, word("data-offline")),
            Err(error) => (false, error.message),
        };
        self.show();
        self.said.set(self.said.get() + 1);
        if agreed {
            say("toast-good", &text);
            self.clone().hush_later(self.said.get());
        } else {
            // Bad news stay until they were read.
            say("toast-bad", &text);
        }
        agreed
    }

    fn hush_later(self: Rc<Self>, said: u32) {
        let later = move || {
            if self.said.get() != said {
            } else if find(".cart-said:hover, .cart-said:focus-within").is_some() {
                self.hush_later(said);
            } else {
                say("", "");
            }
        };
        set_timeout(later, TOAST);
    }

    /// The newest count is the right one, wherever it was heard.
    fn know(&self, heard: Known) {
        if heard.0 >= self.known.get().0 {
            self.known.set(heard);
            if let Ok(Some(kept)) = window().local_storage() {
                let text = format!("{} {}", heard.0, heard.1);
                kept.set_item(KEPT, &text).ok();
            }
        }
    }

    /// A page may have been made before the last change; another page has written that one down.
    fn look_up(&self) {
        let kept = window().local_storage().ok().flatten();
        let text = kept.and_then(|kept| kept.get_item(KEPT).ok()?);
        let heard = text.as_deref().and_then(|text| {
            let (at, count) = text.split_once(' ')?;
            Some((at.parse().ok()?, count.parse().ok()?))
        });
        let here = self.known.get();
        self.know(
            heard
                .filter(|heard: &Known| heard.0 > here.0)
                .unwrap_or(here),
        );
        self.show();
    }

    fn show(&self) {
        show_count(self.known.get().1 + self.ahead.get() + self.typed.get());
    }

    fn count_typed(&self) {
        self.typed.set(sum_lines(self.currency));
        self.show();
    }
}
