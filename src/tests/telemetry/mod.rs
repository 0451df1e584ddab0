//! Telemetry: what other programs learn of how the server does.

pub mod alerts;
#[cfg(feature = "heap-profile")]
pub mod heap;
pub mod logs;
pub mod metrics;
pub mod profiles;
pub mod samples;
pub mod traces;

pub use samples::Samples;
