//! The context of a span: its place in a trace that may have begun elsewhere, and go on elsewhere.

use crate::server::telemetry::Route;
use axum::http::StatusCode;
use opentelemetry::trace::{
    SpanContext, SpanId, Status, TraceContextExt, TraceFlags, TraceId, TraceState,
};
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// True once somebody listens for spans: else none has a place in a trace, and to look for it would cost.
static ON: AtomicBool = AtomicBool::new(false);

pub(super) fn switch_on() {
    ON.store(true, Ordering::Relaxed);
}

fn is_on() -> bool {
    ON.load(Ordering::Relaxed)
}

thread_local! {
    /// The id of the trace that is begun at this moment.
    static BEGUN: Cell<Option<TraceId>> = const { Cell::new(None) };
}

/// Ids of spans and traces. A request's trace has the id that its log lines have.
#[derive(Debug)]
pub struct Ids;

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        let begun = BEGUN.take();
        begun.unwrap_or_else(|| RandomIdGenerator::default().new_trace_id())
    }

    fn new_span_id(&self) -> SpanId {
        RandomIdGenerator::default().new_span_id()
    }
}

/// The place of a span, as it is written down: 32 and 16 hexadecimal digits, or nothing where it has none.
#[derive(Clone, Debug, Default)]
pub struct SpanPoint {
    pub trace_id: String,
    pub span_id: String,
}

impl SpanPoint {
    /// Reads a `traceparent`, if it is well formed and not all zeros (W3C Trace Context, level 1, section 3.2).
    pub fn read(header: &str) -> Option<Self> {
        let mut parts = header.split('-');
        let (version, trace, parent) = (parts.next()?, parts.next()?, parts.next()?);
        let is_hex = |text: &str, length| {
            text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        };
        let sound =
            is_hex(version, 2) && version != "ff" && is_hex(trace, 32) && is_hex(parent, 16);
        let given = |id: &str| id.bytes().any(|byte| byte != b'0');
        (sound && given(trace)).then(|| Self {
            trace_id: trace.to_owned(),
            span_id: if given(parent) { parent } else { "" }.to_owned(),
        })
    }
}

/// Begins the span as the child of what is at `parent`; where that names no span, as the root of its trace.
pub fn begin(span: &Span, parent: &SpanPoint) {
    if !is_on() {
        return;
    }
    let Ok(trace_id) = TraceId::from_hex(&parent.trace_id) else {
        return;
    };
    match SpanId::from_hex(&parent.span_id) {
        Ok(span_id) if !parent.span_id.is_empty() => {
            let flags = TraceFlags::SAMPLED;
            let parent = SpanContext::new(trace_id, span_id, flags, true, TraceState::NONE);
            let context = opentelemetry::Context::new().with_remote_span_context(parent);
            // It fails for a span that has begun: then that is its place.
            let _ = span.set_parent(context);
        }
        _ => {
            BEGUN.set(Some(trace_id));
            let _begun = span.context();
            BEGUN.set(None);
        }
    }
}

/// Returns the place of the current span.
pub fn here() -> SpanPoint {
    point(&Span::current())
}

pub fn point(span: &Span) -> SpanPoint {
    if !is_on() {
        return SpanPoint::default();
    }
    let context = span.context();
    let context = context.span().span_context().clone();
    if !context.is_valid() {
        return SpanPoint::default();
    }
    SpanPoint {
        trace_id: context.trace_id().to_string(),
        span_id: context.span_id().to_string(),
    }
}

/// Returns the header by which another program goes on with the trace (W3C Trace Context).
pub fn traceparent(span: &Span) -> Option<String> {
    let SpanPoint { trace_id, span_id } = point(span);
    (!span_id.is_empty()).then(|| format!("00-{trace_id}-{span_id}-01"))
}

/// Marks the span as failed, so that its trace is kept.
pub fn fail(span: &Span) {
    if is_on() {
        span.set_status(Status::error(""));
    }
}

/// Notes on the current span, a request's, how it was answered.
pub fn end_request(route: Option<&Route>, status: StatusCode) {
    if !is_on() {
        return;
    }
    let span = Span::current();
    let route = route.map_or("other", Route::as_str);
    span.set_attribute("http.route", route.to_owned());
    span.set_attribute("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        fail(&span);
    }
}
