//! TLS: the certificate and its key, and their replacement while the server runs.

use crate::server::config::TlsConfig;
use anyhow::{Context, Result, anyhow, ensure};
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fs;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::spawn_blocking;

/// The interval between looks at the files.
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

/// The contents of both files.
#[derive(Clone, PartialEq, Eq)]
struct Pair {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Pair {
    fn read(files: &TlsConfig) -> Result<Self> {
        let read = |path: &str| fs::read(path).with_context(|| format!("cannot read {path}"));
        Ok(Self {
            certificate: read(&files.certificate)?,
            key: read(&files.key)?,
        })
    }

    /// Fails if a file is not what it should be, or the key not the certificate's.
    fn settings(&self, files: &TlsConfig) -> Result<ServerConfig> {
        let chain =
            CertificateDer::pem_slice_iter(&self.certificate).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| anyhow!("{}: {error}", files.certificate))?;
        ensure!(
            !chain.is_empty(),
            "there is no certificate in {}",
            files.certificate
        );
        let key = PrivateKeyDer::from_pem_slice(&self.key);
        let key = key.map_err(|error| anyhow!("{}: {error}", files.key))?;
        let mut settings = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .with_context(|| format!("{} and {}", files.certificate, files.key))?;
        settings.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(settings)
    }
}

/// Reads both files, and goes on to look at them for as long as the process runs: what replaces them counts
/// for connections from then on. A pair that cannot be used is logged, and the one before it stays.
pub fn certified(files: TlsConfig) -> Result<RustlsConfig> {
    let pair = Pair::read(&files)?;
    let served = RustlsConfig::from_config(Arc::new(pair.settings(&files)?));
    tokio::spawn(follow(files, pair, served.clone()));
    Ok(served)
}

async fn follow(files: TlsConfig, mut pair: Pair, served: RustlsConfig) {
    // Each fault is logged once, and not again at every look.
    let mut logged = String::new();
    loop {
        tokio::time::sleep(BETWEEN_LOOKS).await;
        let (looked, before) = (files.clone(), pair.clone());
        let look = spawn_blocking(move || replacement(&looked, &before));
        let fault = match look.await.map_err(Into::into).flatten() {
            Ok(Some((replacement, settings))) => {
                served.reload_from_config(Arc::new(settings));
                pair = replacement;
                tracing::info!(
                    tls.certificate = files.certificate,
                    "The certificate was replaced"
                );
                String::new()
            }
            Ok(None) => String::new(),
            Err(fault) => format!("{fault:#}"),
        };
        if !fault.is_empty() && fault != logged {
            tracing::error!(
                error.cause = fault,
                "The certificate stays: the one in its place cannot be used"
            );
        }
        logged = fault;
    }
}

fn replacement(files: &TlsConfig, before: &Pair) -> Result<Option<(Pair, ServerConfig)>> {
    let pair = Pair::read(files)?;
    if pair == *before {
        return Ok(None);
    }
    let settings = pair.settings(files)?;
    Ok(Some((pair, settings)))
}
