//! The section `[redis]`: the memory that several servers share.

use super::tls;
use crate::server::redis::{Address, addresses};
use anyhow::{Result, anyhow, ensure};
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct RedisConfig {
    pub url: String,
    pub ca_certificate: String,
    pub prefix: String,
    pub timeout_milliseconds: u64,
}

impl Default for RedisConfig {
    fn default() -> Self {
        Self {
            url: String::new(),
            ca_certificate: String::new(),
            prefix: "guildhall".to_owned(),
            timeout_milliseconds: 100,
        }
    }
}

impl RedisConfig {
    pub fn is_on(&self) -> bool {
        !self.url.is_empty()
    }

    /// The longest that anybody waits for an answer.
    pub const fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_milliseconds)
    }

    /// Returns each address that the URL names; none without one. The error does not quote the URL, which may hold a
    /// password.
    pub fn addresses(&self) -> Result<Vec<Address>> {
        let trusted = tls::authorities("redis.ca_certificate", &self.ca_certificate)?;
        if !self.is_on() {
            return Ok(Vec::new());
        }
        ensure!(
            trusted.is_none() || self.url.starts_with("rediss://"),
            "redis.ca_certificate is for TLS, with which redis.url begins with rediss://"
        );
        addresses(&self.url, trusted.as_deref()).map_err(|_| {
            anyhow!(
                "redis.url must be redis://HOST:6379/0 or rediss://USER:PASSWORD@HOST:6379/0, with several hosts as \
                 HOST:6379,OTHER:6379"
            )
        })
    }

    /// Refuses what cannot be used.
    pub(super) fn check(&self) -> Result<()> {
        ensure!(
            (10..=5_000).contains(&self.timeout_milliseconds),
            "redis.timeout_milliseconds must be 10 to 5000"
        );
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_:.".contains(c);
        ensure!(
            !self.prefix.is_empty() && self.prefix.chars().all(is_plain),
            "redis.prefix must be letters, digits, and - _ : ."
        );
        self.addresses().map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_that_cannot_be_used_is_refused_without_its_password() {
        let check = |url: &str| {
            let config = RedisConfig {
                url: url.to_owned(),
                ..Default::default()
            };
            config.check().map_err(|error| error.to_string())
        };
        for good in [
            "",
            "redis://localhost",
            "redis://:secret@one:6379,two:6380/3",
            "rediss://shop:secret@one,[::1]:6380",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for wrong in [
            "localhost:6379",
            "http://:secret@one",
            "redis://:secret@one,two:port/0",
            "redis://:secret@one/zero",
        ] {
            let error = check(wrong).expect_err(wrong);
            assert!(error.starts_with("redis.url"), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
