//! Formats of incoming messages: payments, inventory, shipping and risk.

use crate::clock::Timestamp;
use crate::events::rules::cut;
use crate::i18n::t;
use crate::money::Currency;
use crate::words::words;
use serde::Deserialize;
use serde_json::Value;

words!(
    /// The sender of a message. Each has its own secret and is trusted only in its own domain.
    pub enum Source {
        Payments = "payments",
        Inventory = "inventory",
        Shipping = "shipping",
        Risk = "risk",
    }

    fn unknown(word: &str) -> String {
        t!("events-no-source", word = word)
    }
);

impl Source {
    /// Returns the label shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Payments => t!("events-source-payments"),
            Self::Inventory => t!("events-source-inventory"),
            Self::Shipping => t!("events-source-shipping"),
            Self::Risk => t!("events-source-risk"),
        }
    }

    /// Returns the name for an order's history, stored for good and so the same in every language.
    pub fn name(self) -> String {
        let (first, rest) = self.as_str().split_at(1);
        format!("{}{rest}", first.to_uppercase())
    }

    /// Returns the prefix of its topics.
    const fn matter(self) -> &'static str {
        match self {
            Self::Payments => "payment.",
            Self::Inventory => "stock.",
            Self::Shipping => "shipment.",
            Self::Risk => "risk.",
        }
    }
}

/// A parsed message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum Message {
    /// An order's payment was received.
    #[serde(rename = "payment.captured")]
    Captured {
        order: String,
        amount: i64,
        currency: Currency,
    },
    #[serde(rename = "payment.failed")]
    PaymentFailed {
        order: String,
        #[serde(default)]
        reason: String,
    },
    /// Money of an order was returned to where it came from.
    #[serde(rename = "payment.refunded")]
    Refunded {
        order: String,
        amount: i64,
        /// Defaults to the order's currency.
        currency: Option<Currency>,
        refund_id: String,
    },
    #[serde(rename = "stock.adjusted")]
    StockAdjusted {
        product_id: Option<i64>,
        /// The product's slug, if its id is not known.
        sku: Option<String>,
        change: i64,
        reason: String,
    },
    /// The carrier has the parcel.
    #[serde(rename = "shipment.dispatched")]
    Dispatched {
        order: String,
        #[serde(default)]
        carrier: String,
        #[serde(default)]
        tracking: String,
    },
    #[serde(rename = "shipment.delivered")]
    Delivered { order: String },
    /// Somebody should look at the order.
    #[serde(rename = "risk.flagged")]
    Flagged {
        order: String,
        #[serde(default)]
        reason: String,
    },
    #[serde(rename = "risk.cleared")]
    Cleared { order: String },
}

/// The subject of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    Order(String),
    /// By id or slug.
    Product(String),
}

impl Message {
    /// Parses a message of `source`, or returns why it is unacceptable.
    pub fn read(source: Source, body: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
        let topic = value["type"].as_str().unwrap_or_default();
        if !topic.starts_with(source.matter()) {
            return Err(t!(
                "events-message-no-say",
                source = source.label(),
                topic = topic
            ));
        }
        // The latest risk message wins, so one without a time cannot be judged: its arrival time
        // would make the result depend on the delivery path.
        if source == Source::Risk && happened_at(&value).is_none() {
            return Err(t!("events-message-no-time").to_owned());
        }
        Self::deserialize(&value)
            .map_err(|error| t!("events-message-unfit", cause = error.to_string()))
            .and_then(Self::check)
    }

    /// Refuses what cannot be stored: malformed identifiers, amounts that are not positive.
    fn check(self) -> Result<Self, String> {
        let name = |what: &str, text: &str| {
            let sound =
                (1..=100).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
            sound
                .then_some(())
                .ok_or_else(|| t!("events-message-no-name", field = what))
        };
        match &self {
            Self::Captured { amount, .. } | Self::Refunded { amount, .. } if *amount <= 0 => {
                return Err(t!("events-message-no-amount").to_owned());
            }
            Self::Refunded { refund_id, .. } => name("refund_id", refund_id)?,
            _ => {}
        }
        match self.about() {
            Some(About::Order(number)) => name("order", &number)?,
            Some(About::Product(key)) => name("product", &key)?,
            None => return Err(t!("events-message-no-product").to_owned()),
        }
        Ok(self)
    }

    pub fn about(&self) -> Option<About> {
        match self {
            Self::Captured { order, .. }
            | Self::PaymentFailed { order, .. }
            | Self::Refunded { order, .. }
            | Self::Dispatched { order, .. }
            | Self::Delivered { order }
            | Self::Flagged { order, .. }
            | Self::Cleared { order } => Some(About::Order(order.clone())),
            Self::StockAdjusted {
                product_id, sku, ..
            } => {
                let id = product_id.map(|id| id.to_string());
                id.or_else(|| sku.clone()).map(About::Product)
            }
        }
    }
}

fn happened_at(message: &Value) -> Option<Timestamp> {
    message["timestamp"].as_str().and_then(Timestamp::parse)
}

/// The columns stored with a message on arrival, before it is parsed fully.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    pub topic: String,
    /// `order-NUMBER` or `product-ID`, as in the outbox; empty if unclear.
    pub subject: String,
    /// The time of the event, according to the sender.
    pub happened_at: Option<Timestamp>,
}

impl Outline {
    /// Reads the outline; `None` if the body is not a message at all.
    pub fn read(body: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(body).ok()?;
        let topic = value["type"].as_str()?;
        let data = &value["data"];
        let subject = match (data["order"].as_str(), data["product_id"].as_i64()) {
            (Some(order), _) => format!("order-{order}"),
            (None, Some(product)) => format!("product-{product}"),
            (None, None) => String::new(),
        };
        Some(Self {
            topic: cut(topic, 100),
            subject: cut(&subject, 100),
            happened_at: happened_at(&value),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_believed_in_its_own_matters_alone() {
        let captured = r#"{"type":"payment.captured","timestamp":"2026-11-21T04:07:00Z",
            "data":{"order":"2026-000001","amount":100,"currency":"CNY","further":1}}"#;
        let message = Message::read(Source::Payments, captured).expect("a message");
        assert_eq!(message.about(), Some(About::Order("2026-000001".into())));
        let refused = Message::read(Source::Risk, captured).expect_err("not theirs");
        assert_eq!(refused, "Risk has no say in payment.captured.");
    }

    #[test]
    fn what_could_not_be_written_down_is_refused() {
        let wrong = [
            (
                Source::Payments,
                r#"{"type":"payment.captured","data":{"order":"1","amount":0,"currency":"CNY"}}"#,
            ),
            (
                Source::Payments,
                r#"{"type":"payment.captured","data":{"order":"1","amount":1,"currency":"ABC"}}"#,
            ),
            (
                Source::Payments,
                r#"{"type":"payment.captured","data":{"order":"","amount":1,"currency":"CNY"}}"#,
            ),
            (
                Source::Payments,
                r#"{"type":"payment.settled","data":{"order":"1"}}"#,
            ),
            (
                Source::Payments,
                r#"{"type":"payment.refunded","data":{"order":"1","amount":1,"refund_id":""}}"#,
            ),
            (
                Source::Shipping,
                r#"{"type":"shipment.delivered","data":{"order":"a\u0000b"}}"#,
            ),
            (
                Source::Inventory,
                r#"{"type":"stock.adjusted","data":{"change":1,"reason":"x"}}"#,
            ),
            (Source::Risk, "{}"),
            (Source::Risk, "no json"),
        ];
        for (source, body) in wrong {
            assert!(Message::read(source, body).is_err(), "{body}");
        }
    }

    #[test]
    fn a_word_on_a_risk_needs_a_time_and_nothing_else_does() {
        for timestamp in [
            "",
            r#""timestamp":"yesterday","#,
            r#""timestamp":1763698020,"#,
        ] {
            let body = format!(r#"{{"type":"risk.cleared",{timestamp}"data":{{"order":"1"}}}}"#);
            assert_eq!(
                Message::read(Source::Risk, &body),
                Err(t!("events-message-no-time").to_owned()),
                "{body}"
            );
        }
        let timely =
            r#"{"type":"risk.cleared","timestamp":"2026-11-21T04:07:00Z","data":{"order":"1"}}"#;
        assert!(Message::read(Source::Risk, timely).is_ok());
        let other = r#"{"type":"shipment.delivered","data":{"order":"1"}}"#;
        assert!(Message::read(Source::Shipping, other).is_ok());
    }

    #[test]
    fn an_outline_says_what_it_is_about_and_when() {
        let body = r#"{"type":"stock.adjusted","timestamp":"2026-11-21T04:07:00Z","data":{"product_id":7}}"#;
        let outline = Outline::read(body).expect("an outline");
        assert_eq!(outline.subject, "product-7");
        assert_eq!(
            outline.happened_at,
            Timestamp::parse("2026-11-21T04:07:00Z")
        );
        assert_eq!(Outline::read(r#"{"data":{}}"#), None);
        assert_eq!(Outline::read("[]"), None);
    }
}
