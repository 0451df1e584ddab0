//! The HTTP client that sends webhooks: to public addresses only, and to the very address that was
//! resolved and checked. Each subscriber has a breaker of its own, so that one that fails is no hindrance to
//! the others.

use super::destination::is_public;
use crate::i18n::t;
use crate::server::config::OutboundConfig;
use crate::server::outbound::Outbound;
use moka::sync::Cache;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, redirect};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The timeout of a delivery, from the name lookup to the end of the response.
pub const TIMEOUT: Duration = Duration::from_secs(20);

/// A client built on first use, and the ways to the subscribers of late.
pub struct WebhookClient {
    client: OnceLock<Client>,
    ways: Cache<(i64, String), Outbound>,
    outbound: OutboundConfig,
}

impl WebhookClient {
    pub fn new(outbound: &OutboundConfig) -> Self {
        /// Subscribers whose failures are remembered, and for how long after their last message.
        const MOST: u64 = 10_000;
        const IDLE: Duration = Duration::from_hours(1);
        Self {
            client: OnceLock::new(),
            ways: Cache::builder()
                .max_capacity(MOST)
                .time_to_idle(IDLE)
                .build(),
            outbound: *outbound,
        }
    }

    /// Returns the client. The first call's `allow_private` counts for good.
    pub fn get(&self, allow_private: bool) -> &Client {
        self.client
            .get_or_init(|| build(allow_private).expect("the client's options are all known to it"))
    }

    /// Returns the way to a subscriber. At another URL it begins anew: staff have mended it.
    pub fn way(&self, webhook: i64, url: &str) -> Outbound {
        let new = || Outbound::new("webhook", TIMEOUT, &self.outbound);
        self.ways.get_with((webhook, url.to_owned()), new)
    }
}

/// Returns a TLS client configuration with the root certificates that browsers trust.
pub fn tls_config() -> Result<ClientConfig, rustls::Error> {
    let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(tls)
}

fn build(allow_private: bool) -> Result<Client, Box<dyn Error>> {
    let client = Client::builder()
        .tls_backend_preconfigured(tls_config()?)
        .dns_resolver(Guarded { allow_private })
        // A proxy would resolve the name itself, and a redirect could lead anywhere.
        .no_proxy()
        .redirect(redirect::Policy::none())
        .referer(false)
        .http1_only()
        .user_agent(concat!("guildhall/", env!("CARGO_PKG_VERSION")))
        .timeout(TIMEOUT)
        .connect_timeout(TIMEOUT / 2)
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(2);
    Ok(client.build()?)
}

/// A resolver that refuses names of internal addresses. The client connects to what it returns; a
/// literal address in the URL never gets here and is checked before.
struct Guarded {
    allow_private: bool,
}

/// The error for a name that resolves to a non-public address.
#[derive(Debug, thiserror::Error)]
#[error("{name} leads to {ip}, which is not a public address")]
struct Refused {
    name: String,
    ip: std::net::IpAddr,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found.collect();
            let private = found.iter().map(SocketAddr::ip).find(|ip| !is_public(*ip));
            match private.filter(|_| !allow_private) {
                Some(ip) => {
                    let name = name.as_str().to_owned();
                    Err(Box::new(Refused { name, ip }) as Box<dyn Error + Send + Sync>)
                }
                None => Ok(Box::new(found.into_iter()) as Addrs),
            }
        })
    }
}

/// Returns the words for a subscriber that did not answer in time.
pub fn too_late() -> String {
    t!("events-webhook-timeout", seconds = TIMEOUT.as_secs())
}

/// Returns the innermost cause: the outer ones name the URL, which may hold a key.
pub fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return too_late();
    }
    let mut innermost: &dyn Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    match innermost.downcast_ref::<Refused>() {
        Some(Refused { name, ip }) => t!(
            "events-webhook-leads-inside",
            name = name.as_str(),
            ip = ip.to_string()
        ),
        None => t!("events-webhook-unreachable", cause = innermost.to_string()),
    }
}
