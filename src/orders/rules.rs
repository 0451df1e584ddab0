//! The way of an order, as data: its states, the steps between them, and who may take each.

use crate::i18n::t;
use crate::text::Line;
use crate::words::words;

words!(
    /// Where an order is on its way.
    pub enum Status {
        Placed = "placed",
        Paid = "paid",
        Packed = "packed",
        Shipped = "shipped",
        Delivered = "delivered",
        Cancelled = "cancelled",
        /// Never paid for; its stock went back by itself.
        Expired = "expired",
        Returned = "returned",
        Refunded = "refunded",
    }

    fn unknown(_: &str) -> String {
        choose_one_of(&Self::ALL.map(Self::as_str))
    }
);

impl Status {
    /// As people read it.
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
    /// What somebody does to an order.
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
    /// As people read it.
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
    /// How an order is paid for.
    pub enum Payment {
        /// Set aside in the customer's wallet when it is placed.
        Wallet = "wallet",
        /// By bank transfer, when the customer has the invoice.
        Invoice = "invoice",
    }

    fn unknown(_: &str) -> String {
        choose_one_of(&Self::ALL.map(Self::as_str))
    }
);

impl Payment {
    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Wallet => t!("orders-payment-wallet"),
            Self::Invoice => t!("orders-payment-invoice"),
        }
    }
}

words!(
    /// How an order travels.
    pub enum Delivery {
        Standard = "standard",
        Express = "express",
    }

    fn unknown(_: &str) -> String {
        choose_one_of(&Self::ALL.map(Self::as_str))
    }
);

impl Delivery {
    /// As people read it.
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

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The customer whose order it is.
    Customer,
    Staff,
    /// The program itself, or somebody who told it by a signed message.
    System,
}

use Actor::{Customer, Staff, System};
use Status::{Cancelled, Delivered, Expired, Packed, Paid, Placed, Refunded, Returned, Shipped};

/// From where a step may be taken, where it leads, and who may take it.
struct Rule {
    step: Step,
    from: &'static [Status],
    to: Status,
    by: &'static [Actor],
}

/// The whole of it. A return or a refund of a part leaves the order where it is.
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
    /// Where the step leads from `status`, if `actor` may take it there.
    pub fn leads(self, status: Status, actor: Actor) -> Option<Status> {
        let fits = |rule: &&Rule| {
            rule.step == self && rule.from.contains(&status) && rule.by.contains(&actor)
        };
        RULES.iter().find(fits).map(|rule| rule.to)
    }

    /// The steps that `actor` may take from `status`.
    pub fn possible(status: Status, actor: Actor) -> Vec<Self> {
        let mut steps: Vec<Self> = Self::ALL.to_vec();
        steps.retain(|step| step.leads(status, actor).is_some());
        steps
    }
}

impl Status {
    /// Whether an order here holds stock that has not left the house.
    pub const fn reserves(self) -> bool {
        matches!(self, Placed | Paid | Packed)
    }
}

/// Why something is done, in one line, which may be empty.
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
