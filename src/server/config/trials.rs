//! The sections of clinical studies, and of gRPC, by which other programs and servers reach them.

use anyhow::{Context, Result, ensure};
use axum::http::Uri;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::str::FromStr;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct TrialsConfig {
    /// The secret that the key for subjects' names is derived from.
    pub name_key: String,
    /// The server whose subjects this one's API serves; its own if empty.
    pub rpc_url: String,
}

impl TrialsConfig {
    pub fn check(&self) -> Result<()> {
        let url = Uri::from_str(&self.rpc_url);
        let is_http = url.is_ok_and(|url| {
            let scheme = url.scheme_str().unwrap_or_default();
            ["http", "https"].contains(&scheme) && url.host().is_some()
        });
        ensure!(
            self.rpc_url.is_empty() || is_http,
            "trials.rpc_url must be a URL as http://127.0.0.1:50051, or empty, not {:?}",
            self.rpc_url
        );
        Ok(())
    }
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct GrpcConfig {
    pub addr: String,
}

impl GrpcConfig {
    /// Returns the address of the listener; `None` if there is none.
    pub fn address(&self) -> Result<Option<SocketAddr>> {
        if self.addr.is_empty() {
            return Ok(None);
        }
        let address = self.addr.parse().with_context(|| {
            format!(
                "grpc.addr must be an address and a port, as 127.0.0.1:50051, or empty, not {:?}",
                self.addr
            )
        })?;
        Ok(Some(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grpc_is_somewhere_or_nowhere() {
        let address = |addr: &str| {
            GrpcConfig {
                addr: addr.to_owned(),
            }
            .address()
        };
        assert_eq!(address("").expect("reads"), None);
        assert!(address("127.0.0.1:50051").expect("reads").is_some());
        for wrong in ["50051", "localhost:50051", "http://127.0.0.1:50051"] {
            let refused = address(wrong).expect_err("is refused").to_string();
            assert!(refused.contains("grpc.addr") && refused.contains(wrong));
        }
    }

    #[test]
    fn subjects_are_here_or_at_a_url() {
        let check = |rpc_url: &str| {
            let config = TrialsConfig {
                rpc_url: rpc_url.to_owned(),
                ..TrialsConfig::default()
            };
            config.check()
        };
        for right in ["", "http://127.0.0.1:50051", "https://trials.example.com"] {
            assert!(check(right).is_ok(), "{right}");
        }
        for wrong in [
            "127.0.0.1:50051",
            "grpc://trials",
            "http://试验:50051",
            "on",
        ] {
            let refused = check(wrong).expect_err("is refused").to_string();
            assert!(refused.contains("trials.rpc_url") && refused.contains(wrong));
        }
    }
}
