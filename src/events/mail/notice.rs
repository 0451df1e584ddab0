//! Notices to customers about an order: plain text with the lines, the total and a link.

use crate::clock::Timestamp;
use crate::events::outbox::OutboxEvent;
use crate::i18n::t;
use crate::money::Money;
use crate::orders::{BankAccount, Delivery, Order, Payment, address_line, transfer_until};
use crate::ui::moment;
use serde_json::Value;

/// A mail's subject and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub subject: String,
    pub text: String,
}

/// The data that an order's notices are made from.
pub struct Matter<'a> {
    pub event: &'a OutboxEvent,
    pub order: &'a Order,
    /// The order's URL.
    pub link: &'a str,
    /// The account to pay into; `None` if the shop takes no transfers.
    pub account: Option<BankAccount>,
}

impl Matter<'_> {
    /// Returns the event's notice, addressed to `name`; `None` if it does not concern customers.
    pub fn notice(&self, name: &str) -> Option<Notice> {
        let (subject, news) = self.news()?;
        let text = format!(
            "{}\n\n{news}\n\n{}\n\n{}\n\nGuildhall\n",
            greeting(name),
            summary(self.order),
            t!("events-mail-see", link = self.link)
        );
        Some(Notice { subject, text })
    }

    /// Returns the only mail to an unconfirmed address: without anything that somebody typed, but
    /// with how to pay and how to receive more.
    pub fn first_notice(&self, confirm: &str) -> Option<Notice> {
        let (subject, _) = self.news()?;
        let number = self.order.number.as_str();
        let total = Money::new(self.order.state.total(), self.order.state.currency);
        let placed = t!(
            "events-mail-first-placed",
            order = number,
            total = total.to_string()
        );
        let pay = match transfer_until(&self.order.state) {
            Some(_) => format!("\n\n{}", self.how_to_pay()),
            None => String::new(),
        };
        let text = format!(
            "{}\n\n{placed}{pay}\n\n{}\n{confirm}\n\n{}\n\nGuildhall\n",
            t!("events-mail-hello"),
            t!("events-mail-first-confirm"),
            t!("events-mail-first-else")
        );
        Some(Notice { subject, text })
    }

    fn news(&self) -> Option<(String, String)> {
        let data: Value = serde_json::from_str(&self.event.data).unwrap_or_default();
        match self.event.topic.as_str() {
            "order.placed" => Some((
                t!(
                    "events-mail-placed-subject",
                    order = self.order.number.as_str()
                ),
                self.placed(&data["details"]),
            )),
            topic => news(topic, &data["details"], self.order),
        }
    }

    fn placed(&self, details: &Value) -> String {
        let state = &self.order.state;
        if state.payment == Payment::Wallet || state.total() == 0 {
            return t!("events-mail-placed-wallet").to_owned();
        }
        let until = details["expires_at"].as_str().and_then(Timestamp::parse);
        let kept = match until {
            Some(until) => t!("events-mail-placed-until", until = moment(until)),
            None => t!("events-mail-placed").to_owned(),
        };
        let how = self.how_to_pay();
        format!("{kept}\n\n{how}\n\n{}", t!("events-mail-placed-unpaid"))
    }

    /// Returns the amount to transfer, the account and the reference.
    fn how_to_pay(&self) -> String {
        let state = &self.order.state;
        let total = Money::new(state.total(), state.currency);
        let number = self.order.number.as_str();
        let total = total.to_string();
        let Some(account) = &self.account else {
            return t!("events-mail-ask-account", total = total, order = number);
        };
        let line = |label: &str, value: &str| {
            let line = t!("events-mail-line", label = label, value = value);
            format!("  {line}")
        };
        let mut lines = vec![t!("events-mail-transfer", total = total), String::new()];
        let details = account.lines().into_iter();
        lines.extend(details.map(|(label, value)| line(label, &value)));
        lines.push(line(t!("events-mail-reference"), number));
        lines.join("\n")
    }
}

/// Returns the greeting, without the name if it contains an address: it may be an advertisement.
fn greeting(name: &str) -> String {
    match holds_address(name) {
        true => t!("events-mail-hello").to_owned(),
        false => t!("events-mail-hello-name", name = name),
    }
}

/// Returns true if a mail program could make a link of some of the text.
pub fn holds_address(text: &str) -> bool {
    let plain: String = text
        .to_lowercase()
        .chars()
        .map(|c| match c {
            '．' | '。' | '｡' => '.',
            '：' => ':',
            '／' => '/',
            '＠' => '@',
            c => c,
        })
        .collect();
    let mut labels = plain.split(|c: char| !c.is_alphanumeric() && c != '.' && c != '-');
    // A dot within a word, with two or more characters after it, makes a host name.
    let names_machine = labels.any(|word| {
        let word = word.trim_matches('.');
        let end = word.rsplit_once('.').map(|(_, end)| end.chars().count());
        end.is_some_and(|letters| letters >= 2)
    });
    plain.contains("://") || plain.contains('@') || plain.contains("www.") || names_machine
}

fn news(topic: &str, details: &Value, order: &Order) -> Option<(String, String)> {
    let number = order.number.as_str();
    let because = reason(&details["reason"]);
    let told = match topic {
        "order.paid" => (
            t!("events-mail-paid-subject", order = number),
            paid(details, order),
        ),
        "order.shipped" => (
            t!("events-mail-shipped-subject", order = number),
            shipped(details),
        ),
        "order.delivered" => (
            t!("events-mail-delivered-subject", order = number),
            t!("events-mail-delivered").to_owned(),
        ),
        "order.cancelled" => (
            t!("events-mail-cancelled-subject", order = number),
            match because {
                "" => t!("events-mail-cancelled").to_owned(),
                reason => t!("events-mail-cancelled-because", reason = reason),
            },
        ),
        "order.expired" => (
            t!("events-mail-expired-subject", order = number),
            t!("events-mail-expired").to_owned(),
        ),
        "order.refunded" => (
            t!("events-mail-refunded-subject", order = number),
            refunded(details, order, because),
        ),
        _ => return None,
    };
    Some(told)
}

/// Returns the reason without its full stop; empty if there is none.
fn reason(reason: &Value) -> &str {
    let reason = reason.as_str().unwrap_or_default();
    reason.trim_end_matches(['.', '。'])
}

fn paid(details: &Value, order: &Order) -> String {
    let amount = details["amount"].as_i64().unwrap_or_default();
    let amount = Money::new(amount, order.state.currency).to_string();
    match details["by"].as_str() {
        Some("wallet") => t!("events-mail-paid-wallet", amount = amount),
        _ => t!("events-mail-paid", amount = amount),
    }
}

fn shipped(details: &Value) -> String {
    let text = |field: &str| details[field].as_str().unwrap_or_default();
    match (text("carrier"), text("tracking")) {
        ("", "") => t!("events-mail-shipped").to_owned(),
        (carrier, "") => t!("events-mail-shipped-with", carrier = carrier),
        ("", tracking) => t!("events-mail-shipped-tracking", tracking = tracking),
        (carrier, tracking) => t!(
            "events-mail-shipped-with-tracking",
            carrier = carrier,
            tracking = tracking
        ),
    }
}

fn refunded(details: &Value, order: &Order, because: &str) -> String {
    let amount = details["amount"].as_i64().unwrap_or_default();
    let amount = Money::new(amount, order.state.currency).to_string();
    let given = match because {
        "" => t!("events-mail-refunded", amount = amount),
        reason => t!(
            "events-mail-refunded-because",
            amount = amount,
            reason = reason
        ),
    };
    match details["to"].as_str() {
        Some("bank") => t!("events-mail-refunded-bank", given = given),
        _ => t!("events-mail-refunded-wallet", given = given),
    }
}

/// Returns the order's lines, its costs and its destination.
fn summary(order: &Order) -> String {
    let state = &order.state;
    let money = |minor| Money::new(minor, state.currency).to_string();
    let sum = |label: &str, minor| {
        let line = t!("events-mail-line", label = label, value = money(minor));
        format!("  {line}")
    };
    let mut lines = vec![t!("events-order", order = order.number.as_str())];
    for line in &state.items {
        let item = format!("{} × {}", line.quantity, line.name.shown());
        lines.push(sum(&item, line.total()));
    }
    let delivery = match state.delivery {
        Delivery::Standard => t!("events-mail-delivery-standard"),
        Delivery::Express => t!("events-mail-delivery-express"),
    };
    lines.push(sum(delivery, state.delivery_fee));
    lines.push(sum(t!("events-mail-total"), state.total()));
    lines.push(String::new());
    let (name, address) = (state.address.name.as_str(), address_line(&state.address));
    lines.push(t!("events-mail-goes-to", name = name, address = address));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{greeting, holds_address};

    #[test]
    fn a_name_is_no_place_for_an_address() {
        for name in [
            "You won 500 € http://evil.example",
            "www.evil",
            "evil.example",
            "EVIL．EXAMPLE now",
            "write to a@b",
            "evil。example",
            "see evil.co.uk/x",
        ] {
            assert!(holds_address(name), "{name}");
            assert_eq!(greeting(name), "Hello,");
        }
        for name in [
            "Mei Lin",
            "J. R. Tolkien",
            "J.R. Smith",
            "Dr. Mei",
            "王小明",
            "O'Neil-Smith Jr.",
        ] {
            assert!(!holds_address(name), "{name}");
        }
        assert_eq!(greeting("Mei Lin"), "Hello Mei Lin,");
    }
}
