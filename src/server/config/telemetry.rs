//! The section `[telemetry]`: the ways in which other programs learn how the server does.

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use url::Url;

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TelemetryConfig {
    pub metrics_addr: String,
    pub otlp_endpoint: String,
    pub traces_per_thousand: u32,
    pub slow_request_milliseconds: u64,
    pub profiling: bool,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self {
            metrics_addr: "127.0.0.1:9464".to_owned(),
            otlp_endpoint: String::new(),
            traces_per_thousand: 10,
            slow_request_milliseconds: 1_000,
            profiling: false,
        }
    }
}

impl TelemetryConfig {
    pub fn check(&self) -> Result<()> {
        ensure!(
            self.traces_per_thousand <= 1_000,
            "telemetry.traces_per_thousand must be 0 to 1000"
        );
        self.traces_url()?;
        self.metrics_address().map(drop)
    }

    /// Returns the URL that traces are sent to; `None` if none are.
    pub fn traces_url(&self) -> Result<Option<String>> {
        if self.otlp_endpoint.is_empty() {
            return Ok(None);
        }
        let base = self.otlp_endpoint.trim_end_matches('/');
        let url = format!("{base}/v1/traces");
        let is_http = Url::parse(&url).is_ok_and(|url| ["http", "https"].contains(&url.scheme()));
        ensure!(
            is_http,
            "telemetry.otlp_endpoint must be a URL as http://127.0.0.1:4318, or empty, not {:?}",
            self.otlp_endpoint
        );
        Ok(Some(url))
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
            let config = TelemetryConfig {
                metrics_addr: text.to_owned(),
                ..TelemetryConfig::default()
            };
            config.metrics_address()
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

    #[test]
    fn traces_go_to_a_url_or_nowhere() {
        let config = |endpoint: &str| TelemetryConfig {
            otlp_endpoint: endpoint.to_owned(),
            ..TelemetryConfig::default()
        };
        assert_eq!(config("").traces_url().expect("reads"), None);
        for endpoint in ["http://127.0.0.1:4318", "http://127.0.0.1:4318/"] {
            let url = config(endpoint).traces_url().expect("reads");
            assert_eq!(url.as_deref(), Some("http://127.0.0.1:4318/v1/traces"));
        }
        for wrong in ["127.0.0.1:4318", "ftp://collector", "on"] {
            let refused = config(wrong).check().expect_err("is refused").to_string();
            assert!(refused.contains("telemetry.otlp_endpoint") && refused.contains(wrong));
        }
        let too_many = TelemetryConfig {
            traces_per_thousand: 1_001,
            ..TelemetryConfig::default()
        };
        assert!(too_many.check().is_err());
    }
}
