//! Traces: what a request set in motion, as a tree of spans, sent by OTLP over HTTP.
//!
//! Spans are those of `tracing`: a request's own (`server/trace.rs`), and at the level `debug`, which the log
//! does not ask for, the handlers of what is done, use cases, events and deliveries. Statements come from what
//! the driver reports. Where no endpoint is set nobody listens, and a span costs the look at a flag.
//!
//! The listener is our own and not `tracing-opentelemetry`: nearly all traces are thrown away when they end,
//! and that crate makes spans in OpenTelemetry's terms of all of them, for half of what a kept page costs.

mod context;
mod export;
mod listen;
mod span;
mod tail;
mod trace;

pub use context::{SpanPoint, begin, begin_request, end_request, fail, here, point, traceparent};
pub use export::Export;
pub use tail::sent_spans;

use super::statement::is_statement;
use crate::server::config::{OutboundConfig, TelemetryConfig};
use anyhow::{Context, Result};
use listen::Spans;
use opentelemetry_sdk::Resource;
use rustls::ClientConfig;
use tail::Tail;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{LevelFilter, filter_fn};
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
    let wanted = filter_fn(|metadata| is_ours(metadata) || is_statement(metadata));
    let spans = Spans::new(Tail::new(config, queue))
        .with_filter(wanted.with_max_level_hint(LevelFilter::DEBUG));
    context::switch_on();
    Ok(Some((Box::new(spans), export)))
}

/// Spans of this crate, and what it warns of within them.
fn is_ours(metadata: &Metadata<'_>) -> bool {
    let most = match metadata.is_span() {
        true => Level::DEBUG,
        false => Level::WARN,
    };
    *metadata.level() <= most && metadata.target().starts_with("guildhall")
}
