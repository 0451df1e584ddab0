//! Tail sampling: whether a trace is sent is decided when its request has ended, by how it went.
//!
//! Every span is noted until the root of its trace in this process ends. Of all traces a share is kept, by
//! their ids, so that every server keeps the same ones; and each in which something failed or the root took
//! long. Memory is bounded in the number of traces and of spans in each.

use crate::server::config::TelemetryConfig;
use crate::server::telemetry::handles::Counters;
use moka::sync::Cache;
use opentelemetry::Context;
use opentelemetry::trace::{SpanId, SpanKind, Status, TraceId};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use std::collections::HashSet;
use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// The most traces whose root has not ended.
const MOST_TRACES: u64 = 10_000;

/// The most spans of one trace; an import of thousands of rows has more statements than anybody reads.
const MOST_SPANS: usize = 1_000;

/// The time after which a trace is forgotten whose root never ended, and the time for which spans that come
/// later are sent after those of their trace.
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

type Spans = Arc<Mutex<Vec<SpanData>>>;

pub struct Tail {
    per_thousand: u64,
    slow: Duration,
    pending: Cache<TraceId, Spans>,
    kept: Cache<TraceId, ()>,
    queue: Sender<Vec<SpanData>>,
}

impl Tail {
    pub fn new(config: &TelemetryConfig, queue: Sender<Vec<SpanData>>) -> Self {
        fn bounded<V: Clone + Send + Sync + 'static>() -> Cache<TraceId, V> {
            Cache::builder()
                .max_capacity(MOST_TRACES)
                .time_to_live(FORGOTTEN)
                .build()
        }
        Self {
            per_thousand: config.traces_per_thousand.into(),
            slow: Duration::from_millis(config.slow_request_milliseconds),
            pending: bounded(),
            kept: bounded(),
            queue,
        }
    }

    /// Returns true if the trace is of the share that is kept anyway.
    fn is_of_share(&self, trace: TraceId) -> bool {
        let [.., a, b, c, d] = trace.to_bytes();
        u64::from(u32::from_be_bytes([a, b, c, d])) * 1_000 < self.per_thousand << 32
    }

    fn is_worth_keeping(&self, root: &SpanData, spans: &[SpanData]) -> bool {
        let took = root.end_time.duration_since(root.start_time);
        let failed = |span: &SpanData| matches!(span.status, Status::Error { .. });
        self.is_of_share(root.span_context.trace_id())
            || took.is_ok_and(|took| took >= self.slow)
            || failed(root)
            || spans.iter().any(failed)
    }

    fn note(&self, span: SpanData) {
        let trace = span.span_context.trace_id();
        let spans = self.pending.get_with(trace, Spans::default);
        let mut spans = spans.lock().unwrap_or_else(PoisonError::into_inner);
        if spans.len() < MOST_SPANS {
            spans.push(span);
        } else {
            count("too_many", 1);
        }
    }

    fn decide(&self, root: SpanData) {
        let trace = root.span_context.trace_id();
        let pending = self.pending.get(&trace);
        let Some(pending) = pending else {
            if self.is_worth_keeping(&root, &[]) {
                self.keep(trace, vec![root]);
            }
            return;
        };
        let mut spans = pending.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_worth_keeping(&root, &spans) {
            let mut all = std::mem::take(&mut *spans);
            all.push(root);
            self.keep(trace, all);
        } else {
            // Another root of the same trace may still be at work, as the delivery of what this one did.
            drop_below(&root, &mut spans);
        }
        if spans.is_empty() {
            self.pending.invalidate(&trace);
        }
    }

    fn keep(&self, trace: TraceId, spans: Vec<SpanData>) {
        self.kept.insert(trace, ());
        self.send(spans);
    }

    /// Never waits: where spans come faster than they can be sent, some are lost.
    fn send(&self, spans: Vec<SpanData>) {
        let number = spans.len();
        if self.queue.try_send(spans).is_err() {
            count("queue_full", number);
        }
    }
}

/// Drops the spans below the root. A span ends before its parent does, so that the last come first.
fn drop_below(root: &SpanData, spans: &mut Vec<SpanData>) {
    let mut below: HashSet<SpanId> = HashSet::from([root.span_context.span_id()]);
    let mut left = Vec::new();
    for span in spans.drain(..).rev() {
        if below.contains(&span.parent_span_id) {
            below.insert(span.span_context.span_id());
        } else {
            left.push(span);
        }
    }
    left.reverse();
    *spans = left;
}

/// The names that people look for, made of attributes that the log shows as well.
fn name_request(span: &mut SpanData) {
    let value = |key: &str| {
        let mut found = span.attributes.iter().filter(|it| it.key.as_str() == key);
        found.next().map(|it| it.value.to_string())
    };
    if let (Some(method), Some(route)) = (value("http.method"), value("http.route")) {
        span.name = format!("{method} {route}").into();
        span.span_kind = SpanKind::Server;
    }
}

impl SpanProcessor for Tail {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, mut span: SpanData) {
        let is_root = span.parent_span_id == SpanId::INVALID || span.parent_span_is_remote;
        if is_root {
            name_request(&mut span);
        }
        if self.kept.contains_key(&span.span_context.trace_id()) {
            self.send(vec![span]);
        } else if is_root {
            self.decide(span);
        } else {
            self.note(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl Debug for Tail {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Tail {{ per_thousand: {} }}", self.per_thousand)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry::trace::{Span as _, TraceContextExt, Tracer, TracerProvider};
    use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
    use tokio::sync::mpsc::{Receiver, channel};

    fn tracer(per_thousand: u32) -> (SdkTracerProvider, SdkTracer, Receiver<Vec<SpanData>>) {
        let config = TelemetryConfig {
            traces_per_thousand: per_thousand,
            slow_request_milliseconds: 60_000,
            ..TelemetryConfig::default()
        };
        let (queue, sent) = channel(100);
        let provider = SdkTracerProvider::builder()
            .with_span_processor(Tail::new(&config, queue))
            .build();
        let tracer = provider.tracer("test");
        (provider, tracer, sent)
    }

    /// A root with so many children, the last of which may fail.
    fn request(tracer: &SdkTracer, children: usize, fails: bool) -> Context {
        let root = Context::new().with_span(tracer.start_with_context("root", &Context::new()));
        for number in 1..=children {
            let mut child = tracer.start_with_context(format!("child {number}"), &root);
            if fails && number == children {
                child.set_status(Status::error(""));
            }
            child.end();
        }
        root.span().end();
        root
    }

    #[test]
    fn what_went_well_is_dropped_and_what_failed_is_sent_whole() {
        let (_provider, tracer, mut sent) = tracer(0);
        request(&tracer, 3, false);
        assert!(sent.try_recv().is_err());
        let root = request(&tracer, 3, true);
        let spans = sent.try_recv().expect("a trace");
        let names: Vec<_> = spans.iter().map(|span| span.name.as_ref()).collect();
        assert_eq!(names, ["child 1", "child 2", "child 3", "root"]);
        // A statement that was still running, and a delivery that comes of it.
        tracer.start_with_context("late", &root).end();
        assert_eq!(sent.try_recv().expect("the rest")[0].name, "late");
    }

    #[test]
    fn a_share_of_all_traces_is_sent() {
        let (_provider, tracer, mut sent) = tracer(250);
        let mut traces = 0;
        for _ in 0..400 {
            request(&tracer, 1, false);
            traces += usize::from(sent.try_recv().is_ok());
        }
        // Ten standard deviations around a hundred.
        assert!((14..=186).contains(&traces), "{traces}");
        let (_provider, tracer, mut sent) = self::tracer(1_000);
        request(&tracer, 0, false);
        assert_eq!(sent.try_recv().expect("a trace").len(), 1);
    }

    #[test]
    fn a_trace_of_many_spans_is_cut() {
        let (_provider, tracer, mut sent) = tracer(1_000);
        request(&tracer, 3 * MOST_SPANS, false);
        assert_eq!(sent.try_recv().expect("a trace").len(), MOST_SPANS + 1);
    }

    #[test]
    fn the_end_of_one_root_leaves_the_spans_of_another() {
        let (_provider, tracer, mut sent) = tracer(0);
        let first = Context::new().with_span(tracer.start_with_context("first", &Context::new()));
        let elsewhere = first.span().span_context().clone();
        let elsewhere = opentelemetry::trace::SpanContext::new(
            elsewhere.trace_id(),
            elsewhere.span_id(),
            elsewhere.trace_flags(),
            true,
            elsewhere.trace_state().clone(),
        );
        let remote = Context::new().with_remote_span_context(elsewhere);
        let second = Context::new().with_span(tracer.start_with_context("second", &remote));
        tracer.start_with_context("of the first", &first).end();
        tracer.start_with_context("of the second", &second).end();
        first.span().end();
        assert!(sent.try_recv().is_err());
        second.span().set_status(Status::error(""));
        second.span().end();
        let spans = sent.try_recv().expect("a trace");
        let names: Vec<_> = spans.iter().map(|span| span.name.as_ref()).collect();
        assert_eq!(names, ["of the second", "second"]);
    }
}
