//! An order's life cycle as data: its states, the steps between them, and who may take each.

use crate::i18n::t;
use crate::text::Line;
use crate::words::words;

words!(
    /// The status of an order.
    pub enum Status {
        Placed = "placed",
        Paid = "paid",
        Packed = "packed",
        Shipped = "shipped",
        Delivered = "delivered",
        Cancelled = "cancelled",
        /// Never paid; its stock was released automatically.
        Expired = "expired",
        Returned = "returned",
        Refunded = "refunded",
    }

    fn unknown(_: &str) -> String {
        choose_one_of(&Self::ALL.map(Self::as_str))
    }
);

impl Status {
    /// Returns the label shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Placed => t!("orders-status-placed"),
            Self::Paid => t!("orders-status-paid"),
            Self::Packed => t!("orders-status-packed"),
            Self::Shipped => t!("orders-status-shipped"),
            Self::Delivered => t!("orders-status-delivered"),
            Self::Cancelled => t!("orders-status-cancelled"),
            Self::Expired => t!("orders-status-expired"),
            Self::Returned => t!("orders-status-returned"),
            Self::Refunded => t!("orders-status-refunded"),
        }
    }
}

words!(
    /// A step in an order's life cycle.
    pub enum Step {
        Pay = "pay",
        Pack = "pack",
        Ship = "ship",
        Deliver = "deliver",
        Cancel = "cancel",
        Expire = "expire",
        Return = "return",
        Refund = "refund",
    }

    fn unknown(_: &str) -> String {
        choose_one_of(&Self::ALL.map(Self::as_str))
    }
);

impl Step {
    /// Returns the label shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pay => t!("orders-step-pay"),
            Self::Pack => t!("orders-step-pack"),
            Self::Ship => t!("orders-step-ship"),
            Self::Deliver => t!("orders-step-deliver"),
            Self::Cancel => t!("orders-step-cancel"),
            Self::Expire => t!("orders-step-expire"),
            Self::Return => t!("orders-step-return"),
            Self::Refund => t!("orders-step-refund"),
        }
    }
}

words!(
    /// The payment method of an order.
    pub enum Payment {
        /// Held in the customer's wallet when the order is placed.
        Wallet = "wallet",
        /// Paid by bank transfer, once the customer has the invoice.
        Invoice = "invoice",
    }

    fn unknown(_: &str) -> String {
        choose_one_of(&Self::ALL.map(Self::as_str))
    }
);

impl Payment {
    /// Returns the label shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Wallet => t!("orders-payment-wallet"),
            Self::Invoice => t!("orders-payment-invoice"),
        }
    }
}

words!(
    /// The delivery method of an order.
    pub enum Delivery {
        Standard = "standard",
        Express = "express",
    }

    fn unknown(_: &str) -> String {
        choose_one_of(&Self::ALL.map(Self::as_str))
    }
);

impl Delivery {
    /// Returns the label shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Standard => t!("orders-delivery-standard"),
            Self::Express => t!("orders-delivery-express"),
        }
    }
}

fn choose_one_of(words: &[&str]) -> String {
    t!("orders-choose-one-of", words = words.join(", "))
}

/// The role of whoever takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The customer whose order it is.
    Customer,
    Staff,
    /// The program itself, or the sender of a signed message.
    System,
}

use Actor::{Customer, Staff, System};
use Status::{Cancelled, Delivered, Expired, Packed, Paid, Placed, Refunded, Returned, Shipped};

/// The states a step may be taken from, the state it leads to, and the roles that may take it.
struct Rule {
    step: Step,
    from: &'static [Status],
    to: Status,
    by: &'static [Actor],
}

/// All the rules. A partial return or refund leaves the status as it is.
const RULES: &[Rule] = &[
    Rule {
        step: Step::Pay,
        from: &[Placed],
        to: Paid,
        by: &[Customer, Staff, System],
    },
    Rule {
        step: Step::Pack,
        from: &[Paid],
        to: Packed,
        by: &[Staff],
    },
    Rule {
        step: Step::Ship,
        from: &[Packed],
        to: Shipped,
        by: &[Staff, System],
    },
    Rule {
        step: Step::Deliver,
        from: &[Shipped],
        to: Delivered,
        by: &[Staff, System],
    },
    Rule {
        step: Step::Cancel,
        from: &[Placed, Paid],
        to: Cancelled,
        by: &[Customer, Staff, System],
    },
    Rule {
        step: Step::Cancel,
        from: &[Packed],
        to: Cancelled,
        by: &[Staff],
    },
    Rule {
        step: Step::Expire,
        from: &[Placed],
        to: Expired,
        by: &[System],
    },
    Rule {
        step: Step::Return,
        from: &[Shipped, Delivered, Refunded],
        to: Returned,
        by: &[Staff],
    },
    Rule {
        step: Step::Refund,
        from: &[Packed, Shipped, Delivered, Returned],
        to: Refunded,
        by: &[Staff, System],
    },
];

impl Step {
    /// Returns the status that the step leads to from `status`; `None` if `actor` may not take it there.
    pub fn leads(self, status: Status, actor: Actor) -> Option<Status> {
        let fits = |rule: &&Rule| {
            rule.step == self && rule.from.contains(&status) && rule.by.contains(&actor)
        };
        RULES.iter().find(fits).map(|rule| rule.to)
    }

    /// Returns the steps that `actor` may take from `status`.
    pub fn possible(status: Status, actor: Actor) -> Vec<Self> {
        let mut steps: Vec<Self> = Self::ALL.to_vec();
        steps.retain(|step| step.leads(status, actor).is_some());
        steps
    }
}

impl Status {
    /// Returns true if an order in this status reserves stock that has not been shipped.
    pub const fn reserves(self) -> bool {
        matches!(self, Placed | Paid | Packed)
    }
}

/// Validates a reason: one line of at most 200 characters, which may be empty.
pub fn check_reason(text: &str) -> Result<String, String> {
    Line::optional(text, 200).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_goes_one_way() {
        let way = [Step::Pay, Step::Pack, Step::Ship, Step::Deliver];
        let mut status = Placed;
        for step in way {
            status = step.leads(status, Staff).expect("the next step");
        }
        assert_eq!(status, Delivered);
        assert_eq!(Step::Cancel.leads(Shipped, Staff), None);
        assert_eq!(Step::Ship.leads(Paid, Staff), None, "packed first");
    }

    #[test]
    fn a_customer_pays_and_cancels_and_no_more() {
        assert_eq!(Step::possible(Placed, Customer), [Step::Pay, Step::Cancel]);
        assert_eq!(Step::possible(Paid, Customer), [Step::Cancel]);
        for status in Status::ALL
            .into_iter()
            .filter(|status| !matches!(status, Placed | Paid))
        {
            assert_eq!(Step::possible(status, Customer), [], "{status}");
        }
    }

    #[test]
    fn every_state_can_be_reached_and_words_read_back() {
        for status in Status::ALL {
            assert_eq!(status.as_str().parse(), Ok(status));
            let reached = RULES.iter().any(|rule| rule.to == status);
            assert!(reached || status == Placed, "{status}");
        }
    }
}
