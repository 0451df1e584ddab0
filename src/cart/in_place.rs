//! The cart's forms, handled in place by the island: each is the server's markup, and stays where it is.
//!
//! A form's expected outcome is shown at once, and rolled back if the server refuses.

use super::live::{Add, Badge};
use crate::money::{Currency, Money};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// The path prefix of the cart's forms.
const ITEMS: &str = "/cart/items";

/// The time in which a repeated add from the same form is ignored: it was a double click.
const SAME_CLICK: Duration = Duration::from_secs(1);

impl Badge {
    /// Does in place what the form would do. `None` if the form should be submitted as it is.
    pub fn act(&'static self, form: Element) -> Option<()> {
        match form.get_attribute("action")?.strip_prefix(ITEMS)? {
            "" => self.add(form),
            id if form.has_attribute("data-live") => {
                let product = id.strip_prefix('/')?.parse().ok()?;
                self.set(product, form)
            }
            _ => None,
        }
    }

    fn add(&'static self, form: Element) -> Option<()> {
        let product = field(&form, "[name=product_id]")?.value().parse().ok()?;
        let quantity = match field(&form, "[name=quantity]") {
            Some(field) => field.value().parse().ok()?,
            None => 1,
        };
        let add = Add {
            product,
            quantity,
            form,
        };
        if self.last_add.borrow().as_ref() == Some(&add) {
            return Some(());
        }
        add.form.set_attribute("aria-busy", "true").ok()?;
        self.shown.ahead.update(|ahead| *ahead += quantity);
        self.last_add.replace(Some(add.clone()));
        self.adds.borrow_mut().push_back(add);
        if self.adds.borrow().len() == 1 {
            spawn_local(self.work_on_adds());
        }
        Some(())
    }

    async fn work_on_adds(&'static self) {
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

    /// Lets the form add the same again: at once after a refusal, otherwise when that can no longer
    /// be the second half of a double click.
    fn release(&'static self, add: Add, put_in: bool) {
        let same_form = |other: &Add| other.form == add.form;
        if !self.adds.borrow().iter().any(same_form) {
            add.form.remove_attribute("aria-busy").ok();
        }
        let forget = move || {
            self.last_add.borrow_mut().take_if(|last| *last == add);
        };
        if put_in {
            set_timeout(forget, SAME_CLICK);
        } else {
            forget();
        }
    }

    fn set(&'static self, product: i64, form: Element) -> Option<()> {
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
        spawn_local(async move {
            // One request at a time, the last with the latest value. The field's default is what
            // the server has agreed to.
            let mut agreed = true;
            while field.value() != field.default_value() {
                let wanted = field.value();
                if wanted == "0" {
                    remove.click();
                    break;
                }
                let Ok(quantity) = wanted.parse() else { break };
                agreed = self.ask(product, quantity, false).await;
                if agreed {
                    field.set_default_value(&wanted);
                } else {
                    field.set_value(&field.default_value());
                }
                self.count_typed();
            }
            self.go_on(agreed);
            form.remove_attribute("aria-busy").ok();
        });
        Some(())
    }

    fn count_typed(&self) {
        self.shown.typed.set(sum_lines(self.currency));
    }
}

/// Shows the totals of the cart page's lines, and their sum, for the quantities typed now. Returns
/// how many more items that is than the server knows of.
fn sum_lines(currency: Currency) -> i64 {
    let (mut more, mut subtotal) = (0, 0);
    let Ok(lines) = document().query_selector_all("[data-price]") else {
        return 0;
    };
    for index in 0..lines.length() {
        let line = lines.item(index).and_then(|line| line.dyn_into().ok());
        let counted = line.and_then(|line: Element| {
            let field = field(&line, "[type=number]")?;
            let before: i64 = field.default_value().parse().ok()?;
            let quantity = field.value().parse().unwrap_or(before);
            let total = line.get_attribute("data-price")?.parse::<i64>().ok()? * quantity;
            let place = line.query_selector(".cart-total .price").ok()??;
            write(&place, total, currency);
            Some((quantity - before, total))
        });
        let (here, total) = counted.unwrap_or_default();
        more += here;
        subtotal += total;
    }
    if let Ok(Some(place)) = document().query_selector(".cart-subtotal .price") {
        write(&place, subtotal, currency);
    }
    more
}

fn write(place: &Element, minor: i64, currency: Currency) {
    place.set_attribute("value", &minor.to_string()).ok();
    let text = Money::new(minor, currency).to_string();
    place.set_text_content(Some(&text));
}

fn field(form: &Element, selector: &str) -> Option<HtmlInputElement> {
    form.query_selector(selector).ok()??.dyn_into().ok()
}
