//! The wording of the order pages.

use crate::clock::Timestamp;
use crate::i18n::t;
use crate::money::{Currency, Money};
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

/// Tells the customer what happens to the order next.
pub fn what_next(state: &OrderState, events: &[OrderEvent]) -> String {
    let refunded = Money::new(state.refunded, state.currency).to_string();
    let said = match state.status {
        Status::Placed => t!("orders-next-placed"),
        Status::Paid => t!("orders-next-paid"),
        Status::Packed => t!("orders-next-packed"),
        Status::Shipped => match parcel(events) {
            Some(parcel) => return t!("orders-next-shipped-as", parcel = parcel),
            None => t!("orders-next-shipped"),
        },
        Status::Delivered => t!("orders-next-delivered"),
        Status::Cancelled if state.refunded > 0 => {
            return t!("orders-next-cancelled-refunded", amount = refunded);
        }
        Status::Cancelled => t!("orders-next-cancelled"),
        Status::Expired => t!("orders-next-expired"),
        Status::Returned if state.refundable() > 0 => t!("orders-next-returned-refund"),
        Status::Returned => t!("orders-next-returned"),
        Status::Refunded => return t!("orders-next-refunded", amount = refunded),
    };
    said.to_owned()
}

/// Returns the parcel's carrier and tracking number, as far as they are known.
pub fn parcel(events: &[OrderEvent]) -> Option<String> {
    let shipped = events
        .iter()
        .rev()
        .find_map(|written| match &written.event {
            Event::Shipped { carrier, tracking } => Some((carrier.as_str(), tracking.as_str())),
            _ => None,
        });
    let (carrier, tracking) = shipped?;
    parcel_words(carrier, tracking)
}

fn parcel_words(carrier: &str, tracking: &str) -> Option<String> {
    match (carrier, tracking) {
        ("", "") => None,
        (carrier, "") => Some(carrier.to_owned()),
        ("", tracking) => Some(tracking.to_owned()),
        (carrier, tracking) => Some(t!(
            "orders-parcel-of",
            carrier = carrier,
            tracking = tracking
        )),
    }
}

/// Returns a title for the event, in a word or two.
pub fn event_title(event: &Event) -> &'static str {
    match event {
        Event::Placed(_) => t!("orders-event-placed"),
        Event::Paid { .. } => t!("orders-event-paid"),
        Event::PaymentFailed { .. } => t!("orders-event-payment-failed"),
        Event::Packed { .. } => t!("orders-event-packed"),
        Event::Shipped { .. } => t!("orders-event-shipped"),
        Event::Delivered {} => t!("orders-event-delivered"),
        Event::Cancelled { .. } => t!("orders-event-cancelled"),
        Event::Expired {} => t!("orders-event-expired"),
        Event::Returned { .. } => t!("orders-event-returned"),
        Event::Refunded { .. } => t!("orders-event-refunded"),
        Event::Flagged { .. } => t!("orders-event-flagged"),
        Event::Cleared {} => t!("orders-event-cleared"),
    }
}

/// Returns the event's details; empty if the title says it all.
pub fn event_details(event: &Event, items: &[Line], currency: Currency) -> String {
    let money = |minor: i64| Money::new(minor, currency).to_string();
    match event {
        Event::Placed(placement) => placed(placement),
        Event::Paid { by, amount } => match by {
            Payment::Wallet => t!("orders-event-paid-wallet", amount = money(*amount)),
            Payment::Invoice => t!("orders-event-paid-bank", amount = money(*amount)),
        },
        Event::Packed { captured } => t!("orders-event-captured", amount = money(*captured)),
        Event::Shipped { carrier, tracking } => parcel_words(carrier, tracking).unwrap_or_default(),
        Event::Returned {
            items: back,
            restocked,
            reason,
        } => {
            let back = came_back(back, items);
            let back = match restocked {
                true => t!("orders-event-restocked", items = back),
                false => t!("orders-event-not-restocked", items = back),
            };
            with_reason(back, reason)
        }
        Event::Refunded { amount, to, reason } => {
            let amount = money(*amount);
            let refunded = match to {
                RefundTo::Wallet => t!("orders-event-refunded-wallet", amount = amount),
                RefundTo::Bank => t!("orders-event-refunded-bank", amount = amount),
            };
            with_reason(refunded, reason)
        }
        Event::PaymentFailed { reason }
        | Event::Cancelled { reason }
        | Event::Flagged { reason } => reason.clone(),
        Event::Delivered {} | Event::Expired {} | Event::Cleared {} => String::new(),
    }
}

fn placed(placement: &Placement) -> String {
    let total = OrderState::place(placement, Timestamp::default()).total();
    let items = count_items(&placement.items);
    let total = Money::new(total, placement.currency).to_string();
    match placement.payment {
        Payment::Wallet => t!("orders-event-placed-wallet", items = items, total = total),
        Payment::Invoice => t!("orders-event-placed-bank", items = items, total = total),
    }
}

/// Adds the reason to `what`, if one was given.
fn with_reason(what: String, reason: &str) -> String {
    match reason {
        "" => what,
        reason => t!("orders-event-because", what = what, reason = reason),
    }
}

fn came_back(back: &[ReturnedLine], items: &[Line]) -> String {
    let named = |returned: &ReturnedLine| {
        let line = items
            .iter()
            .find(|line| line.product_id == returned.product_id);
        let name = line.map_or(t!("orders-unknown-product"), |line| line.name.shown());
        format!("{} × {name}", returned.quantity)
    };
    let named: Vec<_> = back.iter().map(named).collect();
    named.join(t!("orders-comma"))
}

/// Formats the total number of items.
pub fn count_items(items: &[Line]) -> String {
    let count = items.iter().map(|line| line.quantity).sum::<i64>();
    t!("orders-items-count", count = count)
}

/// Lists the first items, and the number of further lines.
pub fn first_items(items: &[Line]) -> String {
    const SHOWN: usize = 2;
    let line = |line: &Line| match line.quantity {
        1 => line.name.shown().to_owned(),
        quantity => format!("{quantity} × {}", line.name.shown()),
    };
    let shown: Vec<String> = items.iter().take(SHOWN).map(line).collect();
    let shown = shown.join(t!("orders-comma"));
    match items.len().saturating_sub(SHOWN) {
        0 => shown,
        more => t!("orders-items-and-more", items = shown, count = more),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, quantity: i64) -> Line {
        Line {
            product_id: quantity,
            name: name.to_owned().into(),
            unit_price: 100,
            quantity,
            returned: 0,
        }
    }

    #[test]
    fn the_first_items_stand_for_all() {
        let items = [
            line("Mug", 1),
            line("Lamp", 2),
            line("Pen", 3),
            line("Ink", 4),
        ];
        assert_eq!(first_items(&items[..1]), "Mug");
        assert_eq!(first_items(&items[..2]), "Mug, 2 × Lamp");
        assert_eq!(first_items(&items), "Mug, 2 × Lamp and 2 more");
        assert_eq!(count_items(&items), "10 items");
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
