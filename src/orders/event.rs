//! The events of an order, as stored in its history.

use super::{Address, Delivery, Payment};
use crate::clock::Timestamp;
use crate::i18n::Multilingual;
use crate::money::Currency;
use crate::words::words;
use serde::{Deserialize, Serialize};

/// An order line: one product, its price and quantity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub product_id: i64,
    /// The product's name at the time.
    #[serde(flatten)]
    pub name: Multilingual,
    /// The price at the time, in minor units.
    pub unit_price: i64,
    pub quantity: i64,
    /// The quantity returned.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub returned: i64,
}

// serde calls it with a reference.
fn is_zero(number: &i64) -> bool {
    *number == 0
}

impl Line {
    pub fn total(&self) -> i64 {
        self.unit_price.saturating_mul(self.quantity)
    }
}

/// The contents of an order when it is placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    pub customer_id: i64,
    pub items: Vec<Line>,
    pub currency: Currency,
    pub delivery: Delivery,
    pub delivery_fee: i64,
    pub payment: Payment,
    pub address: Address,
    /// The time at which its stock is released if it is still unpaid.
    pub expires_at: Timestamp,
}

words!(
    /// The destination of a refund.
    pub enum RefundTo {
        Wallet = "wallet",
        /// Through whoever took the payment.
        Bank = "bank",
    }
);

/// The quantity returned of one order line.
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
    /// The full price is held in the customer's wallet.
    Paid {
        by: Payment,
        amount: i64,
    },
    PaymentFailed {
        reason: String,
    },
    /// The order is in its parcel, and its price was captured.
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
        /// True if they can be sold again.
        restocked: bool,
        reason: String,
    },
    Refunded {
        amount: i64,
        to: RefundTo,
        reason: String,
    },
    /// The order needs a review before it is packed or shipped.
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
