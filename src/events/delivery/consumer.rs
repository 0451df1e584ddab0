//! Consumers of events: customers by mail, the fulfilment board, and webhook subscribers.

use crate::i18n::t;
use crate::words::words;
use std::fmt;
use std::str::FromStr;

/// A recipient of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Consumer {
    Mail,
    Fulfilment,
    Webhook(i64),
}

/// The topics that customers are mailed about.
const MAILED: [&str; 7] = [
    "order.placed",
    "order.paid",
    "order.shipped",
    "order.delivered",
    "order.cancelled",
    "order.expired",
    "order.refunded",
];

/// The topics that open a task on the board, and those that may close it.
const FOLLOWED: [&str; 5] = [
    "order.paid",
    "order.packed",
    "order.shipped",
    "order.cancelled",
    "order.refunded",
];

impl Consumer {
    /// Returns true if a built-in consumer wants the topic; webhooks have their filters for that.
    pub fn wants(self, topic: &str) -> bool {
        match self {
            Self::Mail => MAILED.contains(&topic),
            Self::Fulfilment => FOLLOWED.contains(&topic),
            Self::Webhook(_) => false,
        }
    }

    pub const fn webhook(self) -> Option<i64> {
        match self {
            Self::Webhook(id) => Some(id),
            Self::Mail | Self::Fulfilment => None,
        }
    }

    /// Returns the kind of consumer as metrics name it.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Fulfilment => "fulfilment",
            Self::Webhook(_) => "webhook",
        }
    }

    /// Returns a short label, for tight spaces.
    pub fn short_label(self) -> String {
        match self {
            Self::Mail => t!("events-consumer-mail").to_owned(),
            Self::Fulfilment => t!("events-consumer-board").to_owned(),
            Self::Webhook(id) => t!("events-webhook-title", id = id.to_string()),
        }
    }

    /// Returns the label shown to people.
    pub fn label(self) -> String {
        match self {
            Self::Mail => t!("events-consumer-mail-long").to_owned(),
            Self::Fulfilment => t!("events-consumer-board-long").to_owned(),
            Self::Webhook(id) => t!("events-webhook-title", id = id.to_string()),
        }
    }
}

impl fmt::Display for Consumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mail => f.write_str("mail"),
            Self::Fulfilment => f.write_str("fulfilment"),
            Self::Webhook(id) => write!(f, "webhook-{id}"),
        }
    }
}

impl FromStr for Consumer {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let webhook = |word: &str| word.strip_prefix("webhook-")?.parse().ok();
        match word {
            "mail" => Ok(Self::Mail),
            "fulfilment" => Ok(Self::Fulfilment),
            word => webhook(word)
                .map(Self::Webhook)
                .ok_or_else(|| t!("events-no-consumer", word = word)),
        }
    }
}

words!(
    /// The state of a delivery.
    pub enum DeliveryState {
        Waiting = "waiting",
        Done = "done",
        /// Out of tries; staff decide.
        Dead = "dead",
        /// Discarded by staff.
        Discarded = "discarded",
    }

    fn unknown(word: &str) -> String {
        t!("events-no-delivery-state", word = word)
    }
);

impl DeliveryState {
    /// Returns the label shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => t!("events-delivery-waiting"),
            Self::Done => t!("events-delivery-done"),
            Self::Dead => t!("events-delivery-dead"),
            Self::Discarded => t!("events-delivery-discarded"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::rules::TOPICS;

    #[test]
    fn a_consumer_is_read_back() {
        for consumer in [Consumer::Mail, Consumer::Fulfilment, Consumer::Webhook(12)] {
            assert_eq!(consumer.to_string().parse(), Ok(consumer));
        }
        assert!("webhook-".parse::<Consumer>().is_err());
    }

    #[test]
    fn nobody_waits_for_what_never_happens() {
        for topic in MAILED.iter().chain(&FOLLOWED) {
            assert!(TOPICS.contains(topic), "{topic}");
        }
    }
}
