//! Spans of look-ups that take time.
//!
//! A copy that is at hand is given without one: to note it would cost more than to give it, and a trace that has no
//! span of a cache says so as well.

use tracing::field::Empty;
use tracing::instrument::Instrumented;
use tracing::{Instrument, Span};

/// Does what is left of a look-up that found no copy, or one that is to be made anew.
pub fn look_up<F: Future>(cache: &'static str, work: F) -> Instrumented<F> {
    work.instrument(tracing::debug_span!(
        "cache",
        otel.name = format!("cache {cache}"),
        cache.result = Empty
    ))
}

/// Notes on the look-up where its value came from: it was `made`, another `shared` it by Redis, it was `waited` for
/// while another request made it, or it is the `last` one from before the database went away.
pub fn note(result: &'static str) {
    Span::current().record("cache.result", result);
}
