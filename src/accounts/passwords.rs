//! Passwords: how strong, and hashed how.

use super::check_password_length;
use crate::error::AppError;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier, Version};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// Checked where there is no account, so that the answer takes as long.
static NOBODYS_HASH: LazyLock<String> =
    LazyLock::new(|| hash_now("nobody's password").expect("the parameters are sound"));

/// Argon2id with OWASP's first choice of parameters: 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1_024, 2, 1, None).expect("within Argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_now(password: &str) -> Result<String, AppError> {
    argon2()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| {
            tracing::error!(error.cause = %error, "A password could not be hashed");
            AppError::internal()
        })
}

/// Hashes off the threads that answer requests, a bounded number at a time.
#[derive(Clone)]
pub struct PasswordHasher(Arc<Semaphore>);

impl PasswordHasher {
    pub fn new(at_once: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_once)))
    }

    /// The hash to store, as a PHC string.
    pub async fn hash(&self, password: String) -> Result<String, AppError> {
        self.run(move || hash_now(&password)).await?
    }

    /// Whether the password is the one behind `hash`. Without a hash it takes as long, and is not.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, AppError> {
        self.run(move || {
            let stored = hash.as_deref().unwrap_or(NOBODYS_HASH.as_str());
            let matches = PasswordHash::new(stored).is_ok_and(|stored| {
                argon2()
                    .verify_password(password.as_bytes(), &stored)
                    .is_ok()
            });
            matches && hash.is_some()
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AppError> {
        let permit = self
            .0
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| AppError::internal())?;
        // The permit goes along: a request that gave up must not let another hash start beside it.
        let task = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        task.await.map_err(|_| AppError::internal())
    }
}

/// Refuses a new password that is too short, too long or easily guessed, and says why.
///
/// `about` is what the person's own password should not be made of: name and address.
pub fn check_password(password: &str, about: &[&str]) -> Result<(), String> {
    check_password_length(password)?;
    let estimate = zxcvbn::zxcvbn(password, about);
    if estimate.score() >= zxcvbn::Score::Two {
        return Ok(());
    }
    let feedback = estimate.feedback();
    let reason = feedback
        .and_then(|feedback| feedback.warning())
        .map_or_else(
            || "This is easily guessed.".to_owned(),
            |warning| warning.to_string(),
        );
    let advice = feedback.and_then(|feedback| feedback.suggestions().first().copied());
    Err(match advice {
        Some(advice) => format!("{reason} {advice}"),
        None => format!("{reason} Use a few unrelated words."),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weak_password_is_refused_with_the_reason() {
        assert!(check_password("password12", &[]).is_err_and(|reason| reason.len() > 20));
        assert!(check_password("mei.lin@example.com", &["mei.lin@example.com"]).is_err());
        assert!(check_password("violet-anchor-tide-61", &[]).is_ok());
    }

    #[tokio::test]
    async fn only_the_right_password_opens() {
        let hasher = PasswordHasher::new(1);
        let hash = hasher
            .hash("violet-anchor-tide".into())
            .await
            .expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let verify = |password: &str, hash| hasher.verify(password.into(), hash);
        assert_eq!(
            verify("violet-anchor-tide", Some(hash.clone())).await,
            Ok(true)
        );
        assert_eq!(verify("violet-anchor-tidE", Some(hash)).await, Ok(false));
        assert_eq!(verify("nobody's password", None).await, Ok(false));
    }
}
