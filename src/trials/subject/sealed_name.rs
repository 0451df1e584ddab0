//! Names of subjects, sealed: what the database, its backups and the audit trail hold cannot be read without the key.
//!
//! A name is encrypted and authenticated by ChaCha20-Poly1305 (RFC 8439) under a key derived from
//! `trials.name_key`, with a random nonce, and bound to the subject's number: one that was copied to another
//! subject does not open.

use crate::error::AppError;
use crate::i18n::t;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;

/// The beginning of every sealed name; the number is that of the way it is sealed.
pub const SEALED: &str = "sealed:1:";

/// Error code: the server was given no key, so it can neither seal a name nor open one.
pub const NO_NAME_KEY: u16 = 3605;

/// The key for names; none if the server was not given one.
pub struct NameKey(Option<LessSafeKey>);

impl NameKey {
    /// Derives the key from the configured secret.
    pub fn new(secret: &str) -> Self {
        if secret.is_empty() {
            return Self(None);
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
            .expect("HMAC takes a key of any length");
        mac.update(b"guildhall/trials/subject-names/1");
        let key = UnboundKey::new(&CHACHA20_POLY1305, &mac.finalize().into_bytes());
        Self(Some(LessSafeKey::new(
            key.expect("SHA-256 has as many bytes as the key"),
        )))
    }

    /// Returns true if names can be sealed and opened.
    pub const fn is_there(&self) -> bool {
        self.0.is_some()
    }

    fn key(&self) -> Result<&LessSafeKey, AppError> {
        let missing = || AppError::conflict(NO_NAME_KEY, t!("trials-no-name-key"));
        self.0.as_ref().ok_or_else(missing)
    }

    /// Seals the name of the subject with this number.
    pub fn seal(&self, name: &str, number: &str) -> Result<String, AppError> {
        let key = self.key()?;
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut sealed = name.as_bytes().to_vec();
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(number.as_bytes()),
            &mut sealed,
        )
        .map_err(|_| AppError::internal())?;
        let bytes = [nonce.as_slice(), &sealed].concat();
        Ok(format!("{SEALED}{}", STANDARD_NO_PAD.encode(bytes)))
    }

    /// Opens the name for a page, which is shown without it where it does not open.
    pub fn open_if_possible(&self, sealed: &str, number: &str) -> Option<String> {
        self.open(sealed, number).ok()
    }

    /// Opens the sealed name of the subject with this number; fails if it was sealed with another key or for another
    /// subject.
    pub fn open(&self, sealed: &str, number: &str) -> Result<String, AppError> {
        let key = self.key()?;
        let opened = sealed.strip_prefix(SEALED).and_then(|text| {
            let bytes = STANDARD_NO_PAD.decode(text).ok()?;
            let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>()?;
            let mut sealed = sealed.to_vec();
            let nonce = Nonce::assume_unique_for_key(*nonce);
            let name = key.open_in_place(nonce, Aad::from(number.as_bytes()), &mut sealed);
            String::from_utf8(name.ok()?.to_vec()).ok()
        });
        opened.ok_or_else(|| {
            tracing::error!(
                subject.number = number,
                "A subject's name does not open: it was sealed with another key, or altered"
            );
            AppError::conflict(NO_NAME_KEY, t!("trials-name-shut"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_opens_for_its_subject_and_its_key_alone() {
        let key = NameKey::new("a secret that is long enough for this");
        let sealed = key.seal("李美", "HYP24-01-0001").expect("seals");
        assert!(
            sealed.starts_with(SEALED) && !sealed.contains('李'),
            "{sealed}"
        );
        assert_eq!(key.open(&sealed, "HYP24-01-0001").as_deref(), Ok("李美"));
        assert!(
            key.open(&sealed, "HYP24-01-0002").is_err(),
            "of another subject"
        );
        let other = NameKey::new("another secret that is long enough");
        assert!(
            other.open(&sealed, "HYP24-01-0001").is_err(),
            "by another key"
        );
        let again = key.seal("李美", "HYP24-01-0001").expect("seals");
        assert_ne!(sealed, again, "each time differently");
        for altered in [
            "",
            "sealed:1:",
            "sealed:1:AAAA",
            "李美",
            &sealed[..sealed.len() - 2],
        ] {
            assert!(key.open(altered, "HYP24-01-0001").is_err(), "{altered}");
        }
    }

    #[test]
    fn without_a_key_nothing_is_sealed() {
        let refused = NameKey::new("").seal("李美", "HYP24-01-0001");
        assert_eq!(refused.expect_err("is refused").code, NO_NAME_KEY);
    }
}
