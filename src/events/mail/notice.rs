//! Notices to customers about an order: plain words, the lines, the total, and the way to it.

use crate::clock::Timestamp;
use crate::events::outbox::OutboxEvent;
use crate::money::Money;
use crate::orders::{BankAccount, Delivery, Order, Payment, address_line, transfer_until};
use serde_json::Value;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const MINUTE: &[BorrowedFormatItem] =
    format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");

/// A mail's subject and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub subject: String,
    pub text: String,
}

/// What the notices of an order are made from.
pub struct Matter<'a> {
    pub event: &'a OutboxEvent,
    pub order: &'a Order,
    /// Where the order is to be seen.
    pub link: &'a str,
    /// Where it is paid; nothing where the shop takes no transfers.
    pub account: Option<BankAccount>,
}

impl Matter<'_> {
    /// What is to be said to `name` of this event; nothing where it is none of a customer's concern.
    pub fn notice(&self, name: &str) -> Option<Notice> {
        let (subject, news) = self.news()?;
        let text = format!(
            "{}\n\n{news}\n\n{}\n\nSee where it stands: {}\n\nGuildhall\n",
            greeting(name),
            summary(self.order),
            self.link
        );
        Some(Notice { subject, text })
    }

    /// The only mail to an address that nobody confirmed: nothing in it that somebody typed, but how to pay
    /// and how to hear more.
    pub fn first_notice(&self, confirm: &str) -> Option<Notice> {
        let (subject, _) = self.news()?;
        let number = &self.order.number;
        let total = Money::new(self.order.state.total(), self.order.state.currency);
        let pay = match transfer_until(&self.order.state) {
            Some(_) => format!("\n\n{}", self.how_to_pay()),
            None => String::new(),
        };
        let text = format!(
            "Hello,\n\nan order was placed with this address: {number}, {total} in all.{pay}\n\n\
             Is the address yours? Confirm it, and we write to you when something happens to the \
             order:\n{confirm}\n\nIf it is not, do nothing: we write no more to it.\n\nGuildhall\n"
        );
        Some(Notice { subject, text })
    }

    fn news(&self) -> Option<(String, String)> {
        let data: Value = serde_json::from_str(&self.event.data).unwrap_or_default();
        match self.event.topic.as_str() {
            "order.placed" => Some((
                format!("We have your order {}", self.order.number),
                self.placed(&data["details"]),
            )),
            topic => news(topic, &data["details"], self.order),
        }
    }

    fn placed(&self, details: &Value) -> String {
        let state = &self.order.state;
        if state.payment == Payment::Wallet || state.total() == 0 {
            return "thank you for your order. It is paid from your wallet, and we pack it next."
                .to_owned();
        }
        let until = details["expires_at"].as_str().and_then(Timestamp::parse);
        let until = until.and_then(|at| at.date_time().format(MINUTE).ok());
        let until = until.map_or_else(String::new, |until| format!(" until {until}"));
        format!(
            "thank you for your order. We keep it for you{until}.\n\n{} If no payment comes by then, \
             the order ends by itself.",
            self.how_to_pay()
        )
    }

    /// What to transfer, where to, and what to write on it.
    fn how_to_pay(&self) -> String {
        let state = &self.order.state;
        let total = Money::new(state.total(), state.currency);
        let Some(account) = &self.account else {
            return format!(
                "Please ask us for the account to transfer {total} to, and give the order's number, {}.",
                self.order.number
            );
        };
        let mut lines = vec![format!("Please transfer {total} to our bank account:\n")];
        let details = account.lines().into_iter();
        lines.extend(details.map(|(label, value)| format!("  {label}: {value}")));
        lines.push(format!("  Payment reference: {}", self.order.number));
        lines.push(String::new());
        lines.join("\n")
    }
}

/// Without the name where it has an address in it: somebody may have taken it to advertise with.
fn greeting(name: &str) -> String {
    match holds_address(name) {
        true => "Hello,".to_owned(),
        false => format!("Hello {name},"),
    }
}

/// Whether a mail program could make a link of some of it.
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
    // A point within a word, and a word of two letters or more behind it, is the name of a machine.
    let names_machine = labels.any(|word| {
        let word = word.trim_matches('.');
        let end = word.rsplit_once('.').map(|(_, end)| end.chars().count());
        end.is_some_and(|letters| letters >= 2)
    });
    plain.contains("://") || plain.contains('@') || plain.contains("www.") || names_machine
}

fn news(topic: &str, details: &Value, order: &Order) -> Option<(String, String)> {
    let number = &order.number;
    let because = reason(&details["reason"]);
    let told = match topic {
        "order.paid" => (format!("Order {number} is paid"), paid(details, order)),
        "order.shipped" => (format!("Order {number} is on its way"), shipped(details)),
        "order.delivered" => (
            format!("Order {number} has arrived"),
            "your order has arrived. We hope you like it. If anything is not as it should be, \
             tell us and name the order's number."
                .to_owned(),
        ),
        "order.cancelled" => (
            format!("Order {number} is cancelled"),
            format!(
                "your order is cancelled{because}. Nothing more is due for it, and what you \
                 paid, if anything, is yours again."
            ),
        ),
        "order.expired" => (
            format!("Order {number} has expired"),
            "we received no payment for your order in time, so it has ended and nothing is due. \
             You are welcome to order again. If you have paid in the meantime, tell us and name \
             the order's number."
                .to_owned(),
        ),
        "order.refunded" => (
            format!("A refund for order {number}"),
            refunded(details, order, &because),
        ),
        _ => return None,
    };
    Some(told)
}

/// Why, where somebody said so: `: a reason`.
fn reason(reason: &Value) -> String {
    let reason = reason.as_str().unwrap_or_default();
    let reason = reason.trim_end_matches('.');
    match reason {
        "" => String::new(),
        reason => format!(": {reason}"),
    }
}

fn paid(details: &Value, order: &Order) -> String {
    let amount = details["amount"].as_i64().unwrap_or_default();
    let amount = Money::new(amount, order.state.currency);
    match details["by"].as_str() {
        Some("wallet") => format!(
            "your order is paid. {amount} of your wallet is set aside for it, and taken when it \
             is in its parcel."
        ),
        _ => format!(
            "we have received your payment of {amount}, thank you. We pack your order next."
        ),
    }
}

fn shipped(details: &Value) -> String {
    let text = |field: &str| details[field].as_str().unwrap_or_default().to_owned();
    match (text("carrier"), text("tracking")) {
        (carrier, tracking) if carrier.is_empty() && tracking.is_empty() => {
            "your order is on its way.".to_owned()
        }
        (carrier, tracking) if tracking.is_empty() => {
            format!("your order is on its way, with {carrier}.")
        }
        (carrier, tracking) if carrier.is_empty() => {
            format!("your order is on its way. Its tracking number is {tracking}.")
        }
        (carrier, tracking) => {
            format!("your order is on its way, with {carrier}. Its tracking number is {tracking}.")
        }
    }
}

fn refunded(details: &Value, order: &Order, because: &str) -> String {
    let amount = details["amount"].as_i64().unwrap_or_default();
    let amount = Money::new(amount, order.state.currency);
    let place = match details["to"].as_str() {
        Some("bank") => "It goes to the account you paid from, which can take some days.",
        _ => "It is in your wallet.",
    };
    format!("we have given you {amount} back{because}. {place}")
}

/// What was ordered, what it costs, and where it goes.
fn summary(order: &Order) -> String {
    let state = &order.state;
    let money = |minor| Money::new(minor, state.currency);
    let mut lines = vec![format!("Order {}", order.number)];
    for line in &state.items {
        let total = money(line.total());
        lines.push(format!("  {} × {}: {total}", line.quantity, line.name));
    }
    let delivery = match state.delivery {
        Delivery::Standard => "Standard delivery",
        Delivery::Express => "Express delivery",
    };
    lines.push(format!("  {delivery}: {}", money(state.delivery_fee)));
    lines.push(format!("  Total: {}", money(state.total())));
    let address = &state.address;
    lines.push(format!(
        "\nIt goes to {}, {}",
        address.name,
        address_line(address)
    ));
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
