//! The meter of those that wait for a connection to the database.

use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use std::time::Instant;

/// The upper bounds in seconds.
const BUCKETS: [f64; 7] = [0.0001, 0.001, 0.01, 0.1, 0.5, 1.0, 2.0];

/// Those that wait for a connection of one pool, and for how long.
#[derive(Clone, Debug)]
pub struct Waiting {
    now: Gauge,
    times: Histogram,
}

impl Default for Waiting {
    fn default() -> Self {
        Self {
            now: Gauge::default(),
            times: Histogram::new(BUCKETS),
        }
    }
}

impl Waiting {
    pub fn now(&self) -> i64 {
        self.now.get()
    }

    pub fn times(&self) -> Histogram {
        self.times.clone()
    }

    /// Counts somebody as waiting until the result is dropped.
    pub fn begin(&self) -> Wait<'_> {
        self.now.inc();
        Wait(self, Instant::now())
    }
}

/// A wait that has not ended.
pub struct Wait<'a>(&'a Waiting, Instant);

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.0.now.dec();
        self.0.times.observe(self.1.elapsed().as_secs_f64());
    }
}
