//! Consumers of events: the customer by mail, the board of those who pack, and the subscribers of
//! webhooks.

use crate::i18n::t;
use crate::words::words;
use std::fmt;
use std::str::FromStr;

/// Somebody who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Consumer {
    Mail,
    Fulfilment,
    Webhook(i64),
}

/// What a customer gets a mail about.
const MAILED: [&str; 7] = [
    "order.placed",
    "order.paid",
    "order.shipped",
    "order.delivered",
    "order.cancelled",
    "order.expired",
    "order.refunded",
];

/// What opens a task on the board, and what may close it.
const FOLLOWED: [&str; 5] = [
    "order.paid",
    "order.packed",
    "order.shipped",
    "order.cancelled",
    "order.refunded",
];

impl Consumer {
    /// Whether one in the house wants to know; what webhooks want, their filters say.
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

    /// In a word, where there is little room.
    pub fn short_label(self) -> String {
        match self {
            Self::Mail => t!("events-consumer-mail").to_owned(),
            Self::Fulfilment => t!("events-consumer-board").to_owned(),
            Self::Webhook(id) => t!("events-webhook-title", id = id.to_string()),
        }
    }

    /// As people read it.
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
    /// Where a delivery stands.
    pub enum DeliveryState {
        Waiting = "waiting",
        Done = "done",
        /// Tried as often as it is worth; staff decide.
        Dead = "dead",
        /// Staff let it go.
        Discarded = "discarded",
    }

    fn unknown(word: &str) -> String {
        t!("events-no-delivery-state", word = word)
    }
);

impl DeliveryState {
    /// As people read it.
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
