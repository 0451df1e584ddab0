//! Tail sampling: whether a trace is sent is decided when its request has ended, by how it went.
//!
//! Of all traces a share is kept, by their ids, so that every server keeps the same ones; and each in which
//! something failed or the root took long. What belongs to a trace that was kept, as the delivery of an event,
//! is kept as well.

use crate::server::config::TelemetryConfig;
use crate::server::telemetry::handles::Counters;
use moka::sync::Cache;
use opentelemetry::trace::TraceId;
use opentelemetry_sdk::trace::SpanData;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// The most traces of which it is known that they were kept.
const MOST_TRACES: u64 = 10_000;

/// The time for which what comes later is sent after the rest of its trace.
const FORGOTTEN: Duration = Duration::from_mins(5);

/// Spans, by what became of them.
static SPANS: LazyLock<Counters<1>> = LazyLock::new(Counters::default);

/// Returns the counters of spans: this process has one sender, whatever the number of its servers.
pub fn sent_spans() -> Counters<1> {
    SPANS.clone()
}

pub fn count(result: &'static str, spans: usize) {
    let counter = SPANS.get_or_create_owned(&[("result", result)]);
    counter.inc_by(spans as u64);
}

/// The judge of traces, who remembers which were kept.
pub struct Tail {
    per_thousand: u64,
    slow: Duration,
    kept: Cache<TraceId, ()>,
    queue: Sender<Vec<SpanData>>,
}

impl Tail {
    pub fn new(config: &TelemetryConfig, queue: Sender<Vec<SpanData>>) -> Self {
        Self {
            per_thousand: config.traces_per_thousand.into(),
            slow: Duration::from_millis(config.slow_request_milliseconds),
            kept: Cache::builder()
                .max_capacity(MOST_TRACES)
                .time_to_live(FORGOTTEN)
                .build(),
            queue,
        }
    }

    /// Returns true if the trace is of the share that is kept anyway.
    fn is_of_share(&self, trace: TraceId) -> bool {
        let [.., a, b, c, d] = trace.to_bytes();
        u64::from(u32::from_be_bytes([a, b, c, d])) * 1_000 < self.per_thousand << 32
    }

    /// Decides by how the root went; one that goes on with a trace follows what was decided about that.
    pub fn is_worth_keeping(
        &self,
        trace: TraceId,
        took: Duration,
        has_failed: bool,
        goes_on: bool,
    ) -> bool {
        has_failed
            || took >= self.slow
            || self.is_of_share(trace)
            || (goes_on && self.kept.contains_key(&trace))
    }

    pub fn keep(&self, trace: TraceId, spans: Vec<SpanData>) {
        self.kept.insert(trace, ());
        self.send(spans);
    }

    /// Never waits: where spans come faster than they can be sent, some are lost.
    pub fn send(&self, spans: Vec<SpanData>) {
        let number = spans.len();
        if self.queue.try_send(spans).is_err() {
            count("queue_full", number);
        }
    }
}
