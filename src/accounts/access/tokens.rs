//! Tokens for API clients: short-lived signed access tokens, and refresh tokens that are rotated at every
//! use.
//!
//! A refresh token used a second time has been copied by somebody: then its whole family ends, the thief's
//! and the owner's alike (RFC 9700, section 4.14.2). Only a client whose response was lost may retry once
//! within seconds, and gets the same again. It need not be stored for that, because each token is derived
//! from the previous one by a keyed hash.

use crate::accounts::{User, store};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::config::AccountsConfig;
use crate::server::security_log::{SecurityEvent, note};
use crate::server::{App, ClientIp, Conn, UserAgent};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The only algorithm that is signed with and accepted.
const ALGORITHM: Algorithm = Algorithm::HS256;

/// The claims of an access token.
#[derive(Debug, Deserialize, Serialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    /// The user's id.
    pub sub: String,
    pub jti: String,
    /// Seconds since 1970.
    pub iat: i64,
    pub exp: i64,
    /// Not valid before; our tokens do not set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// The family of refresh tokens it was issued with: signing out ends both.
    pub fam: i64,
}

/// Signs and checks access tokens.
pub struct TokenKeys {
    signing: EncodingKey,
    checking: DecodingKey,
    following: Hmac<Sha256>,
    issuer: String,
    lifetime_seconds: i64,
}

const AUDIENCE: &str = "guildhall-api";

impl TokenKeys {
    /// Without a secret (a command, which serves no requests) one is generated, and ends with the process.
    pub fn new(config: &AccountsConfig, public_url: &str) -> Self {
        // The same provider is installed again when a test starts a second server; once is enough.
        let _ = HMAC_SHA256.install_default();
        let random: [u8; 32] = rand::random();
        let secret = match config.token_secret.as_str() {
            "" => random.as_slice(),
            secret => secret.as_bytes(),
        };
        let mac = |key: &[u8]| Hmac::<Sha256>::new_from_slice(key).expect("takes any length");
        // A key of its own, so that nothing signed with it can pass for a token, nor the reverse.
        let following = mac(secret).chain_update("guildhall: what follows a token");
        Self {
            signing: EncodingKey::from_secret(secret),
            checking: DecodingKey::from_secret(secret),
            following: mac(&following.finalize().into_bytes()),
            issuer: public_url.to_owned(),
            lifetime_seconds: i64::from(config.access_token_minutes) * 60,
        }
    }

    /// Returns the only token of this kind that follows `token`: without the secret it cannot be predicted.
    pub fn successor(&self, kind: &str, token: &str) -> String {
        let following = self.following.clone().chain_update(kind);
        let following = following.chain_update([0]).chain_update(token);
        hex::encode(following.finalize().into_bytes())
    }

    fn sign(&self, user: i64, family: i64, now: i64, end: i64) -> Result<String, AppError> {
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: user.to_string(),
            jti: random_token(),
            iat: now,
            exp: end.min(now + self.lifetime_seconds),
            nbf: None,
            fam: family,
        };
        jsonwebtoken::encode(&Header::new(ALGORITHM), &claims, &self.signing)
            .map_err(|_| AppError::internal())
    }

    /// Returns the claims of a token that we signed for this audience, if it is valid now.
    pub fn check(&self, token: &str, now: i64) -> Option<Claims> {
        /// The tolerated clock skew: another server, whose clock is ahead, may have signed it just now.
        const CLOCKS_APART: i64 = 60;
        let mut validation = Validation::new(ALGORITHM);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Compared below with our own clock, which tests can stop.
        validation.validate_exp = false;
        let token = jsonwebtoken::decode::<Claims>(token, &self.checking, &validation).ok()?;
        // It names extensions that must be understood, and we support none (RFC 7515, 4.1.11).
        if token.header.crit.is_some() {
            return None;
        }
        let claims = token.claims;
        let begun = claims.nbf.is_none_or(|from| from <= now) && claims.iat <= now + CLOCKS_APART;
        (begun && claims.exp > now).then_some(claims)
    }
}

/// The tokens issued at sign-in and at each refresh.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Tokens {
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds until the access token expires.
    pub expires_in: i64,
    pub refresh_token: String,
}

/// One sign-in of a client, and when it ends at the latest.
#[derive(Clone, Copy)]
struct Family {
    id: i64,
    user: i64,
    end: Timestamp,
}

impl Family {
    fn new(app: &App, id: i64, user: i64, started: Timestamp) -> Self {
        let end = started.plus_days(app.config.accounts.sign_in_max_days.into());
        Self { id, user, end }
    }

    fn tokens(self, app: &App, refresh_token: String) -> Result<Tokens, AppError> {
        let (now, end) = (app.clock.now().seconds(), self.end.seconds());
        Ok(Tokens {
            access_token: app.token_keys.sign(self.user, self.id, now, end)?,
            token_type: "Bearer",
            expires_in: app.token_keys.lifetime_seconds.min(end - now),
            refresh_token,
        })
    }

    async fn keep(self, app: &App, conn: &mut Conn, refresh_token: &str) -> sqlx::Result<()> {
        let days = app.config.accounts.refresh_token_days.into();
        let expires_at = app.clock.now().plus_days(days).min(self.end);
        store::create_refresh_token(conn, &hash_of(refresh_token), self.id, expires_at).await
    }
}

/// Starts a token family for a client that has just signed in.
pub async fn start_family(
    app: &App,
    conn: &mut Conn,
    user: i64,
    agent: &UserAgent,
    address: ClientIp,
) -> Result<Tokens, AppError> {
    let now = app.clock.now();
    let address = address.0.to_string();
    let id = store::create_token_family(conn, user, &agent.0, &address, now).await?;
    let family = Family::new(app, id, user, now);
    let refresh_token = random_token();
    family.keep(app, conn, &refresh_token).await?;
    family.tokens(app, refresh_token)
}

/// Exchanges a refresh token for new tokens.
pub async fn refresh(app: &App, token: &str) -> Result<(User, Tokens), AppError> {
    /// The time in which a client that got no response may have the same token once more.
    const ANSWER_LOST_SECONDS: i64 = 10;
    let refused = || AppError::expired(t!("accounts-refresh-bad"));
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let hash = hash_of(token);
    let known = store::find_refresh_token(&mut tx, &hash)
        .await?
        .ok_or_else(refused)?;
    let next = app.token_keys.successor("refresh", token);
    let first = store::use_refresh_token(&mut tx, &hash, now).await?;
    let since = now.plus_seconds(-ANSWER_LOST_SECONDS);
    if !first && !store::repeat_refresh_token(&mut tx, &hash, &hash_of(&next), since).await? {
        store::end_token_family(&mut tx, known.family_id, now).await?;
        tx.commit().await?;
        note(SecurityEvent::TokenReused, known.user_id, "");
        return Err(refused());
    }
    let user = store::find_user(&mut tx, known.user_id).await?;
    let family = Family::new(app, known.family_id, known.user_id, known.started);
    let lives = !known.ended && known.expires_at.min(family.end) > now;
    let user = user.filter(|user| user.active && lives);
    let user = user.ok_or_else(refused)?;
    if first {
        family.keep(app, &mut tx, &next).await?;
    }
    let tokens = family.tokens(app, next)?;
    tx.commit().await?;
    Ok((user, tokens))
}

/// Returns 256 random bits, as 64 hexadecimal digits.
pub fn random_token() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

/// Returns the stored hash of a token. The token is random and long, so a plain hash is enough.
pub fn hash_of(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// HMAC with SHA-256 is all we sign with; the providers that jsonwebtoken offers bring RSA and elliptic
/// curves along.
static HMAC_SHA256: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| Ok(Box::new(HmacSha256::new(*algorithm, key.as_bytes())?)),
    verifier_factory: |algorithm, key| {
        Ok(Box::new(HmacSha256::new(
            *algorithm,
            key.try_get_as_bytes()?,
        )?))
    },
    key_utils: KeyUtils::new_unimplemented(),
};

struct HmacSha256(Hmac<Sha256>);

impl HmacSha256 {
    fn new(algorithm: Algorithm, key: &[u8]) -> jsonwebtoken::errors::Result<Self> {
        if algorithm != ALGORITHM {
            return Err(ErrorKind::InvalidAlgorithm.into());
        }
        Hmac::new_from_slice(key)
            .map(Self)
            .map_err(|_| ErrorKind::InvalidKeyFormat.into())
    }

    fn over(&self, message: &[u8]) -> Hmac<Sha256> {
        self.0.clone().chain_update(message)
    }
}

impl signature::Signer<Vec<u8>> for HmacSha256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self.over(message).finalize().into_bytes().to_vec())
    }
}

impl signature::Verifier<Vec<u8>> for HmacSha256 {
    fn verify(&self, message: &[u8], given: &Vec<u8>) -> Result<(), signature::Error> {
        // Compares in constant time.
        self.over(message)
            .verify_slice(given)
            .map_err(|_| signature::Error::new())
    }
}

impl JwtSigner for HmacSha256 {
    fn algorithm(&self) -> Algorithm {
        ALGORITHM
    }
}

impl JwtVerifier for HmacSha256 {
    fn algorithm(&self) -> Algorithm {
        ALGORITHM
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(secret: &str) -> TokenKeys {
        let config = AccountsConfig {
            token_secret: secret.repeat(32),
            ..Default::default()
        };
        TokenKeys::new(&config, "https://guildhall.example")
    }

    #[test]
    fn a_token_is_good_until_it_expires() {
        let keys = keys("a");
        let token = keys.sign(7, 3, 1_000, 9_000).expect("signs");
        assert_eq!(
            keys.check(&token, 1_000)
                .map(|claims| (claims.sub, claims.fam)),
            Some(("7".into(), 3))
        );
        assert!(keys.check(&token, 1_000 + 15 * 60).is_none(), "expired");
        let last = keys.sign(7, 3, 1_000, 1_010).expect("signs");
        assert!(keys.check(&last, 1_009).is_some());
        assert!(keys.check(&last, 1_010).is_none(), "as its family does");
    }

    #[test]
    fn nobody_elses_token_is_good() {
        let keys = keys("a");
        let token = keys.sign(7, 3, 1_000, 9_000).expect("signs");
        assert!(
            super::tests::keys("b").check(&token, 1_000).is_none(),
            "another secret"
        );
        let other = TokenKeys {
            issuer: "https://other.example".into(),
            ..super::tests::keys("a")
        };
        assert!(other.check(&token, 1_000).is_none(), "another issuer");
        let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
        let body = token.split('.').nth(1).expect("a payload");
        assert!(
            keys.check(&format!("{unsigned}.{body}."), 1_000).is_none(),
            "no signature"
        );
        assert!(keys.check("", 1_000).is_none());
    }

    #[test]
    fn the_signature_is_the_one_of_rfc_7515() {
        // RFC 7515, appendix A.1: the key, the signing input and the signature it must give.
        let key = [
            3, 35, 53, 75, 43, 15, 165, 188, 131, 126, 6, 101, 119, 123, 166, 143, 90, 179, 40,
            230, 240, 84, 201, 40, 169, 15, 132, 178, 210, 80, 46, 191, 211, 251, 90, 146, 210, 6,
            71, 239, 150, 138, 180, 195, 119, 98, 61, 34, 61, 46, 33, 114, 5, 46, 79, 8, 192, 205,
            154, 245, 103, 208, 128, 163,
        ];
        let input = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let _ = HMAC_SHA256.install_default();
        let signed = jsonwebtoken::crypto::sign(
            input.as_bytes(),
            &EncodingKey::from_secret(&key),
            ALGORITHM,
        );
        assert_eq!(
            signed.expect("signs"),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        );
    }
}
