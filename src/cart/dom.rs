//! The cart island's reading and writing of the page, whose markup is the server's.

use crate::money::{Currency, Money};
use leptos::prelude::document;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// How many items are in the cart, on the badge and in the words that the link brings.
pub fn show_count(count: i64) {
    let name = match count {
        0 => "data-empty",
        1 => "data-one",
        _ => "data-many",
    };
    if let (Some(badge), Some(words)) = (find(".cart-count"), find(".cart-words")) {
        badge.set_text_content(Some(&count.to_string()));
        badge.toggle_attribute_with_force("hidden", count == 0).ok();
        let said = word(name).replace("{n}", &count.to_string());
        words.set_text_content(Some(&said));
    }
}

/// Shows what the lines of the cart's page and all of them come to with the quantities that are typed
/// now. Says how many more things that are than the server knows of.
pub fn sum_lines(currency: Currency) -> i64 {
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
            let total = number(&line, "data-price")? * quantity;
            write(
                &line.query_selector(".cart-total .price").ok()??,
                total,
                currency,
            );
            Some((quantity - before, total))
        });
        let (here, total) = counted.unwrap_or_default();
        more += here;
        subtotal += total;
    }
    if let Some(place) = find(".cart-subtotal .price") {
        write(&place, subtotal, currency);
    }
    more
}

fn write(place: &Element, minor: i64, currency: Currency) {
    place.set_attribute("value", &minor.to_string()).ok();
    let text = Money::new(minor, currency).to_string();
    place.set_text_content(Some(&text));
}

/// Shows the message, or takes it away where there is nothing to say.
pub fn say(tone: &str, text: &str) {
    if let (Some(toast), Some(place)) = (find(".cart-said .toast"), find(".cart-said p")) {
        toast.set_attribute("class", &format!("toast {tone}")).ok();
        place.set_text_content(Some(text));
        toast
            .toggle_attribute_with_force("hidden", text.is_empty())
            .ok();
    }
}

/// A text that the server wrote on the link to the cart, in the page's language.
pub fn word(name: &str) -> String {
    find(".cart-link")
        .and_then(|link| link.get_attribute(name))
        .unwrap_or_default()
}

pub fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok()?
}

pub fn number(element: &Element, attribute: &str) -> Option<i64> {
    element.get_attribute(attribute)?.parse().ok()
}

pub fn field(form: &Element, selector: &str) -> Option<HtmlInputElement> {
    form.query_selector(selector).ok()??.dyn_into().ok()
}
