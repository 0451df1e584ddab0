//! The section `[tls]`: the certificate of a server that speaks https itself.

use anyhow::{Context, Result, anyhow, ensure};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct TlsConfig {
    pub certificate: String,
    pub key: String,
    pub redirect_addr: String,
}

impl TlsConfig {
    pub fn is_on(&self) -> bool {
        !self.certificate.is_empty()
    }

    /// Returns the address at which requests in the clear are redirected; `None` if there is none.
    pub fn redirect_addr(&self) -> Result<Option<SocketAddr>> {
        if self.redirect_addr.is_empty() {
            return Ok(None);
        }
        let address = self.redirect_addr.parse();
        let address = address.with_context(|| {
            let given = &self.redirect_addr;
            format!("tls.redirect_addr must be an address with a port, such as 0.0.0.0:80, not {given:?}")
        })?;
        Ok(Some(address))
    }

    pub(super) fn check(&self, public_url: &str) -> Result<()> {
        ensure!(
            self.certificate.is_empty() == self.key.is_empty(),
            "tls.certificate and tls.key belong together: give both or neither"
        );
        ensure!(
            self.is_on() || self.redirect_addr.is_empty(),
            "tls.redirect_addr leads to https, which needs tls.certificate and tls.key"
        );
        ensure!(
            !self.is_on() || public_url.starts_with("https://"),
            "with tls.certificate people reach the server by https: server.public_url must begin with \
             https://, not be {public_url:?}"
        );
        self.redirect_addr().map(drop)
    }
}

/// Returns the PEM file with the authorities that another server's certificate is signed by, as the setting `key` names
/// it; `None` if it names none, and those count that the system trusts.
pub(super) fn authorities(key: &str, file: &str) -> Result<Option<Vec<u8>>> {
    if file.is_empty() {
        return Ok(None);
    }
    let pem = std::fs::read(file).with_context(|| format!("{key} cannot be read: {file}"))?;
    let mut found = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let added = certificate
            .map_err(|error| anyhow!("{error}"))
            .and_then(|certificate| Ok(found.add(certificate)?));
        added.with_context(|| format!("{key} must be a PEM file with certificates: {file}"))?;
    }
    ensure!(
        !found.is_empty(),
        "{key} must be a PEM file with a certificate, and there is none in {file}"
    );
    Ok(Some(pem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_https_come_together() {
        let check = |certificate: &str, key: &str, redirect_addr: &str, public_url| {
            let config = TlsConfig {
                certificate: certificate.to_owned(),
                key: key.to_owned(),
                redirect_addr: redirect_addr.to_owned(),
            };
            let refused = config.check(public_url).err();
            refused.map_or_else(String::new, |refused| refused.to_string())
        };
        let (clear, secret) = ("http://guildhall.example", "https://guildhall.example");
        assert_eq!(check("", "", "", clear), "");
        assert_eq!(check("", "", "", secret), "", "a proxy has the certificate");
        assert_eq!(check("c.pem", "k.pem", "", secret), "");
        assert_eq!(check("c.pem", "k.pem", "[::]:80", secret), "");
        assert!(check("c.pem", "", "", secret).contains("give both or neither"));
        assert!(check("", "k.pem", "", secret).contains("give both or neither"));
        assert!(check("", "", "[::]:80", secret).contains("needs tls.certificate"));
        assert!(check("c.pem", "k.pem", "", clear).contains("must begin with https://"));
        assert!(check("c.pem", "k.pem", "80", secret).contains("such as 0.0.0.0:80"));
    }
}
