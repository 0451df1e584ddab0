//! The meters of calls to other services. There is one set a process: traces are sent before there is an
//! application state.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use std::sync::LazyLock;

type Labels<const N: usize> = [(&'static str, &'static str); N];

#[derive(Default)]
pub struct Meters {
    calls: Family<Labels<2>, Counter>,
    retries: Family<Labels<1>, Counter>,
    breakers: Family<Labels<2>, Gauge>,
    changes: Family<Labels<2>, Counter>,
}

pub static METERS: LazyLock<Meters> = LazyLock::new(Meters::default);

impl Meters {
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "outbound_calls",
            "Calls to another service, by result; refused are those that an open breaker did not let through",
            self.calls.clone(),
        );
        registry.register(
            "outbound_retries",
            "Calls to another service that were repeated, or not since the budget was spent",
            self.retries.clone(),
        );
        registry.register(
            "breakers",
            "Breakers around calls to another service, by state",
            self.breakers.clone(),
        );
        registry.register(
            "breaker_changes",
            "Changes of a breaker, by the state it came into",
            self.changes.clone(),
        );
    }

    pub fn count_call(&self, service: &'static str, result: &'static str) {
        let labels = [("service", service), ("result", result)];
        self.calls.get_or_create(&labels).inc();
    }

    pub fn count_retry(&self, service: &'static str) {
        self.retries.get_or_create(&[("service", service)]).inc();
    }

    pub fn count_change(&self, service: &'static str, to: &'static str) {
        let labels = [("service", service), ("to", to)];
        self.changes.get_or_create(&labels).inc();
    }

    pub fn breakers(&self, service: &'static str, state: &'static str) -> Gauge {
        let labels = [("service", service), ("state", state)];
        self.breakers.get_or_create_owned(&labels)
    }
}
