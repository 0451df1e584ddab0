//! The wording of the orders' pages.

use crate::money::{Currency, Money};
use crate::number::count;
use crate::orders::order::OrderEvent;
use crate::orders::{Event, Line, OrderState, Payment, Placement, RefundTo, ReturnedLine, Status};
use crate::ui::Tone;

pub const fn tone(status: Status) -> Tone {
    match status {
        Status::Placed | Status::Returned => Tone::Warn,
        Status::Paid | Status::Packed | Status::Shipped => Tone::Info,
        Status::Delivered => Tone::Good,
        Status::Cancelled | Status::Expired | Status::Refunded => Tone::Neutral,
    }
}

/// What happens to the order next, for its customer.
pub fn what_next(state: &OrderState, events: &[OrderEvent]) -> String {
    let money = |minor| Money::new(minor, state.currency);
    match state.status {
        Status::Placed => "Your things are set aside. We pack them when your payment has come in.".to_owned(),
        Status::Paid => "It is paid for. We pack it next; until then you can cancel it.".to_owned(),
        Status::Packed => "It is packed and waits for the carrier.".to_owned(),
        Status::Shipped => match parcel(events) {
            Some(parcel) => format!("It is on its way: {parcel}."),
            None => "It is on its way.".to_owned(),
        },
        Status::Delivered => "It was delivered. We hope you like it.".to_owned(),
        Status::Cancelled if state.refunded > 0 => format!("It was cancelled, and {} went back.", money(state.refunded)),
        Status::Cancelled => "It was cancelled. Nothing was charged.".to_owned(),
        Status::Expired => "It was not paid for in time, so its things went back on the shelf. Nothing was charged; you can order again.".to_owned(),
        Status::Returned if state.refundable() > 0 => "All of it came back to us. The refund is next.".to_owned(),
        Status::Returned => "All of it came back to us.".to_owned(),
        Status::Refunded => format!("{} went back to you.", money(state.refunded)),
    }
}

/// Who carries the order's parcel and what they call it, as far as that is known.
pub fn parcel(events: &[OrderEvent]) -> Option<String> {
    let shipped = events
        .iter()
        .rev()
        .find_map(|written| match &written.event {
            Event::Shipped { carrier, tracking } => Some((carrier.as_str(), tracking.as_str())),
            _ => None,
        });
    match shipped? {
        ("", "") => None,
        (carrier, "") => Some(carrier.to_owned()),
        ("", tracking) => Some(tracking.to_owned()),
        (carrier, tracking) => Some(format!("{carrier}, {tracking}")),
    }
}

/// What happened, in a word or two.
pub const fn event_title(event: &Event) -> &'static str {
    match event {
        Event::Placed(_) => "Placed",
        Event::Paid { .. } => "Paid",
        Event::PaymentFailed { .. } => "Payment failed",
        Event::Packed { .. } => "Packed",
        Event::Shipped { .. } => "Shipped",
        Event::Delivered {} => "Delivered",
        Event::Cancelled { .. } => "Cancelled",
        Event::Expired {} => "Expired",
        Event::Returned { .. } => "Came back",
        Event::Refunded { .. } => "Refunded",
        Event::Flagged { .. } => "Flagged",
        Event::Cleared {} => "Cleared",
    }
}

/// What else there is to say of it; empty where the title says it all.
pub fn event_details(event: &Event, items: &[Line], currency: Currency) -> String {
    let money = |minor: i64| Money::new(minor, currency);
    match event {
        Event::Placed(placement) => placed(placement),
        Event::Paid { by, amount } => match by {
            Payment::Wallet => format!("{} set aside in the wallet", money(*amount)),
            Payment::Invoice => format!("{} came in by bank transfer", money(*amount)),
        },
        Event::Packed { captured } => format!("{} taken", money(*captured)),
        Event::Shipped { carrier, tracking } => joined(", ", &[carrier.clone(), tracking.clone()]),
        Event::Returned {
            items: back,
            restocked,
            reason,
        } => {
            let shelf = if *restocked {
                "back on the shelf"
            } else {
                "not to be sold again"
            };
            let back = format!("{}, {shelf}", came_back(back, items));
            joined(": ", &[back, reason.clone()])
        }
        Event::Refunded { amount, to, reason } => {
            let to = match to {
                RefundTo::Wallet => "to the wallet",
                RefundTo::Bank => "by bank transfer",
            };
            joined(": ", &[format!("{} {to}", money(*amount)), reason.clone()])
        }
        Event::PaymentFailed { reason }
        | Event::Cancelled { reason }
        | Event::Flagged { reason } => reason.clone(),
        Event::Delivered {} | Event::Expired {} | Event::Cleared {} => String::new(),
    }
}

fn placed(placement: &Placement) -> String {
    let total = OrderState::place(placement, Default::default()).total();
    let payment = match placement.payment {
        Payment::Wallet => "to be paid from the wallet",
        Payment::Invoice => "to be paid on invoice",
    };
    let things = count_things(&placement.items);
    let total = Money::new(total, placement.currency);
    format!("{things}, {total} in all, {payment}")
}

/// Those of the parts that there are.
fn joined(with: &str, parts: &[String]) -> String {
    let given: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    given.join(with)
}

fn came_back(back: &[ReturnedLine], items: &[Line]) -> String {
    let named = |returned: &ReturnedLine| {
        let line = items
            .iter()
            .find(|line| line.product_id == returned.product_id);
        let name = line.map_or("a product", |line| line.name.as_str());
        format!("{} × {name}", returned.quantity)
    };
    back.iter().map(named).collect::<Vec<_>>().join(", ")
}

/// How many things there are in all.
pub fn count_things(items: &[Line]) -> String {
    match items.iter().map(|line| line.quantity).sum::<i64>() {
        1 => "1 thing".to_owned(),
        number => format!("{} things", count(number)),
    }
}

/// The first of the things, and how many kinds more there are.
pub fn first_things(items: &[Line]) -> String {
    const SHOWN: usize = 2;
    let line = |line: &Line| match line.quantity {
        1 => line.name.clone(),
        quantity => format!("{quantity} × {}", line.name),
    };
    let shown: Vec<String> = items.iter().take(SHOWN).map(line).collect();
    match items.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, quantity: i64) -> Line {
        Line {
            product_id: quantity,
            name: name.to_owned(),
            unit_price: 100,
            quantity,
            returned: 0,
        }
    }

    #[test]
    fn the_first_things_stand_for_all() {
        let items = [
            line("Mug", 1),
            line("Lamp", 2),
            line("Pen", 3),
            line("Ink", 4),
        ];
        assert_eq!(first_things(&items[..1]), "Mug");
        assert_eq!(first_things(&items[..2]), "Mug, 2 × Lamp");
        assert_eq!(first_things(&items), "Mug, 2 × Lamp and 2 more");
        assert_eq!(count_things(&items), "10 things");
    }

    #[test]
    fn what_came_back_is_called_by_its_name() {
        let event = Event::Returned {
            items: vec![ReturnedLine {
                product_id: 2,
                quantity: 1,
            }],
            restocked: false,
            reason: "Broken".into(),
        };
        let said = event_details(&event, &[line("Lamp", 2)], Currency::Cny);
        assert_eq!(said, "1 × Lamp, not to be sold again: Broken");
    }
}
