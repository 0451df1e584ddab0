//! The section `[telemetry]`: the ways in which other programs learn how the server does.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TelemetryConfig {
    pub metrics_addr: String,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self {
            metrics_addr: "127.0.0.1:9464".to_owned(),
        }
    }
}

impl TelemetryConfig {
    pub fn check(&self) -> Result<()> {
        self.metrics_address().map(drop)
    }

    /// Returns the address of the metrics; `None` if they are not served.
    pub fn metrics_address(&self) -> Result<Option<SocketAddr>> {
        if self.metrics_addr.is_empty() {
            return Ok(None);
        }
        let address = self.metrics_addr.parse().with_context(|| {
            format!(
                "telemetry.metrics_addr must be an address and a port, as 127.0.0.1:9464, or empty, not {:?}",
                self.metrics_addr
            )
        })?;
        Ok(Some(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_on_loopback_elsewhere_or_nowhere() {
        let address = |text: &str| {
            let metrics_addr = text.to_owned();
            TelemetryConfig { metrics_addr }.metrics_address()
        };
        let default = TelemetryConfig::default().metrics_address();
        let default = default.expect("reads").expect("an address");
        assert!(default.ip().is_loopback());
        assert_eq!(address("").expect("reads"), None);
        assert!(address("[::]:9464").expect("reads").is_some());
        for wrong in ["9464", "localhost:9464", "127.0.0.1"] {
            let refused = address(wrong).expect_err("is refused").to_string();
            assert!(refused.contains("telemetry.metrics_addr") && refused.contains(wrong));
        }
    }
}
