//! The state of an order: the fold over its events.
//!
//! The row in `orders` is this fold, written in the transaction that writes the event. An order can therefore
//! be shown as it stood after any event, and all orders can be folded again and compared.

use super::{Address, Delivery, Event, Line, Payment, Placement, ReturnedLine, Status};
use crate::clock::Timestamp;
use crate::money::Currency;

/// The state of an order after its last event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderState {
    pub customer_id: i64,
    pub status: Status,
    pub items: Vec<Line>,
    pub currency: Currency,
    pub delivery: Delivery,
    pub delivery_fee: i64,
    pub payment: Payment,
    pub address: Address,
    /// The amount held for it in the wallet.
    pub held: i64,
    pub captured: i64,
    pub refunded: i64,
    pub flagged: bool,
    /// The number of events in its history.
    pub version: i64,
    pub placed_at: Timestamp,
    pub updated_at: Timestamp,
    /// The time at which its stock is released; `None` once it is paid or has ended.
    pub expires_at: Option<Timestamp>,
}

impl OrderState {
    /// Returns the state after the first event.
    pub fn place(placement: &Placement, at: Timestamp) -> Self {
        Self {
            customer_id: placement.customer_id,
            status: Status::Placed,
            items: placement.items.clone(),
            currency: placement.currency,
            delivery: placement.delivery,
            delivery_fee: placement.delivery_fee,
            payment: placement.payment,
            address: placement.address.clone(),
            held: 0,
            captured: 0,
            refunded: 0,
            flagged: false,
            version: 1,
            placed_at: at,
            updated_at: at,
            expires_at: Some(placement.expires_at),
        }
    }

    /// Folds the events into the order's state; `None` if the first is not `Placed`.
    pub fn fold<'a>(events: impl IntoIterator<Item = (&'a Event, Timestamp)>) -> Option<Self> {
        let mut events = events.into_iter();
        let mut state = match events.next()? {
            (Event::Placed(placement), at) => Self::place(placement, at),
            _ => return None,
        };
        for (event, at) in events {
            state.apply(event, at);
        }
        Some(state)
    }

    /// Applies one more event.
    pub fn apply(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Placed(placement) => {
                let version = self.version;
                *self = Self {
                    version,
                    ..Self::place(placement, self.placed_at)
                };
            }
            Event::Paid { amount, .. } => {
                self.held = *amount;
                self.become_paid();
            }
            Event::Packed { captured } => {
                (self.held, self.captured) = (0, *captured);
                self.status = Status::Packed;
            }
            Event::Shipped { .. } => self.status = Status::Shipped,
            Event::Delivered {} => self.status = Status::Delivered,
            Event::Cancelled { .. } => self.end(Status::Cancelled),
            Event::Expired {} => self.end(Status::Expired),
            Event::Returned { items, .. } => self.take_back(items),
            Event::Refunded { amount, .. } => {
                self.refunded += amount;
                if self.refunded == self.captured && self.status != Status::Cancelled {
                    self.status = Status::Refunded;
                }
            }
            Event::Flagged { .. } => self.flagged = true,
            Event::Cleared {} => self.flagged = false,
            Event::PaymentFailed { .. } => {}
        }
        self.version += 1;
        self.updated_at = at;
    }

    fn become_paid(&mut self) {
        self.status = Status::Paid;
        self.expires_at = None;
    }

    fn end(&mut self, status: Status) {
        self.status = status;
        self.held = 0;
        self.expires_at = None;
    }

    fn take_back(&mut self, items: &[ReturnedLine]) {
        for back in items {
            let line = self
                .items
                .iter_mut()
                .find(|line| line.product_id == back.product_id);
            if let Some(line) = line {
                line.returned += back.quantity;
            }
        }
        let complete = self.items.iter().all(|line| line.returned == line.quantity);
        if complete && self.status != Status::Refunded {
            self.status = Status::Returned;
        }
    }

    pub fn subtotal(&self) -> i64 {
        self.items
            .iter()
            .map(Line::total)
            .fold(0, i64::saturating_add)
    }

    pub fn total(&self) -> i64 {
        self.subtotal().saturating_add(self.delivery_fee)
    }

    /// Returns the amount that can still be refunded.
    pub fn refundable(&self) -> i64 {
        self.captured - self.refunded
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::RefundTo;
    use proptest::prelude::*;

    fn placement() -> Placement {
        let line = |product_id, unit_price, quantity| Line {
            product_id,
            name: format!("Product {product_id}").into(),
            unit_price,
            quantity,
            returned: 0,
        };
        Placement {
            customer_id: 7,
            items: vec![line(1, 19_900, 2), line(2, 500, 1)],
            currency: Currency::Cny,
            delivery: Delivery::Standard,
            delivery_fee: 1_000,
            payment: Payment::Wallet,
            address: Address::default(),
            expires_at: Timestamp(60_000_000),
        }
    }

    fn paid() -> OrderState {
        let mut state = OrderState::place(&placement(), Timestamp(0));
        let amount = state.total();
        state.apply(
            &Event::Paid {
                by: Payment::Wallet,
                amount,
            },
            Timestamp(1),
        );
        state
    }

    #[test]
    fn what_is_paid_no_longer_expires() {
        let state = paid();
        assert_eq!(
            (state.total(), state.held, state.status),
            (41_300, 41_300, Status::Paid)
        );
        assert_eq!((state.expires_at, state.version), (None, 2));
    }

    #[test]
    fn what_has_ended_holds_nothing_and_no_longer_expires() {
        let reason = String::new();
        for ending in [Event::Cancelled { reason }, Event::Expired {}] {
            for mut state in [OrderState::place(&placement(), Timestamp(0)), paid()] {
                state.apply(&ending, Timestamp(7));
                assert_eq!((state.held, state.expires_at), (0, None), "{ending:?}");
                assert_eq!(state.updated_at, Timestamp(7));
            }
        }
    }

    #[test]
    fn a_part_that_comes_back_leaves_the_order_where_it_is() {
        let mut state = paid();
        state.apply(&Event::Packed { captured: 41_300 }, Timestamp(2));
        state.apply(
            &Event::Shipped {
                carrier: String::new(),
                tracking: String::new(),
            },
            Timestamp(3),
        );
        state.apply(&Event::Delivered {}, Timestamp(4));
        let back = |product_id, quantity| Event::Returned {
            items: vec![ReturnedLine {
                product_id,
                quantity,
            }],
            restocked: true,
            reason: String::new(),
        };
        let refund = |amount| Event::Refunded {
            amount,
            to: RefundTo::Wallet,
            reason: String::new(),
        };
        state.apply(&back(1, 1), Timestamp(5));
        state.apply(&refund(19_900), Timestamp(6));
        assert_eq!(
            (state.status, state.refundable()),
            (Status::Delivered, 21_400)
        );
        state.apply(&back(1, 1), Timestamp(7));
        state.apply(&back(2, 1), Timestamp(8));
        assert_eq!(state.status, Status::Returned);
        state.apply(&refund(21_400), Timestamp(9));
        assert_eq!(
            (state.status, state.refundable(), state.version),
            (Status::Refunded, 0, 10)
        );
    }

    proptest! {
        #[test]
        fn the_fold_of_a_history_is_the_same_in_one_go_or_step_by_step(cut in 1_usize..5) {
            let events = [
                Event::Placed(placement()),
                Event::Paid { by: Payment::Wallet, amount: 41_300 },
                Event::Flagged { reason: "new customer".into() },
                Event::Cleared {},
                Event::Packed { captured: 41_300 },
            ];
            let timed = || events.iter().enumerate().map(|(at, event)| (event, Timestamp(at as i64)));
            let whole = OrderState::fold(timed()).expect("begins with its placing");
            let mut steps = OrderState::fold(timed().take(cut)).expect("begins with its placing");
            for (event, at) in timed().skip(cut) {
                steps.apply(event, at);
            }
            prop_assert_eq!(whole, steps);
        }
    }
}
