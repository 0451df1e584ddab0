//! The metrics of one server: a registry, and the handles that the rest of the server counts with.

use super::broker::BrokerMeters;
use super::figures::LastFigures;
use super::handles::{Connections, Counters, Hits, Refusals, registered};
use super::pools::Pools;
use super::process::{Process, Runtime};
use super::requests::Requests;
use super::traces::sent_spans;
use crate::server::Db;
use crate::server::outbound::METERS;
use prometheus_client::encoding::prometheus_text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use std::fmt;

pub struct Metrics {
    registry: Registry,
    pub requests: Requests,
    pub refusals: Refusals,
    pub connections: Connections,
    pub redis_connected: Gauge,
    pub figures: LastFigures,
    pub broker: BrokerMeters,
    places: Gauge,
    places_max: Gauge,
    caches: Counters<2>,
    cached: Family<[(&'static str, &'static str); 1], Gauge>,
    deliveries: Counters<2>,
}

impl Metrics {
    pub fn new(db: &Db) -> Self {
        let mut root = Registry::default();
        root.register_collector(Box::new(Process::starting_now()));
        let registry = root.sub_registry_with_prefix("guildhall");
        let build = [("version", env!("CARGO_PKG_VERSION"))];
        registry.register("build", "The program that runs", Info::new(build));
        registry.register_collector(Box::new(Runtime));
        registry.register_collector(Box::new(Pools(db.clone())));
        registry.register(
            "trace_spans",
            "Spans of traces that were kept, by what became of them",
            sent_spans(),
        );
        METERS.register(registry);
        let figures = LastFigures::default();
        registry.register_collector(Box::new(figures.clone()));
        Self {
            places: registered(
                registry,
                "places_taken",
                "Requests in progress that took a place",
            ),
            places_max: registered(registry, "places", "Places that there are at this moment"),
            requests: Requests::register(registry),
            refusals: Refusals::register(registry),
            connections: Connections::register(registry),
            redis_connected: registered(
                registry,
                "redis_connected",
                "1 while there is a connection to Redis, else 0",
            ),
            broker: BrokerMeters::register(registry),
            figures,
            caches: registered(
                registry,
                "cache_requests",
                "Requests to a cache: a hit, or a miss, which made the answer",
            ),
            cached: registered(
                registry,
                "cache_bytes",
                "The approximate size of what a cache holds",
            ),
            deliveries: registered(
                registry,
                "deliveries",
                "Tries to deliver an event, by kind of consumer and result",
            ),
            registry: root,
        }
    }

    /// Returns the counters of the cache with this name.
    pub fn cache(&self, name: &'static str) -> Hits {
        let count = |result| {
            let labels = [("cache", name), ("result", result)];
            self.caches.get_or_create_owned(&labels)
        };
        Hits {
            cache: name,
            hits: count("hit"),
            misses: count("miss"),
            absent: count("absent"),
            stale: count("stale"),
        }
    }

    pub fn count_delivery(&self, consumer: &'static str, result: &'static str) {
        let labels = [("consumer", consumer), ("result", result)];
        self.deliveries.get_or_create(&labels).inc();
    }

    /// Notes the number of places that are taken, and of all there are.
    pub fn note_places(&self, (taken, all): (usize, usize)) {
        self.places.set(taken as i64);
        self.places_max.set(all as i64);
    }

    /// Notes how much the caches of these names hold.
    pub fn note_cached(&self, sizes: impl IntoIterator<Item = (&'static str, u64)>) {
        for (cache, bytes) in sizes {
            let gauge = self.cached.get_or_create_owned(&[("cache", cache)]);
            gauge.set(i64::try_from(bytes).unwrap_or(i64::MAX));
        }
    }

    /// Writes all metrics in the text format that Prometheus reads.
    pub fn write(&self, text: &mut String) -> fmt::Result {
        encode(text, &self.registry)
    }
}
