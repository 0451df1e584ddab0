//! The section `[outbound]`: calls to other services, and the breakers around them.

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct OutboundConfig {
    pub breaker_failures: usize,
    pub breaker_open_seconds: u64,
    pub retries_percent: u32,
}

impl Default for OutboundConfig {
    fn default() -> Self {
        Self {
            breaker_failures: 5,
            breaker_open_seconds: 10,
            retries_percent: 10,
        }
    }
}

impl OutboundConfig {
    /// Refuses settings under which a breaker could never open, or never close again.
    pub fn check(&self) -> Result<()> {
        ensure!(
            (1..=1_000).contains(&self.breaker_failures),
            "outbound.breaker_failures must be 1 to 1000: with none a breaker would never close, with more it \
             would never open"
        );
        ensure!(
            (1..=3_600).contains(&self.breaker_open_seconds),
            "outbound.breaker_open_seconds must be 1 to 3600, an hour"
        );
        ensure!(
            self.retries_percent <= 100,
            "outbound.retries_percent must be 0 to 100"
        );
        Ok(())
    }

    /// Returns the time for which an open breaker lets nothing through.
    pub fn open_for(&self) -> Duration {
        Duration::from_secs(self.breaker_open_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breaker_that_could_never_open_is_refused() {
        assert!(OutboundConfig::default().check().is_ok());
        let default = OutboundConfig::default;
        let mut wrong = vec![OutboundConfig {
            breaker_open_seconds: 0,
            ..default()
        }];
        wrong.extend([0, 1_001].map(|breaker_failures| OutboundConfig {
            breaker_failures,
            ..default()
        }));
        for config in wrong {
            let said = config.check().expect_err("is refused").to_string();
            assert!(said.starts_with("outbound.breaker_"), "{said}");
        }
    }
}
