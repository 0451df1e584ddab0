//! Handles that other parts of the server count with. They cost an atomic addition.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Metric, Registry};

/// Counters by labels whose values are all known beforehand.
pub type Counters<const N: usize> = Family<[(&'static str, &'static str); N], Counter>;

/// Registers a metric that begins at nothing, and returns the handle to it.
pub fn registered<M: Metric + Clone + Default>(
    registry: &mut Registry,
    name: &str,
    help: &str,
) -> M {
    let metric = M::default();
    registry.register(name, help, metric.clone());
    metric
}

/// The counters of one cache.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    /// The cache's name.
    pub cache: &'static str,
    pub hits: Counter,
    pub misses: Counter,
    /// Hits that say that there is nothing.
    pub absent: Counter,
    /// Hits that say how it was before the database went away.
    pub stale: Counter,
}

/// The counters of what a limit refused.
#[derive(Clone, Debug, Default)]
pub struct Refusals {
    pub person: Counter,
    pub staff: Counter,
    pub token: Counter,
    pub address: Counter,
    /// Those for which there was no place.
    pub overload: Counter,
}

impl Refusals {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let refusals: Counters<1> = registered(
            registry,
            "limit_refusals",
            "Requests refused by a limit of somebody or something, or by overload",
        );
        let count = |limit| refusals.get_or_create_owned(&[("limit", limit)]);
        Self {
            person: count("person"),
            staff: count("staff"),
            token: count("token"),
            address: count("address"),
            overload: count("overload"),
        }
    }
}

/// The meter of connections from clients.
#[derive(Clone, Debug, Default)]
pub struct Connections {
    open: Gauge,
    pub refused: Counter,
}

impl Connections {
    pub(super) fn register(registry: &mut Registry) -> Self {
        Self {
            open: registered(registry, "connections", "Open connections from clients"),
            refused: registered(
                registry,
                "connections_refused",
                "Connections for which there was no place",
            ),
        }
    }

    /// Counts a connection as open until the result is dropped.
    pub fn open(&self) -> Place {
        self.open.inc();
        Place(self.open.clone())
    }
}

/// An open connection.
pub struct Place(Gauge);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.dec();
    }
}
