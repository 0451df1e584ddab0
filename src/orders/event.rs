//! Events of an order, as its history keeps them.

use super::{Address, Delivery, Payment};
use crate::clock::Timestamp;
use crate::i18n::Multilingual;
use crate::money::Currency;
use crate::words::words;
use serde::{Deserialize, Serialize};

/// What was ordered of one product, at what price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub product_id: i64,
    /// As it was called at the time.
    #[serde(flatten)]
    pub name: Multilingual,
    /// In minor units, at the time.
    pub unit_price: i64,
    pub quantity: i64,
    /// How many of them came back.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub returned: i64,
}

// serde asks it by reference.
fn is_zero(number: &i64) -> bool {
    *number == 0
}

impl Line {
    pub fn total(&self) -> i64 {
        self.unit_price.saturating_mul(self.quantity)
    }
}

/// What an order is about when it is placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    pub customer_id: i64,
    pub items: Vec<Line>,
    pub currency: Currency,
    pub delivery: Delivery,
    pub delivery_fee: i64,
    pub payment: Payment,
    pub address: Address,
    /// When its stock goes back if it is not paid for.
    pub expires_at: Timestamp,
}

words!(
    /// Where money goes back to.
    pub enum RefundTo {
        Wallet = "wallet",
        /// By whoever took the payment.
        Bank = "bank",
    }
);

/// Some of a line that came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ReturnedLine {
    pub product_id: i64,
    pub quantity: i64,
}

/// Something that happened to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
pub enum Event {
    Placed(Placement),
    /// The whole of it is set aside in the customer's wallet.
    Paid {
        by: Payment,
        amount: i64,
    },
    PaymentFailed {
        reason: String,
    },
    /// It is in its parcel, and its price was taken.
    Packed {
        captured: i64,
    },
    Shipped {
        carrier: String,
        tracking: String,
    },
    Delivered {},
    Cancelled {
        reason: String,
    },
    Expired {},
    Returned {
        items: Vec<ReturnedLine>,
        /// Whether they can be sold again.
        restocked: bool,
        reason: String,
    },
    Refunded {
        amount: i64,
        to: RefundTo,
        reason: String,
    },
    /// Somebody should look at it before it is packed or shipped.
    Flagged {
        reason: String,
    },
    Cleared {},
}

impl Event {
    pub const KINDS: [&'static str; 12] = [
        "placed",
        "paid",
        "payment_failed",
        "packed",
        "shipped",
        "delivered",
        "cancelled",
        "expired",
        "returned",
        "refunded",
        "flagged",
        "cleared",
    ];

    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Placed(_) => "placed",
            Self::Paid { .. } => "paid",
            Self::PaymentFailed { .. } => "payment_failed",
            Self::Packed { .. } => "packed",
            Self::Shipped { .. } => "shipped",
            Self::Delivered {} => "delivered",
            Self::Cancelled { .. } => "cancelled",
            Self::Expired {} => "expired",
            Self::Returned { .. } => "returned",
            Self::Refunded { .. } => "refunded",
            Self::Flagged { .. } => "flagged",
            Self::Cleared {} => "cleared",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_survives_json() {
        let events = [
            Event::Paid {
                by: Payment::Invoice,
                amount: 7,
            },
            Event::Delivered {},
            Event::Refunded {
                amount: 5,
                to: RefundTo::Bank,
                reason: "late".into(),
            },
        ];
        for event in events {
            let json = serde_json::to_value(&event).expect("serialises");
            assert_eq!(json["kind"], event.kind());
            assert_eq!(serde_json::from_value::<Event>(json).expect("reads"), event);
        }
    }
}
