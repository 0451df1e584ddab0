//! SQL statements as spans, made of what the driver reports when each is done: the text with its
//! placeholders, never the values.

use opentelemetry::KeyValue;
use opentelemetry::trace::{Span, SpanKind, Tracer};
use opentelemetry_sdk::trace::SdkTracer;
use std::fmt::Debug;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};
use tracing::dispatcher::WeakDispatch;
use tracing::field::{Field, Visit};
use tracing::{Dispatch, Event, Metadata, Subscriber};
use tracing_opentelemetry::get_otel_context;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

pub fn is_statement(metadata: &Metadata<'_>) -> bool {
    metadata.is_event() && metadata.target().strip_prefix("sqlx::") == Some("query")
}

/// Makes the spans, each a child of the span in which the statement ran.
pub struct Statements {
    tracer: SdkTracer,
    dispatch: OnceLock<WeakDispatch>,
}

impl Statements {
    pub fn new(tracer: SdkTracer) -> Self {
        Self {
            tracer,
            dispatch: OnceLock::new(),
        }
    }
}

impl<S> Layer<S> for Statements
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_register_dispatch(&self, dispatch: &Dispatch) {
        // Registered once; a second time it would be the same.
        let _ = self.dispatch.set(dispatch.downgrade());
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if !is_statement(event.metadata()) {
            return;
        }
        let dispatch = self.dispatch.get().and_then(WeakDispatch::upgrade);
        let parent = context.lookup_current().zip(dispatch);
        let parent = parent.and_then(|(span, dispatch)| get_otel_context(&span.id(), &dispatch));
        let Some(parent) = parent else {
            return;
        };
        let mut statement = Statement::default();
        event.record(&mut statement);
        let end = SystemTime::now();
        let took = Duration::try_from_secs_f64(statement.seconds).unwrap_or_default();
        let text = match statement.text.trim() {
            "" => statement.summary.clone(),
            text => text.to_owned(),
        };
        let rows = statement.rows;
        let mut span = self
            .tracer
            .span_builder(statement.summary)
            .with_kind(SpanKind::Client)
            .with_start_time(end.checked_sub(took).unwrap_or(end))
            .with_attributes([
                KeyValue::new("db.query.text", text),
                KeyValue::new("db.response.returned_rows", rows),
            ])
            .start_with_context(&self.tracer, &parent);
        span.end_with_timestamp(end);
    }
}

/// The driver's report of a statement.
#[derive(Default)]
struct Statement {
    /// Its first words.
    summary: String,
    /// All of it, where that is more.
    text: String,
    rows: i64,
    seconds: f64,
}

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => self.summary = value.to_owned(),
            "db.statement" => self.text = value.to_owned(),
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "rows_returned" {
            self.rows = i64::try_from(value).unwrap_or(i64::MAX);
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "elapsed_secs" {
            self.seconds = value;
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
