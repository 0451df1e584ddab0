//! The context of a span: its place in a trace that may have begun elsewhere, and go on elsewhere.

use super::span::Asked;
use super::trace::Running;
use crate::server::telemetry::Route;
use axum::http::{Method, StatusCode, Uri};
use opentelemetry::trace::{SpanId, TraceId};
use std::sync::atomic::{AtomicBool, Ordering};
use tracing::Span;
use tracing_subscriber::Registry;
use tracing_subscriber::registry::LookupSpan;

/// True once somebody listens for spans: else none has a place in a trace, and to look for it would cost.
static ON: AtomicBool = AtomicBool::new(false);

pub(super) fn switch_on() {
    ON.store(true, Ordering::Relaxed);
}

fn is_on() -> bool {
    ON.load(Ordering::Relaxed)
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

/// Does this with what is noted of the span, if anything is.
fn with<T>(span: &Span, work: impl FnOnce(&mut Running) -> T) -> Option<T> {
    if !is_on() {
        return None;
    }
    let done = span.with_subscriber(|(id, dispatch)| {
        let span = dispatch.downcast_ref::<Registry>()?.span(id)?;
        let mut extensions = span.extensions_mut();
        extensions.get_mut::<Running>().map(work)
    });
    done.flatten()
}

/// Begins the span as the child of what is at `parent`; where that names no span, as the root of its trace.
pub fn begin(span: &Span, parent: &SpanPoint) {
    with(span, |running| put_below(running, parent));
}

/// Begins the span of a request, which comes from there.
pub fn begin_request(span: &Span, caller: &SpanPoint, method: &Method, uri: &Uri) {
    with(span, |running| {
        put_below(running, caller);
        running.span.asked = Some(Asked {
            method: method.clone(),
            uri: uri.clone(),
            user: None,
            answer: None,
        });
    });
}

fn put_below(running: &mut Running, parent: &SpanPoint) {
    if let Ok(trace) = TraceId::from_hex(&parent.trace_id) {
        let parent = SpanId::from_hex(&parent.span_id).unwrap_or(SpanId::INVALID);
        running.move_to(trace, parent);
    }
}

/// Returns the place of the current span.
pub fn here() -> SpanPoint {
    point(&Span::current())
}

pub fn point(span: &Span) -> SpanPoint {
    let point = with(span, |running| SpanPoint {
        trace_id: running.span.trace.to_string(),
        span_id: running.span.id.to_string(),
    });
    point.unwrap_or_default()
}

/// Returns the header by which another program goes on with the trace (W3C Trace Context).
pub fn traceparent(span: &Span) -> Option<String> {
    let SpanPoint { trace_id, span_id } = point(span);
    (!span_id.is_empty()).then(|| format!("00-{trace_id}-{span_id}-01"))
}

/// Marks the span as failed, so that its trace is kept.
pub fn fail(span: &Span) {
    with(span, |running| running.span.has_failed = true);
}

/// Notes on the current span, a request's, how it was answered and to whom.
pub fn end_request(route: Option<&Route>, status: StatusCode, user: Option<i64>) {
    with(&Span::current(), |Running { span, .. }| {
        span.has_failed |= status.is_server_error();
        if let Some(asked) = &mut span.asked {
            asked.user = user;
            asked.answer = Some((route.cloned(), status));
        }
    });
}
