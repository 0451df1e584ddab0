//! Telemetry: what other programs learn of how the server does.

pub mod metrics;
pub mod samples;
