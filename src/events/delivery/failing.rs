//! Logs unreachable consumers: when trouble begins, grows and ends, rather than at every try.
//! The outcome of each try is in the webhook's own log.

use super::consumer::{Consumer, DeliveryState};
use crate::clock::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The minimum seconds between log lines about a consumer that keeps failing and recovering.
const SECONDS_BETWEEN: i64 = 600;

/// A failed try of a delivery.
pub struct Failure {
    pub seq: i64,
    pub topic: String,
    pub tries: i64,
    pub state: DeliveryState,
    pub error: String,
    /// The time its lane is due next.
    pub due_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Trouble {
    None,
    Failing,
    /// Deliveries were given up.
    Dead,
}

/// The last trouble logged for each consumer, and when.
#[derive(Default)]
pub struct Failing(Mutex<HashMap<Consumer, (Trouble, Timestamp)>>);

impl Failing {
    pub fn fails(&self, consumer: Consumer, failure: &Failure, now: Timestamp) {
        let trouble = match failure.state {
            DeliveryState::Dead => Trouble::Dead,
            _ => Trouble::Failing,
        };
        if self.is_news(consumer, trouble, now) {
            tracing::warn!(
                event.seq = failure.seq,
                event.topic = failure.topic,
                delivery.consumer = %consumer,
                delivery.tries = failure.tries,
                delivery.state = failure.state.as_str(),
                error.cause = failure.error,
                "A delivery failed; further failures of this consumer are not logged one by one"
            );
        } else {
            tracing::debug!(
                event.seq = failure.seq,
                delivery.consumer = %consumer,
                delivery.tries = failure.tries,
                error.cause = failure.error,
                "A delivery failed"
            );
        }
    }

    pub fn works(&self, consumer: Consumer, now: Timestamp) {
        if self.is_news(consumer, Trouble::None, now) {
            tracing::info!(delivery.consumer = %consumer, "Deliveries arrive again");
        }
    }

    /// Returns true and records the trouble if it is worth a line: worse than the last one logged,
    /// or over, and not right after the previous line.
    fn is_news(&self, consumer: Consumer, trouble: Trouble, now: Timestamp) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((said, at)) = known.get(&consumer).copied() else {
            let news = trouble != Trouble::None;
            if news {
                known.insert(consumer, (trouble, now));
            }
            return news;
        };
        let worse = trouble > said;
        let over = trouble == Trouble::None && said != Trouble::None;
        let long_ago = now.seconds_since(at) >= SECONDS_BETWEEN;
        // From none to failing within that time is still the same flapping.
        let news = (worse && (said != Trouble::None || long_ago)) || (over && long_ago);
        if news {
            known.insert(consumer, (trouble, now));
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_written_when_something_changes_and_not_at_every_try() {
        let (failing, hook) = (Failing::default(), Consumer::Webhook(1));
        let mut lines = Vec::new();
        for second in 0..2_000 {
            let trouble = if second < 500 {
                Trouble::Failing
            } else {
                Trouble::Dead
            };
            if failing.is_news(hook, trouble, Timestamp(second * 1_000_000)) {
                lines.push(second);
            }
        }
        assert_eq!(lines, [0, 500]);
        let at = |second: i64| Timestamp(second * 1_000_000);
        assert!(
            failing.is_news(hook, Trouble::None, at(3_000)),
            "it is over"
        );
        assert!(!failing.is_news(hook, Trouble::None, at(9_000)));
        assert!(
            failing.is_news(hook, Trouble::Failing, at(9_001)),
            "and begins anew"
        );
        assert!(!failing.is_news(Consumer::Mail, Trouble::None, at(0)));
    }

    #[test]
    fn one_that_comes_and_goes_fills_no_log() {
        let failing = Failing::default();
        let lines = (0..3_600).filter(|second| {
            let trouble = [Trouble::Failing, Trouble::None][usize::from(second % 2 == 1)];
            failing.is_news(Consumer::Mail, trouble, Timestamp(second * 1_000_000))
        });
        assert!(lines.count() <= 7);
    }
}
