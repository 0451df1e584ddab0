//! Verifies an incoming message's signature and age.

use crate::events::webhooks::Secret;
use crate::i18n::t;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac;

/// The maximum difference between a message's time and ours, in seconds.
const TOLERANCE: i64 = 5 * 60;

/// A message with its signature headers.
pub struct Signed<'a> {
    /// `webhook-id`
    pub id: &'a str,
    /// `webhook-timestamp`
    pub timestamp: &'a str,
    /// `webhook-signature`
    pub signatures: &'a str,
    pub body: &'a [u8],
}

impl Signed<'_> {
    /// Verifies that the sender knows the secret and that the message is recent.
    pub fn verify(&self, secret: &Secret, now: i64) -> Result<(), &'static str> {
        let seconds: i64 = self
            .timestamp
            .parse()
            .map_err(|_| t!("events-signed-no-time"))?;
        if now.abs_diff(seconds) > TOLERANCE.unsigned_abs() {
            return Err(t!("events-signed-time-off"));
        }
        if self.id.is_empty() || self.id.len() > 200 || self.id.contains('.') {
            return Err(t!("events-signed-no-id"));
        }
        if self.is_signed_with(secret, seconds) {
            Ok(())
        } else {
            Err(t!("events-signed-wrong"))
        }
    }

    /// Returns true if one of the signatures matches this message, compared in constant time.
    fn is_signed_with(&self, secret: &Secret, seconds: i64) -> bool {
        let known = self.signatures.split(' ').filter_map(|signature| {
            let signature = signature.strip_prefix("v1,")?;
            STANDARD.decode(signature).ok()
        });
        // Sixteen are enough for any secret rotation.
        known.take(16).any(|tag| {
            let mac = secret.over(self.id, seconds, self.body);
            mac.verify_slice(&tag).is_ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"type":"order.paid"}"#;

    fn check(secret: &Secret, id: &str, signatures: &str, body: &[u8], now: i64) -> bool {
        let message = Signed {
            id,
            timestamp: "1700000000",
            signatures,
            body,
        };
        message.verify(secret, now).is_ok()
    }

    #[test]
    fn a_signature_holds_for_its_message_alone() {
        let secret = Secret::new();
        let signature = secret.sign("event-1", 1_700_000_000, BODY);
        let good = |signatures: &str| check(&secret, "event-1", signatures, BODY, 1_700_000_010);
        assert!(good(&signature));
        assert!(
            good(&format!("v1a,xyz v1,bm90IGl0 {signature}")),
            "one of several"
        );
        assert!(!good("") && !good("v1,") && !good(&signature.replace("v1", "v2")));
        assert!(!check(&secret, "event-2", &signature, BODY, 1_700_000_010));
        assert!(!check(&secret, "event-1", &signature, b"{}", 1_700_000_010));
        assert!(!check(
            &Secret::new(),
            "event-1",
            &signature,
            BODY,
            1_700_000_010
        ));
    }

    #[test]
    fn an_old_message_is_not_taken_again() {
        let secret = Secret::new();
        let signature = secret.sign("event-1", 1_700_000_000, BODY);
        let at = |now| check(&secret, "event-1", &signature, BODY, now);
        assert!(at(1_700_000_300) && at(1_699_999_700));
        assert!(!at(1_700_000_301) && !at(1_699_999_699));
    }
}
