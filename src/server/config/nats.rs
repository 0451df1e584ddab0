//! The section `[nats]`: the broker that events go out by, if there is one.

use anyhow::{Result, bail, ensure};
use async_nats::ServerAddr;
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Clone, Deserialize, Serialize)]
pub struct NatsConfig {
    pub url: String,
    pub replicas: u64,
    pub ack_wait_seconds: u64,
    pub fallback_seconds: i64,
}

/// Without the addresses, which may hold a password.
impl std::fmt::Debug for NatsConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NatsConfig")
            .field("is_on", &self.is_on())
            .field("replicas", &self.replicas)
            .field("ack_wait_seconds", &self.ack_wait_seconds)
            .field("fallback_seconds", &self.fallback_seconds)
            .finish_non_exhaustive()
    }
}

impl Default for NatsConfig {
    fn default() -> Self {
        Self {
            url: String::new(),
            replicas: 1,
            ack_wait_seconds: 30,
            fallback_seconds: 10,
        }
    }
}

impl NatsConfig {
    /// Returns true if there is a broker at all.
    pub fn is_on(&self) -> bool {
        !self.url.trim().is_empty()
    }

    pub fn ack_wait(&self) -> Duration {
        Duration::from_secs(self.ack_wait_seconds)
    }

    /// Returns the addresses; none where no broker is used. The error quotes none of them, for each may hold a
    /// password.
    pub fn servers(&self) -> Result<Vec<ServerAddr>> {
        let given = self.url.split(',').map(str::trim);
        let given = given.filter(|address| !address.is_empty());
        let mut servers = Vec::new();
        for (number, address) in (1..).zip(given) {
            match address.parse::<ServerAddr>() {
                Ok(server) if is_plain(&server) => servers.push(server),
                _ => bail!(
                    "nats.url must be addresses as nats://HOST:4222 with commas between, and number {number} is none"
                ),
            }
        }
        Ok(servers)
    }

    pub(super) fn check(&self) -> Result<()> {
        self.servers()?;
        ensure!(
            (1..=5).contains(&self.replicas),
            "nats.replicas must be 1 to 5"
        );
        ensure!(
            (1..=600).contains(&self.ack_wait_seconds),
            "nats.ack_wait_seconds must be 1 to 600"
        );
        ensure!(
            (1..=600).contains(&self.fallback_seconds),
            "nats.fallback_seconds must be 1 to 600"
        );
        Ok(())
    }
}

/// Returns true for an address of a kind that the client was built for.
fn is_plain(server: &ServerAddr) -> bool {
    ["nats", "tls"].contains(&server.scheme()) && !server.host().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str) -> NatsConfig {
        NatsConfig {
            url: url.to_owned(),
            ..NatsConfig::default()
        }
    }

    #[test]
    fn several_addresses_have_commas_between_and_none_means_no_broker() {
        assert!(!of("").is_on() && !of(" ").is_on());
        assert_eq!(of("").servers().expect("reads").len(), 0);
        let two = of("nats://one:4222, two:4223").servers().expect("reads");
        let hosts: Vec<_> = two.iter().map(ServerAddr::host).collect();
        assert_eq!(hosts, ["one", "two"]);
    }

    #[test]
    fn a_refusal_and_a_log_line_tell_no_password() {
        for wrong in [
            "http://ada:hush@one",
            "one,ws://ada:hush@two",
            "nats://ada:hush@",
        ] {
            let config = of(wrong);
            let refused = config.check().expect_err("is refused").to_string();
            assert!(refused.contains("nats.url"), "{refused}");
            assert!(!refused.contains("hush"), "{refused}");
            assert!(!format!("{config:?}").contains("hush"));
        }
        let mut config = of("one");
        config.replicas = 6;
        assert!(config.check().is_err());
    }
}
