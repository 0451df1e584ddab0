//! Judges a message about an order by the order's current state.
//!
//! Messages come twice, late and in any order. By the rules an order ends up in the same state for
//! every possible order of arrival: what cannot be done yet waits, what is already done changes
//! nothing, and what can never be right is parked for staff.

use super::message::Message;
use crate::clock::Timestamp;
use crate::i18n::t;
use crate::money::{Currency, Money};
use crate::orders::{OrderState, Payment, Status};
use crate::text::Line;

/// The decision on a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Do(Action),
    /// The order is already as the message says, or a later message overrides it.
    Nothing(String),
    /// Something else has to happen first.
    Wait(String),
    /// Later messages may show what it means; if none does, staff decide.
    Unclear(String),
    /// It can never be right; staff decide.
    Park(String),
}

/// The final or interim result of a message.
pub enum Applied {
    Done(String),
    /// Its subject does not exist, or not yet, or cannot be told from another.
    Unknown(String),
    Wait(String),
    Park(String),
}

/// An action on an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Pay,
    FailPayment {
        reason: String,
    },
    Refund {
        amount: i64,
    },
    /// The message reports the refund that staff booked with this event of the order.
    MatchRefund {
        step: i64,
    },
    Ship {
        carrier: String,
        tracking: String,
    },
    Deliver,
    Flag {
        reason: String,
    },
    Clear,
}

impl Action {
    /// Returns a description of what was done, for readers of the inbox.
    pub fn said(&self) -> &'static str {
        match self {
            Self::Pay => t!("events-applied-paid"),
            Self::FailPayment { .. } => t!("events-applied-failed"),
            Self::Refund { .. } => t!("events-applied-refunded"),
            Self::MatchRefund { .. } => t!("events-applied-matched"),
            Self::Ship { .. } => t!("events-applied-shipped"),
            Self::Deliver => t!("events-applied-delivered"),
            Self::Flag { .. } => t!("events-applied-flagged"),
            Self::Clear => t!("events-applied-cleared"),
        }
    }
}

/// The history that bears on a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// True if another message reported the payment.
    pub captured: bool,
    /// The amount booked under this message's `refund_id` for this order.
    pub refunded: Option<i64>,
    /// Bank refunds booked by staff that no message has reported yet, oldest first.
    pub unmatched: Vec<StaffRefund>,
    /// The latest word on the order's risk so far.
    pub risk: Option<RiskWord>,
}

/// A bank refund by staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaffRefund {
    /// The order's event that records it.
    pub step: i64,
    pub amount: i64,
}

/// A risk flag or clearance. The later one wins; of two at the same instant, the flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RiskWord {
    pub at: Timestamp,
    pub flagged: bool,
}

use Status::{Cancelled, Delivered, Expired, Packed, Paid, Placed, Refunded, Returned, Shipped};

/// Judges a message about this order; `at` is the time the message states.
pub fn judge(message: &Message, at: Timestamp, order: &OrderState, past: &Past) -> Verdict {
    match message {
        Message::Captured {
            amount, currency, ..
        } => captured(*amount, *currency, order, past),
        Message::PaymentFailed { reason, .. } => failed(reason, order),
        Message::Refunded {
            amount, currency, ..
        } => refunded(
            Money::new(*amount, currency.unwrap_or(order.currency)),
            order,
            past,
        ),
        Message::Dispatched {
            carrier, tracking, ..
        } => dispatched(carrier, tracking, order),
        Message::Delivered { .. } => delivered(order),
        Message::Flagged { reason, .. } => {
            let reason = one_line(reason);
            risk(
                RiskWord { at, flagged: true },
                Action::Flag { reason },
                order,
                past,
            )
        }
        Message::Cleared { .. } => {
            risk(RiskWord { at, flagged: false }, Action::Clear, order, past)
        }
        Message::StockAdjusted { .. } => Verdict::Park(t!("events-verdict-no-order").to_owned()),
    }
}

/// Cuts the text to what an order's history takes: one line of at most 200 characters.
fn one_line(text: &str) -> String {
    Line::cut(text, 200).into()
}

/// Returns the order's status in lower case, for use within a sentence.
fn status(order: &OrderState) -> String {
    order.status.label().to_lowercase()
}

fn captured(amount: i64, currency: Currency, order: &OrderState, past: &Past) -> Verdict {
    let (came, costs) = (
        Money::new(amount, currency),
        Money::new(order.total(), order.currency),
    );
    if came != costs {
        return Verdict::Park(t!(
            "events-verdict-other-amount",
            came = came.to_string(),
            total = costs.to_string()
        ));
    }
    if order.payment == Payment::Wallet {
        return Verdict::Park(t!("events-verdict-wallet").to_owned());
    }
    match order.status {
        Placed => Verdict::Do(Action::Pay),
        Cancelled | Expired => Verdict::Park(t!(
            "events-verdict-paid-too-late",
            came = came.to_string(),
            state = status(order)
        )),
        _ if past.captured => {
            Verdict::Park(t!("events-verdict-paid-twice", came = came.to_string()))
        }
        _ => Verdict::Nothing(t!("events-verdict-paid-before").to_owned()),
    }
}

fn failed(reason: &str, order: &OrderState) -> Verdict {
    match order.status {
        Placed => Verdict::Do(Action::FailPayment {
            reason: one_line(reason),
        }),
        _ => Verdict::Nothing(t!("events-verdict-moved-on", state = status(order))),
    }
}

/// Judges a refund. A bank refund by staff is reported back to us by the bank: such a message is
/// matched to their booking and books nothing. While one of theirs is unmatched, a message of
/// another amount may be a part of it, so only staff may book it.
fn refunded(went: Money, order: &OrderState, past: &Past) -> Verdict {
    let money = |minor| Money::new(minor, order.currency).to_string();
    if went.currency != order.currency {
        return Verdict::Park(t!(
            "events-verdict-other-currency",
            went = went.to_string(),
            total = money(order.total())
        ));
    }
    let amount = went.minor;
    match past.refunded {
        Some(booked) if booked == amount => {
            return Verdict::Nothing(t!("events-verdict-refunded-before").to_owned());
        }
        Some(booked) => {
            return Verdict::Park(t!(
                "events-verdict-refunded-otherwise",
                before = money(booked),
                now = money(amount)
            ));
        }
        None => {}
    }
    if let Some(refund) = past.unmatched.iter().find(|staff| staff.amount == amount) {
        return Verdict::Do(Action::MatchRefund { step: refund.step });
    }
    if let Some(other) = past.unmatched.first() {
        return Verdict::Unclear(t!(
            "events-verdict-refund-unclear",
            went = went.to_string(),
            other = money(other.amount)
        ));
    }
    let left = order.refundable();
    match order.status {
        Placed => Verdict::Wait(t!("events-verdict-not-paid").to_owned()),
        Paid => Verdict::Wait(t!("events-verdict-not-captured").to_owned()),
        _ if amount > left => Verdict::Park(t!(
            "events-verdict-refund-too-much",
            went = money(amount),
            left = money(left)
        )),
        // Otherwise the parcel would stay behind with nobody to take its stock back.
        Packed if amount == left => Verdict::Wait(t!("events-verdict-parcel-here").to_owned()),
        _ => Verdict::Do(Action::Refund { amount }),
    }
}

fn dispatched(carrier: &str, tracking: &str, order: &OrderState) -> Verdict {
    match order.status {
        Placed | Paid => Verdict::Wait(t!("events-verdict-not-packed").to_owned()),
        Packed => Verdict::Do(Action::Ship {
            carrier: one_line(carrier),
            tracking: one_line(tracking),
        }),
        Shipped | Delivered | Returned | Refunded => {
            Verdict::Nothing(t!("events-verdict-shipped-before").to_owned())
        }
        Cancelled | Expired => {
            Verdict::Park(t!("events-verdict-shipped-too-late", state = status(order)))
        }
    }
}

fn delivered(order: &OrderState) -> Verdict {
    match order.status {
        Placed | Paid | Packed => Verdict::Wait(t!("events-verdict-not-shipped").to_owned()),
        Shipped => Verdict::Do(Action::Deliver),
        Delivered | Returned | Refunded => {
            Verdict::Nothing(t!("events-verdict-arrived-before", state = status(order)))
        }
        Cancelled | Expired => {
            Verdict::Park(t!("events-verdict-arrived-too-late", state = status(order)))
        }
    }
}

fn risk(word: RiskWord, action: Action, order: &OrderState, past: &Past) -> Verdict {
    if past.risk.is_some_and(|latest| latest >= word) {
        return Verdict::Nothing(t!("events-verdict-risk-late").to_owned());
    }
    if order.flagged == word.flagged {
        return Verdict::Nothing(t!("events-verdict-risk-before").to_owned());
    }
    Verdict::Do(action)
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn what_an_order_says_of_itself_is_one_line() {
        assert_eq!(one_line(" a\n\u{0}b "), "a b");
        assert_eq!(one_line(&"x".repeat(300)).len(), 200);
    }
}
