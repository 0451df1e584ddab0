//! Handles that other parts of the server count with. They cost an atomic addition.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// Counters by labels whose values are all known beforehand.
pub type Counters<const N: usize> = Family<[(&'static str, &'static str); N], Counter>;

/// Registers counters.
pub fn counters<const N: usize>(
    registry: &mut Registry,
    name: &'static str,
    help: &'static str,
) -> Counters<N> {
    let counters = Counters::default();
    registry.register(name, help, counters.clone());
    counters
}

/// The counters of one cache.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    pub hits: Counter,
    pub misses: Counter,
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
        let refusals = counters(
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
        let connections = Self::default();
        registry.register(
            "connections",
            "Open connections from clients",
            connections.open.clone(),
        );
        registry.register(
            "connections_refused",
            "Connections for which there was no place",
            connections.refused.clone(),
        );
        connections
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
