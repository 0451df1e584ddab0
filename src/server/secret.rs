//! The secret that signs the access tokens: long, and none that somebody would think of.

use super::config::Environment;
use anyhow::{Result, ensure};

/// The power of ten of guesses that it withstands; more are not told apart. Thirty-two random characters
/// of any sort are far beyond.
const GUESSES: f64 = 19.0;

/// What is wrong with the secret, and how to get a good one. In development there may be none: it is
/// made up then.
pub fn check(secret: &str, environment: Environment) -> Result<()> {
    const HOW: &str =
        "set GUILDHALL_ACCOUNTS_TOKEN_SECRET, for example to the output of: openssl rand -hex 32";
    let development = environment == Environment::Development;
    ensure!(
        secret.len() >= 32 || development && secret.is_empty(),
        "accounts.token_secret needs at least 32 characters; {HOW}"
    );
    ensure!(
        development || zxcvbn::zxcvbn(secret, &["guildhall"]).guesses_log10() >= GUESSES,
        "accounts.token_secret is long, but easily guessed; {HOW}"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_of_production_is_one_that_nobody_guesses() {
        for weak in [
            &*"a".repeat(45),
            &"password".repeat(5),
            &"abc123".repeat(8),
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "00000000000000000000000000000000000000000000000000000000000000001",
            "changeme-changeme-changeme-changeme",
        ] {
            let error = check(weak, Environment::Production).expect_err(weak);
            assert!(error.to_string().contains("easily guessed"), "{error}");
            assert!(check(weak, Environment::Development).is_ok(), "{weak}");
        }
        for good in [
            "5f1d7c9b3e8a4c62b7d09e15a3f8c4d2",
            "c0b1e6f94a7d2358910fbe46d7a3c85e64f2019b8d7ca53e1206f9b4d8e7a3c1",
            "kT9vQ2mZx7RbW4nLpE8sYcJ6hGd3FuA1",
        ] {
            assert!(check(good, Environment::Production).is_ok(), "{good}");
        }
    }

    #[test]
    fn none_is_needed_in_development_and_a_short_one_is_refused_everywhere() {
        assert!(check("", Environment::Development).is_ok());
        assert!(check("", Environment::Production).is_err());
        for environment in [Environment::Development, Environment::Production] {
            assert!(check("kT9vQ2mZx7RbW4nLp", environment).is_err());
        }
    }
}
