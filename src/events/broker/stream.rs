//! The stream of events and its durable consumers, as the broker is asked for them.

use crate::events::delivery::Consumer;
use async_nats::jetstream::consumer::AckPolicy;
use async_nats::jetstream::consumer::pull::Config as ConsumerConfig;
use async_nats::jetstream::stream::{Config as StreamConfig, DiscardPolicy, StorageType};
use std::time::Duration;

/// The name of the stream.
pub const STREAM: &str = "GUILDHALL";

/// The first part of every subject.
const PREFIX: &str = "guildhall";

/// The age at which the broker forgets an event: longer than the tries of a delivery reach.
const LONGEST_KEPT: Duration = Duration::from_hours(96);

/// The maximum number of events in the stream; the oldest make room. The outbox has them for longer.
const MOST_EVENTS: i64 = 1_000_000;

/// The maximum number of times that the broker gives one event to one consumer. Each try of an earlier event about
/// the same subject is one; after that the delivery is made from the database.
const MOST_DELIVERIES: i64 = 200;

/// The maximum number of events that a consumer has and did not acknowledge, those included that wait for their
/// next try.
const MOST_UNACKNOWLEDGED: i64 = 10_000;

/// Returns the subject of a topic: `guildhall.order.paid`. What cannot stand in a subject becomes `_`.
pub fn subject_of(topic: &str) -> String {
    let parts = topic.split('.').filter(|part| !part.is_empty());
    let clean = |c: char| match c {
        c if c.is_ascii_alphanumeric() || c == '-' || c == '_' => c,
        _ => '_',
    };
    let mut subject = PREFIX.to_owned();
    for part in parts {
        subject.push('.');
        subject.extend(part.chars().map(clean));
    }
    subject
}

/// Returns the stream as it is made where there is none. One that is there stays as it is.
pub fn stream_config(replicas: u64) -> StreamConfig {
    StreamConfig {
        name: STREAM.to_owned(),
        subjects: vec![format!("{PREFIX}.>")],
        max_age: LONGEST_KEPT,
        max_messages: MOST_EVENTS,
        discard: DiscardPolicy::Old,
        storage: StorageType::File,
        num_replicas: usize::try_from(replicas).unwrap_or(1),
        ..StreamConfig::default()
    }
}

/// Returns the durable consumer. Orders are all that mail and the board hear of; a webhook hears of everything, since
/// its filter may change, and acknowledges what is not for it.
pub fn consumer_config(consumer: Consumer, ack_wait: Duration) -> ConsumerConfig {
    let kind = match consumer {
        Consumer::Mail | Consumer::Fulfilment => ".order.>",
        Consumer::Webhook(_) => ".>",
    };
    ConsumerConfig {
        durable_name: Some(consumer.to_string()),
        filter_subject: format!("{PREFIX}{kind}"),
        ack_policy: AckPolicy::Explicit,
        ack_wait,
        max_deliver: MOST_DELIVERIES,
        max_ack_pending: MOST_UNACKNOWLEDGED,
        ..ConsumerConfig::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::rules::TOPICS;

    #[test]
    fn every_topic_has_a_subject_of_its_own() {
        let mut subjects = TOPICS.map(subject_of).to_vec();
        assert!(subjects.contains(&"guildhall.order.payment_failed".to_owned()));
        subjects.sort();
        subjects.dedup();
        assert_eq!(subjects.len(), TOPICS.len());
    }

    #[test]
    fn nothing_in_a_topic_is_a_wildcard_or_ends_the_subject() {
        assert_eq!(subject_of("a:b.*.>"), "guildhall.a_b._._");
        assert_eq!(subject_of("..a b\r\n."), "guildhall.a_b__");
    }
}
