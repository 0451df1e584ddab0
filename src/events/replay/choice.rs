//! The events that a replay is about: a time, and topics or a subject.

use crate::clock::Timestamp;
use crate::events::rules::Filter;

/// Reads a moment: a time as `2026-11-20T08:00:00Z`, a day, or so long ago as `90m`, `12h` or `3d`.
pub fn moment(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let text = text.trim();
    let length = |unit: char, seconds: i64| {
        let count = text.strip_suffix(unit)?.parse::<u32>().ok()?;
        Some(now.plus_seconds(-i64::from(count) * seconds))
    };
    let ago = length('m', 60)
        .or_else(|| length('h', 3_600))
        .or_else(|| length('d', 86_400));
    let at = ago
        .or_else(|| Timestamp::parse(text))
        .or_else(|| Timestamp::parse(&format!("{text}T00:00:00Z")));
    at.ok_or_else(|| format!("{text:?} is no time: 2026-11-20T08:00:00Z, 2026-11-20, 90m, 12h, 3d"))
}

/// The topics of a replay, or its only subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    Topics(Filter),
    Subject(String),
}

impl Choice {
    /// Reads topics as a webhook's filter (`order.*`), as the broker's subject (`guildhall.order.>`), or a subject as
    /// in the outbox (`order-2026-000001`).
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let topics = text.strip_prefix("guildhall.").unwrap_or(text);
        let topics = topics.strip_suffix('>').map(|kind| format!("{kind}*"));
        let topics = topics.unwrap_or_else(|| text.trim_start_matches("guildhall.").to_owned());
        if topics.contains(['.', '*']) {
            return Filter::parse([topics]).map(Self::Topics);
        }
        match text.split_once('-') {
            Some(("order" | "product" | "transfer", rest)) if !rest.is_empty() => {
                Ok(Self::Subject(text.to_owned()))
            }
            _ => Err(format!(
                "{text:?} is neither topics (order.*, order.paid, *) nor a subject (order-2026-000001, product-7)"
            )),
        }
    }

    pub fn covers(&self, topic: &str, subject: &str) -> bool {
        match self {
            Self::Topics(filter) => filter.matches(topic),
            Self::Subject(wanted) => wanted == subject,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_time_a_day_or_so_long_ago() {
        let now = Timestamp::parse("2026-11-27T12:00:00Z").expect("a time");
        let read = |text: &str| moment(text, now).expect("reads").rfc3339();
        assert_eq!(read("90m"), "2026-11-27T10:30:00Z");
        assert_eq!(read("2d"), "2026-11-25T12:00:00Z");
        assert_eq!(read("2026-11-20"), "2026-11-20T00:00:00Z");
        assert_eq!(read(" 2026-11-20T08:00:00Z "), "2026-11-20T08:00:00Z");
        for wrong in ["", "yesterday", "-3d", "3w", "99999999999d", "2026-13-01"] {
            assert!(moment(wrong, now).is_err(), "{wrong}");
        }
    }

    #[test]
    fn topics_are_named_as_in_a_filter_or_as_on_the_broker() {
        let covers = |text: &str, topic| {
            let choice = Choice::parse(text).expect("reads");
            choice.covers(topic, "order-2026-000001")
        };
        for text in [
            "order.*",
            "guildhall.order.>",
            "order.paid",
            "guildhall.order.paid",
            "*",
            "guildhall.>",
        ] {
            assert!(covers(text, "order.paid"), "{text}");
        }
        assert!(!covers("guildhall.order.>", "stock.adjusted"));
        assert!(covers("order-2026-000001", "order.paid"));
        assert!(!covers("order-2026-000002", "order.paid"));
        for wrong in [
            "",
            "orders",
            "order-",
            "order.lost",
            "guildhall.nothing.>",
            "person-3",
        ] {
            assert!(Choice::parse(wrong).is_err(), "{wrong}");
        }
    }
}
