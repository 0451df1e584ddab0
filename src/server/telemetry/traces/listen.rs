//! The listener for spans: notes each, with the statements and warnings in it, until it ends.

use super::span::{Happened, Noted};
use super::tail::Tail;
use super::trace::Running;
use crate::server::telemetry::statement::{Statement, is_statement};
use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanKind, TraceId};
use std::time::{Duration, SystemTime};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// The name of a request's span. Its fields are for the log; what a trace tells of it is known at its end.
pub const REQUEST: &str = "request";

pub struct Spans {
    tail: Tail,
}

impl Spans {
    pub fn new(tail: Tail) -> Self {
        Self { tail }
    }
}

impl<S> Layer<S> for Spans
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else {
            return;
        };
        let name = attributes.metadata().name();
        let child = span.parent().and_then(|parent| {
            let extensions = parent.extensions();
            let parent = extensions.get::<Running>();
            parent.map(|parent| parent.child(name))
        });
        let mut running =
            child.unwrap_or_else(|| Running::root(TraceId::from_bytes(rand::random()), name));
        if name != REQUEST {
            attributes.record(&mut running.span);
        }
        span.extensions_mut().insert(running);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else {
            return;
        };
        if span.name() != REQUEST
            && let Some(running) = span.extensions_mut().get_mut::<Running>()
        {
            values.record(&mut running.span);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(span) = context.event_span(event) else {
            return;
        };
        let mut extensions = span.extensions_mut();
        let Some(running) = extensions.get_mut::<Running>() else {
            return;
        };
        if is_statement(event.metadata()) {
            let mut statement = Statement::default();
            event.record(&mut statement);
            let mut child = running.child("statement");
            drop(extensions);
            let end = SystemTime::now();
            describe(&mut child.span, statement, end);
            child.end(end, &self.tail);
        } else {
            running.span.has_failed |= *event.metadata().level() == Level::ERROR;
            let mut happened = Happened::default();
            event.record(&mut happened);
            running.span.happened(happened);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let span = context.span(&id);
        let running = span.and_then(|span| span.extensions_mut().remove::<Running>());
        if let Some(running) = running {
            running.end(SystemTime::now(), &self.tail);
        }
    }
}

/// Describes a statement as a span: the text with its placeholders, never the values.
fn describe(span: &mut Noted, statement: Statement, end: SystemTime) {
    let took = Duration::try_from_secs_f64(statement.seconds).unwrap_or_default();
    span.kind = SpanKind::Client;
    span.began = end.checked_sub(took).unwrap_or(end);
    span.attributes = vec![
        KeyValue::new("db.query.text", statement.text().to_owned()),
        KeyValue::new("db.response.returned_rows", statement.rows),
    ];
    span.name = statement.summary.into();
}
