//! Standard Webhooks signatures: HMAC-SHA256 over id, time and body.
//!
//! Specification: <https://github.com/standard-webhooks/standard-webhooks>, "Signature scheme".

use crate::i18n::t;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// Checks that the text is a secret, or returns what one looks like.
pub fn check_secret(text: &str) -> Result<(), &'static str> {
    Secret::parse(text).map(drop)
}

const PREFIX: &str = "whsec_";

/// A shared key. Never shown by accident: `Debug` prints only its name.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Creates a secret of 32 random bytes.
    pub fn new() -> Self {
        Self(rand::random::<[u8; 32]>().into())
    }

    /// Parses `whsec_` and base64 of 24 to 64 bytes; the prefix is optional.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.strip_prefix(PREFIX).unwrap_or(text);
        let key = STANDARD.decode(text).unwrap_or_default();
        if (24..=64).contains(&key.len()) {
            Ok(Self(key))
        } else {
            Err(t!("events-secret-malformed"))
        }
    }

    /// Returns the secret in the form the other side needs.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// Returns one signature, with its version: `v1,…`.
    pub fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        let tag = self.over(id, seconds, body).finalize().into_bytes();
        format!("v1,{}", STANDARD.encode(tag))
    }

    pub(in crate::events) fn over(&self, id: &str, seconds: i64, body: &[u8]) -> Hmac<Sha256> {
        let mut mac: Hmac<Sha256> =
            Hmac::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(format!("{id}.{seconds}.").as_bytes());
        mac.update(body);
        mac
    }
}

impl Default for Secret {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(stringify!(Secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_back_and_never_printed() {
        let secret = Secret::new();
        assert_eq!(Secret::parse(&secret.reveal()), Ok(secret.clone()));
        assert_eq!(format!("{secret:?}"), "Secret");
        for wrong in ["", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!"] {
            assert!(Secret::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_published_crate_agrees() {
        let secret = Secret::new();
        let theirs = standardwebhooks::Webhook::new(&secret.reveal()).expect("a secret");
        let body = br#"{"type":"order.paid"}"#;
        let signature = theirs.sign("event-1", 1_700_000_000, body).expect("signs");
        assert_eq!(secret.sign("event-1", 1_700_000_000, body), signature);
    }
}
