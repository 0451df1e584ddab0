//! Event rules: topics, subscription filters and the retry schedule.

use crate::clock::Timestamp;
use crate::i18n::t;
use std::fmt;
use time::OffsetDateTime;

/// All published topics.
pub const TOPICS: [&str; 17] = [
    "order.placed",
    "order.paid",
    "order.payment_failed",
    "order.packed",
    "order.shipped",
    "order.delivered",
    "order.cancelled",
    "order.expired",
    "order.returned",
    "order.refunded",
    "order.flagged",
    "order.cleared",
    "stock.adjusted",
    "stock.reserved",
    "stock.released",
    "stock.shipped",
    "ledger.posted",
];

/// The version of the payloads, as docs/events.md describes them. It changes when one loses a field, or when a field
/// means something else; a new field changes nothing.
pub const VERSION: u32 = 1;

/// Returns an event's public id: the same for every recipient and every try.
pub fn message_id(seq: i64) -> String {
    format!("event-{seq}")
}

/// The maximum number of tries before a delivery is dead, for every consumer: mail, the board, webhooks. With
/// the pauses between them they reach over three days, so that a weekend's outage loses nothing.
pub const MOST_DELIVERY_TRIES: i64 = 13;

/// The longest pause between two tries, in seconds.
const LONGEST_PAUSE: i64 = 43_200;

/// A subscription filter: all events (`*`), those of one kind (`order.*`), or single topics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter(Vec<String>);

impl Filter {
    pub fn parse<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> Result<Self, String> {
        let mut all: Vec<String> = words
            .into_iter()
            .flat_map(|text| {
                let words = text.as_ref().split([',', ' ', '\n', '\r', '\t']);
                words.map(str::to_lowercase).collect::<Vec<_>>()
            })
            .filter(|word| !word.is_empty())
            .collect();
        all.sort();
        all.dedup();
        if let Some(unknown) = all.iter().find(|word| !is_known(word)) {
            return Err(t!("events-filter-unknown", event = unknown.as_str()));
        }
        if all.is_empty() {
            return Err(t!("events-filter-empty").to_owned());
        }
        if all.iter().any(|word| word == "*") {
            all = vec!["*".to_owned()];
        }
        Ok(Self(all))
    }

    /// Reads the filter from its stored form.
    pub fn stored(text: &str) -> Self {
        Self(text.split_whitespace().map(str::to_owned).collect())
    }

    pub fn matches(&self, topic: &str) -> bool {
        self.0.iter().any(|word| covers(word, topic))
    }

    pub fn words(&self) -> &[String] {
        &self.0
    }
}

/// Writes the words separated by spaces.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

fn is_known(word: &str) -> bool {
    TOPICS.iter().any(|topic| covers(word, topic))
}

fn covers(word: &str, topic: &str) -> bool {
    match word.strip_suffix('*') {
        Some("") => true,
        Some(kind) => kind.ends_with('.') && topic.starts_with(kind),
        None => word == topic,
    }
}

/// Returns the seconds to wait after `tries` failures: ten, then four times as long each time, up
/// to half a day. `dice`, 0 to 1, adds up to a quarter, so that what failed together is not retried
/// together.
pub fn pause_after(tries: i64, dice: f64) -> i64 {
    let exponent = u32::try_from(tries.clamp(1, MOST_DELIVERY_TRIES) - 1).unwrap_or_default();
    let seconds = (10 * 4_i64.pow(exponent)).min(LONGEST_PAUSE);
    seconds + (seconds as f64 * 0.25 * dice) as i64
}

/// The maximum wait a recipient may ask for, in seconds: after it the delivery is worth another try.
const LONGEST_WAIT: i64 = 86_400;

/// Returns the seconds that `Retry-After` asks to wait from `now` on, given as a number or an HTTP
/// date. At most a day; `None` if it cannot be parsed.
pub fn retry_after(value: &str, now: Timestamp) -> Option<i64> {
    let value = value.trim();
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = if digits {
        // A number too large to parse is a long wait all the same.
        value.parse().unwrap_or(LONGEST_WAIT)
    } else {
        let at = httpdate::parse_http_date(value).ok()?;
        Timestamp::from(OffsetDateTime::from(at)).seconds_since(now)
    };
    Some(seconds.clamp(0, LONGEST_WAIT))
}

/// Trims the text, drops what a database or page cannot show, and cuts it to `most` characters.
pub fn cut(text: &str, most: usize) -> String {
    let shown = |c: &char| !c.is_control() || *c == '\n' || *c == '\t';
    text.trim().chars().filter(shown).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_takes_all_one_kind_or_single_topics() {
        let filter = |text: &str| Filter::parse([text]).expect("is sound");
        assert!(filter("*").matches("ledger.posted"));
        assert!(filter("order.*").matches("order.paid"));
        assert!(!filter("order.*").matches("stock.adjusted"));
        let two = filter("stock.adjusted, ORDER.paid order.paid");
        assert_eq!(two.to_string(), "order.paid stock.adjusted");
        assert!(two.matches("order.paid") && !two.matches("order.placed"));
        assert_eq!(filter("order.paid *").to_string(), "*");
        assert_eq!(Filter::stored(&two.to_string()), two);
    }

    #[test]
    fn an_event_that_never_happens_is_refused() {
        for wrong in [
            "",
            " , ",
            "order",
            "order.pa*",
            "o*",
            "invoice.*",
            "order.**",
        ] {
            assert!(Filter::parse([wrong]).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_pauses_grow_and_are_never_shorter_than_said() {
        let pauses: Vec<i64> = (1..=MOST_DELIVERY_TRIES)
            .map(|tries| pause_after(tries, 0.0))
            .collect();
        assert_eq!(pauses[..4], [10, 40, 160, 640]);
        assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]));
        let reach: i64 = pauses[..pauses.len() - 1].iter().sum();
        assert!(reach >= 3 * 86_400, "from Friday evening to Monday evening");
        assert_eq!(pause_after(2, 1.0), 50);
        assert_eq!(pause_after(99, 0.0), *pauses.last().expect("pauses"));
    }

    #[test]
    fn whoever_asks_for_time_gets_it_within_bounds() {
        let now = Timestamp::parse("2026-11-21T04:07:00Z").expect("a time");
        for (value, seconds) in [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("99999999999999999999999", Some(86_400)),
            ("86401", Some(86_400)),
            ("Sat, 21 Nov 2026 04:09:00 GMT", Some(120)),
            ("Saturday, 21-Nov-26 04:09:00 GMT", Some(120)),
            ("Sat, 21 Nov 2026 04:00:00 GMT", Some(0)),
            ("Sat, 21 Nov 2099 04:00:00 GMT", Some(86_400)),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(retry_after(value, now), seconds, "{value}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_answer_has_us_wait_for_longer_than_a_day(value in "\\PC{0,40}") {
            let wait = retry_after(&value, Timestamp(0));
            proptest::prop_assert!(wait.is_none_or(|seconds| (0..=LONGEST_WAIT).contains(&seconds)));
        }
    }

    #[test]
    fn what_is_cut_can_be_stored_and_shown() {
        assert_eq!(cut("  a\u{0}b\r\nc ", 4), "ab\nc");
        assert_eq!(cut("键盘键盘", 2), "键盘");
    }
}
