//! The meters of the broker: how far its consumers are behind, and what became of events on the way.

use super::handles::{Counters, registered};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// Gauges by kind of consumer.
type ByConsumer = Family<[(&'static str, &'static str); 1], Gauge>;

/// The handles that events on the broker are counted with.
#[derive(Clone, Debug)]
pub struct BrokerMeters {
    pub connected: Gauge,
    pub unpublished: Gauge,
    pub unpublished_seconds: Gauge,
    pub published: Counter,
    pub not_published: Counter,
    pending: ByConsumer,
    unacknowledged: ByConsumer,
    redeliveries: Counters<1>,
    dead: Counters<1>,
}

/// The backlog of the consumers of one kind, all webhooks together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Events that the broker has not given to them yet.
    pub pending: i64,
    /// Events that they have and did not acknowledge, those included that wait for their next try.
    pub unacknowledged: i64,
}

impl BrokerMeters {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let published: Counters<1> = registered(
            registry,
            "broker_publishes",
            "Events sent to the broker: acknowledged, or failed and sent again later",
        );
        let count = |result| published.get_or_create_owned(&[("result", result)]);
        Self {
            connected: registered(
                registry,
                "broker_connected",
                "1 while the broker is connected, 0 while it is away or none is used",
            ),
            unpublished: registered(
                registry,
                "outbox_unpublished",
                "Events that wait to be published to the broker",
            ),
            unpublished_seconds: registered(
                registry,
                "outbox_unpublished_age_seconds",
                "Time that the first of them has waited",
            ),
            published: count("acknowledged"),
            not_published: count("failed"),
            pending: registered(
                registry,
                "broker_pending",
                "Events that the broker has still to give to a consumer",
            ),
            unacknowledged: registered(
                registry,
                "broker_unacknowledged",
                "Events that a consumer has and did not acknowledge yet",
            ),
            redeliveries: registered(
                registry,
                "broker_redeliveries",
                "Events that the broker gave to a consumer more than once",
            ),
            dead: registered(
                registry,
                "dead_letters",
                "Deliveries given up after the last try, with a broker or without",
            ),
        }
    }

    pub fn note_backlog(&self, consumer: &'static str, backlog: Backlog) {
        let labels = [("consumer", consumer)];
        self.pending.get_or_create(&labels).set(backlog.pending);
        let unacknowledged = self.unacknowledged.get_or_create(&labels);
        unacknowledged.set(backlog.unacknowledged);
    }

    pub fn count_redelivery(&self, consumer: &'static str) {
        let labels = [("consumer", consumer)];
        self.redeliveries.get_or_create(&labels).inc();
    }

    pub fn count_dead(&self, consumer: &'static str) {
        self.dead.get_or_create(&[("consumer", consumer)]).inc();
    }
}
