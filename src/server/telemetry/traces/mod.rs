//! Traces: what a request set in motion, as a tree of spans, sent by OTLP over HTTP.
//!
//! Spans are those of `tracing`: a request's own (`server/trace.rs`), and at the level `debug`, which the log
//! does not ask for, its handler, use cases, events and deliveries. Statements come from what the driver
//! reports. Where no endpoint is set nobody listens, and a span costs the look at a flag.

mod context;
mod export;
mod sql;
mod tail;

pub use context::{SpanPoint, begin, end_request, fail, here, point, traceparent};
pub use export::Export;
pub use tail::sent_spans;

use super::statement::is_statement;
use crate::server::config::{OutboundConfig, TelemetryConfig};
use anyhow::{Context, Result};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use rustls::ClientConfig;
use sql::Statements;
use tail::Tail;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry};

/// The listener for spans, and the task that sends them.
pub type Listener = Box<dyn Layer<Registry> + Send + Sync>;

/// Returns what listens for spans, and what sends them; `None` if no endpoint is set.
pub fn start(
    config: &TelemetryConfig,
    outbound: &OutboundConfig,
    tls: ClientConfig,
) -> Result<Option<(Listener, Export)>> {
    let Some(url) = config.traces_url()? else {
        return Ok(None);
    };
    let resource = Resource::builder()
        .with_service_name("guildhall")
        .with_attribute(opentelemetry::KeyValue::new(
            "service.version",
            env!("CARGO_PKG_VERSION"),
        ))
        .build();
    let export = Export::start(&url, tls, &resource, outbound);
    let (export, queue) = export.context("telemetry.otlp_endpoint")?;
    let provider = SdkTracerProvider::builder()
        .with_resource(resource)
        .with_id_generator(context::Ids)
        .with_span_processor(Tail::new(config, queue))
        .build();
    let tracer = provider.tracer("guildhall");
    context::switch_on();
    Ok(Some((Box::new(layers(tracer)), export)))
}

fn layers<S>(tracer: opentelemetry_sdk::trace::SdkTracer) -> impl Layer<S>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
{
    let spans = tracing_opentelemetry::layer()
        .with_tracer(tracer.clone())
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_context_activation(false);
    let statements = Statements::new(tracer);
    let both = filter_fn(|metadata| is_ours(metadata) || is_statement(metadata));
    spans
        .and_then(statements)
        .with_filter(both.with_max_level_hint(LevelFilter::DEBUG))
}

/// Spans of this crate, and what it warns of within them.
fn is_ours(metadata: &Metadata<'_>) -> bool {
    let most = match metadata.is_span() {
        true => Level::DEBUG,
        false => Level::WARN,
    };
    *metadata.level() <= most && metadata.target().starts_with("guildhall")
}
