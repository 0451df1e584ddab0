//! A trace within this process: the spans below one root, until that has ended.

use super::span::Noted;
use super::tail::{Tail, count};
use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_sdk::trace::SpanData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// The most spans of one trace; an import of thousands of rows has more statements than anybody reads.
const MOST_SPANS: usize = 1_000;

struct Trace(Mutex<State>);

/// The fate of a trace.
enum State {
    /// Its root runs; these have ended.
    Open(Vec<(Noted, SystemTime)>),
    Kept,
    Dropped,
}

/// A span that has not ended.
pub struct Running {
    pub span: Noted,
    trace: Arc<Trace>,
}

impl Running {
    /// Begins a span as the root of a trace.
    pub fn root(trace: TraceId, name: &'static str) -> Self {
        Self {
            span: Noted::new(trace, name),
            trace: Arc::new(Trace::new()),
        }
    }

    /// Begins a span as the child of this one.
    pub fn child(&self, name: &'static str) -> Self {
        let mut span = Noted::new(self.span.trace, name);
        span.parent = self.span.id;
        span.is_root = false;
        Self {
            span,
            trace: self.trace.clone(),
        }
    }

    /// Makes it the root of what belongs to this trace here, below that span if one is given.
    pub fn move_to(&mut self, trace: TraceId, parent: SpanId) {
        if !self.span.is_root {
            self.trace = Arc::new(Trace::new());
            self.span.is_root = true;
        }
        self.span.trace = trace;
        self.span.parent = parent;
    }

    pub fn end(self, at: SystemTime, tail: &Tail) {
        match self.span.is_root {
            true => self.trace.end(self.span, at, tail),
            false => self.trace.note(self.span, at, tail),
        }
    }
}

impl Trace {
    fn new() -> Self {
        Self(Mutex::new(State::Open(Vec::new())))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the end of a span below the root. One that ends after the root goes the way of its trace.
    fn note(&self, span: Noted, end: SystemTime, tail: &Tail) {
        match &mut *self.state() {
            State::Open(spans) if spans.len() < MOST_SPANS => spans.push((span, end)),
            State::Open(_) => count("too_many", 1),
            State::Kept => tail.send(vec![span.into_data(end)]),
            State::Dropped => {}
        }
    }

    /// Decides about the trace, since its root has ended.
    fn end(&self, root: Noted, end: SystemTime, tail: &Tail) {
        let mut state = self.state();
        let State::Open(below) = &*state else {
            return;
        };
        let has_failed = root.has_failed || below.iter().any(|(span, _)| span.has_failed);
        let goes_on = root.parent != SpanId::INVALID;
        let took = end.duration_since(root.began).unwrap_or_default();
        if !tail.is_worth_keeping(root.trace, took, has_failed, goes_on) {
            *state = State::Dropped;
            return;
        }
        if let State::Open(below) = std::mem::replace(&mut *state, State::Kept) {
            let mut all: Vec<SpanData> = below
                .into_iter()
                .map(|(span, end)| span.into_data(end))
                .collect();
            let trace = root.trace;
            all.push(root.into_data(end));
            tail.keep(trace, all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::config::TelemetryConfig;
    use std::time::Duration;
    use tokio::sync::mpsc::{Receiver, channel};

    fn tail(per_thousand: u32) -> (Tail, Receiver<Vec<SpanData>>) {
        let config = TelemetryConfig {
            traces_per_thousand: per_thousand,
            slow_request_milliseconds: 60_000,
            ..TelemetryConfig::default()
        };
        let (queue, sent) = channel(100);
        (Tail::new(&config, queue), sent)
    }

    fn trace_id() -> TraceId {
        TraceId::from_bytes(rand::random())
    }

    /// A root with so many children, the last of which may fail, from its beginning to its end.
    fn request(tail: &Tail, children: usize, fails: bool) -> Running {
        let root = Running::root(trace_id(), "root");
        let late = root.child("late");
        for number in 1..=children {
            let mut child = root.child("child");
            child.span.has_failed = fails && number == children;
            child.end(SystemTime::now(), tail);
        }
        root.end(SystemTime::now(), tail);
        late
    }

    #[test]
    fn what_went_well_is_dropped_and_what_failed_is_sent_whole() {
        let (tail, mut sent) = tail(0);
        request(&tail, 3, false).end(SystemTime::now(), &tail);
        assert!(sent.try_recv().is_err());
        let late = request(&tail, 3, true);
        let spans = sent.try_recv().expect("a trace");
        let names: Vec<_> = spans.iter().map(|span| span.name.as_ref()).collect();
        assert_eq!(names, ["child", "child", "child", "root"]);
        let root = spans[3].span_context.span_id();
        assert!(spans[..3].iter().all(|span| span.parent_span_id == root));
        // A statement that was still running.
        late.end(SystemTime::now(), &tail);
        assert_eq!(sent.try_recv().expect("the rest")[0].name, "late");
    }

    #[test]
    fn what_goes_on_with_a_trace_that_was_kept_is_kept() {
        let (tail, mut sent) = tail(0);
        let deliver = |before: &Running| {
            let mut delivery = Running::root(trace_id(), "delivery");
            delivery.move_to(before.span.trace, before.span.id);
            delivery.end(SystemTime::now(), &tail);
        };
        deliver(&request(&tail, 0, false));
        assert!(sent.try_recv().is_err());
        let kept = request(&tail, 1, true);
        sent.try_recv().expect("the request");
        deliver(&kept);
        assert!(sent.try_recv().expect("the delivery")[0].parent_span_is_remote);
    }

    #[test]
    fn a_share_of_all_traces_is_sent() {
        let (some, mut sent) = tail(250);
        let mut traces = 0;
        for _ in 0..400 {
            request(&some, 1, false);
            traces += usize::from(sent.try_recv().is_ok());
        }
        // Ten standard deviations around a hundred.
        assert!((14..=186).contains(&traces), "{traces}");
        let (all, mut sent) = tail(1_000);
        request(&all, 0, false);
        assert_eq!(sent.try_recv().expect("a trace").len(), 1);
    }

    #[test]
    fn what_took_long_is_sent() {
        let (tail, mut sent) = tail(0);
        for (took, is_sent) in [(59, false), (60, true)] {
            let root = Running::root(trace_id(), "root");
            let end = root.span.began + Duration::from_secs(took);
            root.end(end, &tail);
            assert_eq!(sent.try_recv().is_ok(), is_sent, "{took}");
        }
    }

    #[test]
    fn a_trace_of_many_spans_is_cut() {
        let (tail, mut sent) = tail(1_000);
        request(&tail, 3 * MOST_SPANS, false);
        assert_eq!(sent.try_recv().expect("a trace").len(), MOST_SPANS + 1);
    }
}
