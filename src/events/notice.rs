//! What a customer reads about an order: plain words, the lines, the total, and the way to it.

use super::outbox_store::OutboxEvent;
use crate::clock::Timestamp;
use crate::money::Money;
use crate::orders::{Delivery, Order, Payment};
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

/// What is to be said to `name` of this event; nothing where it is none of a customer's concern.
pub fn notice(event: &OutboxEvent, order: &Order, name: &str, link: &str) -> Option<Notice> {
    let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
    let (subject, news) = news(&event.topic, &data["details"], order)?;
    let text = format!(
        "Hello {name},\n\n{news}\n\n{}\n\nSee where it stands: {link}\n\nGuildhall\n",
        summary(order)
    );
    Some(Notice { subject, text })
}

fn news(topic: &str, details: &Value, order: &Order) -> Option<(String, String)> {
    let number = &order.number;
    let because = reason(&details["reason"]);
    let told = match topic {
        "order.placed" => (
            format!("We have your order {number}"),
            placed(details, order),
        ),
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

fn placed(details: &Value, order: &Order) -> String {
    let total = Money::new(order.state.total(), order.state.currency);
    if order.state.payment == Payment::Wallet || total.minor == 0 {
        return "thank you for your order. It is paid from your wallet, and we pack it next."
            .to_owned();
    }
    let until = details["expires_at"].as_str().and_then(Timestamp::parse);
    let until = until.and_then(|at| at.date_time().format(MINUTE).ok());
    let until = until.map_or_else(String::new, |until| format!(" until {until}"));
    format!(
        "thank you for your order. We keep it for you{until}.\n\nPlease transfer {total} to our \
         bank account and name the order's number, {}, so that we know what it is for. If no \
         payment comes, the order ends by itself.",
        order.number
    )
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
        address.in_one_line()
    ));
    lines.join("\n")
}
