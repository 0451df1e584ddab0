//! Rules for signatures: their meanings, and what a request to sign has to say.

use crate::i18n::t;
use crate::words::words;

words!(
    /// The meaning of a signature.
    pub enum Meaning {
        /// The signer has reviewed what is signed.
        Review = "review",
        /// The signer is responsible for it.
        Responsibility = "responsibility",
        /// The signer approves it.
        Approval = "approval",
    }

    fn unknown(_: &str) -> &'static str {
        t!("trials-meaning-needed")
    }
);

impl Meaning {
    /// Returns the label for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Review => t!("trials-meaning-review"),
            Self::Responsibility => t!("trials-meaning-responsibility"),
            Self::Approval => t!("trials-meaning-approval"),
        }
    }
}

/// Checks that a text is the hash of what is signed: 64 hexadecimal digits, stored in lower case.
pub fn check_hash(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let is_hash = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match is_hash {
        true => Ok(text.to_ascii_lowercase()),
        false => Err(t!("trials-sign-hash-wrong")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_64_hexadecimal_digits() {
        let hash = "0123456789abcdef".repeat(4);
        assert_eq!(check_hash(&hash), Ok(hash.clone()));
        assert_eq!(check_hash(&hash.to_uppercase()), Ok(hash.clone()));
        for wrong in ["", "0", &hash[1..], &format!("{hash}0"), &"é".repeat(32)] {
            assert!(check_hash(wrong).is_err(), "{wrong}");
        }
    }
}
