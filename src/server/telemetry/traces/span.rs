//! A span as noted while it runs: as little as a trace that is thrown away may cost. Only a trace that is
//! kept is put into OpenTelemetry's terms.

use crate::server::telemetry::Route;
use axum::http::{Method, StatusCode, Uri};
use opentelemetry::trace::{
    Event, SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};
use std::borrow::Cow;
use std::fmt::Debug;
use std::sync::LazyLock;
use std::time::SystemTime;
use tracing::field::{Field, Visit};

/// The most events of a span.
const MOST_EVENTS: usize = 100;

/// The request that a span is of.
pub struct Asked {
    pub method: Method,
    pub uri: Uri,
    pub user: Option<i64>,
    pub answer: Option<(Option<Route>, StatusCode)>,
}

/// A span, from its beginning on.
pub struct Noted {
    pub trace: TraceId,
    pub id: SpanId,
    /// Invalid where a trace begins.
    pub parent: SpanId,
    /// True if it decides about what is below it: a parent it has is in another process, or has ended.
    pub is_root: bool,
    pub name: Cow<'static, str>,
    pub kind: SpanKind,
    pub began: SystemTime,
    pub attributes: Vec<KeyValue>,
    pub events: Vec<Event>,
    pub asked: Option<Asked>,
    pub has_failed: bool,
}

impl Noted {
    pub fn new(trace: TraceId, name: &'static str) -> Self {
        Self {
            trace,
            id: SpanId::from_bytes(rand::random()),
            parent: SpanId::INVALID,
            is_root: true,
            name: Cow::Borrowed(name),
            kind: SpanKind::Internal,
            began: SystemTime::now(),
            attributes: Vec::new(),
            events: Vec::new(),
            asked: None,
            has_failed: false,
        }
    }

    /// Notes what happened within the span.
    pub fn happened(&mut self, event: Happened) {
        if self.events.len() < MOST_EVENTS {
            let now = SystemTime::now();
            self.events
                .push(Event::new(event.message, now, event.attributes, 0));
        }
    }

    /// Puts it into OpenTelemetry's terms.
    pub fn into_data(mut self, end: SystemTime) -> SpanData {
        if let Some(asked) = self.asked.take() {
            self.name_request(asked);
        }
        let mut events = SpanEvents::default();
        events.events = self.events;
        SpanData {
            span_context: SpanContext::new(
                self.trace,
                self.id,
                TraceFlags::SAMPLED,
                false,
                TraceState::NONE,
            ),
            parent_span_id: self.parent,
            parent_span_is_remote: self.is_root && self.parent != SpanId::INVALID,
            span_kind: self.kind,
            name: self.name,
            start_time: self.began,
            end_time: end.max(self.began),
            attributes: self.attributes,
            dropped_attributes_count: 0,
            events,
            links: SpanLinks::default(),
            status: match self.has_failed {
                true => Status::error(""),
                false => Status::Unset,
            },
            instrumentation_scope: SCOPE.clone(),
        }
    }

    /// The names that people look for (OpenTelemetry, semantic conventions for HTTP spans).
    fn name_request(&mut self, asked: Asked) {
        self.kind = SpanKind::Server;
        let method = asked.method.to_string();
        let path = asked.uri.path().to_owned();
        if let Some((route, status)) = asked.answer {
            let route = route.as_ref().map_or("other", Route::as_str).to_owned();
            self.name = format!("{method} {route}").into();
            let status = i64::from(status.as_u16());
            self.attributes.push(KeyValue::new("http.route", route));
            self.attributes
                .push(KeyValue::new("http.response.status_code", status));
        }
        let known = asked.user.map(|user| KeyValue::new("user.id", user));
        self.attributes.extend(known);
        self.attributes
            .push(KeyValue::new("http.request.method", method));
        self.attributes.push(KeyValue::new("url.path", path));
    }
}

static SCOPE: LazyLock<InstrumentationScope> =
    LazyLock::new(|| InstrumentationScope::builder("guildhall").build());

/// Reads a span's fields: those that begin with `otel.` name it, the others are its attributes.
impl Visit for Noted {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "otel.name" => self.name = value.to_owned().into(),
            "otel.kind" => self.kind = kind(value),
            name => self.attributes.push(KeyValue::new(name, value.to_owned())),
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.attributes.push(KeyValue::new(field.name(), value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.record_i64(field, i64::try_from(value).unwrap_or(i64::MAX));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.attributes.push(KeyValue::new(field.name(), value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

fn kind(name: &str) -> SpanKind {
    match name {
        "server" => SpanKind::Server,
        "client" => SpanKind::Client,
        "producer" => SpanKind::Producer,
        "consumer" => SpanKind::Consumer,
        _ => SpanKind::Internal,
    }
}

/// A warning or an error within a span.
#[derive(Default)]
pub struct Happened {
    message: String,
    attributes: Vec<KeyValue>,
}

impl Visit for Happened {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => self.message = value.to_owned(),
            name => self.attributes.push(KeyValue::new(name, value.to_owned())),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}
