//! Passwords: their strength and their hashes.
//!
//! A password counts by its characters, not by how a keyboard composes them: it is normalised (NFKC, as NIST
//! SP 800-63B, section 3.1.1.2 says) before it is hashed or checked.

use super::weakness::why_weak;
use crate::accounts::check_password_length;
use crate::error::AppError;
use crate::i18n::{self, t};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier, Version};
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::{UnicodeNormalization, is_nfkc};

/// Verified if there is no account, so that the response takes as long.
static NOBODYS_HASH: LazyLock<String> =
    LazyLock::new(|| hash_now("nobody's password").expect("the parameters are sound"));

/// The passwords that are guessed first. The file names its source.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("common_passwords.txt").lines();
    let passwords = lines.filter(|line| *line != "#" && !line.starts_with("# "));
    passwords.collect()
});

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

fn opens(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|stored| {
        argon2()
            .verify_password(password.as_bytes(), &stored)
            .is_ok()
    })
}

/// A new password: of an acceptable length, and not among the common ones. Estimating how easily it is
/// guessed otherwise takes time: see [`PasswordHasher::hash_new`].
#[derive(Clone)]
pub struct NewPassword(String);

impl NewPassword {
    pub fn read(typed: &str) -> Result<Self, &'static str> {
        // Checked first: what follows never handles more than this.
        check_password_length(typed)?;
        let password: String = typed.nfkc().collect();
        check_password_length(&password)?;
        if COMMON.contains(password.to_lowercase().as_str()) {
            return Err(t!("accounts-password-common"));
        }
        Ok(Self(password))
    }
}

/// The result of comparing a password given at sign-in with the stored one.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right as typed, and stored so by an earlier version: this hash is to replace it.
    RightButOld(String),
}

/// Hashes passwords off the threads that answer requests, a bounded number at a time.
#[derive(Clone)]
pub struct PasswordHasher {
    turns: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

impl PasswordHasher {
    pub fn new(at_once: usize) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(at_once)),
            waiting: Arc::default(),
        }
    }

    /// Returns the hash to store for a new password, as a PHC string; or why it is too easily guessed.
    ///
    /// `about` is what the password should not consist of: the person's name and address, short ones.
    pub async fn hash_new(
        &self,
        password: NewPassword,
        about: Vec<String>,
    ) -> Result<String, AppError> {
        self.run(move || {
            check_strength(&password.0, &about)
                .map_err(|reason| AppError::invalid("password", reason))?;
            hash_now(&password.0)
        })
        .await?
    }

    /// Compares the password with `hash`. Without a hash it takes as long, and is wrong.
    pub async fn verify(&self, typed: String, hash: Option<String>) -> Result<Verdict, AppError> {
        self.run(move || verdict(&typed, hash.as_deref())).await?
    }

    /// Waits for a turn to work on one password. The next in line waits until it is dropped.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit, AppError> {
        let _waiting = Waiting::new(&self.waiting);
        let turn = self.turns.clone().acquire_owned().await;
        turn.map_err(|_| AppError::internal())
    }

    /// Returns the number of those waiting for their turn.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AppError> {
        let turn = self.turn().await?;
        // A refusal is worded where the work is done.
        let language = i18n::current();
        // The permit moves along: an abandoned request must not let another hash start beside it.
        let task = tokio::task::spawn_blocking(move || {
            let result = i18n::with(language, work);
            drop(turn);
            result
        });
        task.await.map_err(|_| AppError::internal())
    }
}

/// Counts one waiting request, for as long as it waits.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn verdict(typed: &str, hash: Option<&str>) -> Result<Verdict, AppError> {
    let stored = hash.unwrap_or(NOBODYS_HASH.as_str());
    // A password of an impossible length is not worked on, but takes as long.
    let typed = if check_password_length(typed).is_ok() {
        typed
    } else {
        ""
    };
    let password: String = typed.nfkc().collect();
    if opens(&password, stored) && hash.is_some() {
        return Ok(Verdict::Right);
    }
    if !is_nfkc(typed) && opens(typed, stored) && hash.is_some() {
        return hash_now(&password).map(Verdict::RightButOld);
    }
    Ok(Verdict::Wrong)
}

/// Refuses an easily guessed password, with the reason.
fn check_strength(password: &str, about: &[String]) -> Result<(), String> {
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    let estimate = zxcvbn::zxcvbn(password, &about);
    if estimate.score() >= zxcvbn::Score::Two {
        return Ok(());
    }
    Err(why_weak(estimate.feedback()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::thread;

    #[test]
    fn a_weak_password_is_refused_with_the_reason() {
        let check = |password, about: &[&str]| {
            check_strength(
                password,
                &about.iter().map(|&it| it.to_owned()).collect::<Vec<_>>(),
            )
        };
        assert!(check("aaaaaaaaaaaa", &[]).is_err_and(|reason| reason.len() > 20));
        assert!(check("mei.lin@example.com", &["mei.lin@example.com"]).is_err());
        assert!(check("violet-anchor-tide-61", &[]).is_ok());
    }

    #[test]
    fn the_passwords_used_most_are_known_however_they_are_written() {
        assert_eq!(COMMON.len(), 10_000);
        for common in [
            "1q2w3e4r5t6y7u8i9o0p",
            "PassWord123",
            "ｐａｓｓｗｏｒｄ１２３",
        ] {
            let refused = NewPassword::read(common).err().expect("is refused");
            assert!(refused.contains("used most"), "{common}: {refused}");
        }
        assert!(NewPassword::read("violet-anchor-tide-61").is_ok());
    }

    #[test]
    fn a_password_is_counted_in_the_form_it_is_hashed_in() {
        // Nine letters of two characters each when decomposed.
        let apart = "e\u{301}".repeat(9);
        assert!(NewPassword::read(&apart).is_err());
        // One character that normalises to eighteen.
        assert!(NewPassword::read(&"\u{fdfa}".repeat(10)).is_err());
        assert!(NewPassword::read(&"x".repeat(1 << 20)).is_err());
    }

    async fn hash(hasher: &PasswordHasher, password: &str) -> String {
        let new = NewPassword::read(password).expect("a password");
        hasher.hash_new(new, Vec::new()).await.expect("hashes")
    }

    #[tokio::test]
    async fn only_the_right_password_opens() {
        let hasher = PasswordHasher::new(1);
        let hash = hash(&hasher, "violet-anchor-tide").await;
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let verify = |password: &str, hash| hasher.verify(password.into(), hash);
        assert_eq!(
            verify("violet-anchor-tide", Some(hash.clone())).await,
            Ok(Verdict::Right)
        );
        for wrong in ["violet-anchor-tidE", "", &"x".repeat(1 << 20)] {
            assert_eq!(verify(wrong, Some(hash.clone())).await, Ok(Verdict::Wrong));
        }
        assert_eq!(verify("nobody's password", None).await, Ok(Verdict::Wrong));
    }

    #[tokio::test]
    async fn one_password_is_the_same_on_every_keyboard() {
        let hasher = PasswordHasher::new(1);
        // As typed on a phone, and on a Mac; and full-width digits.
        let (composed, apart, wide) = (
            "café-très-61",
            "cafe\u{301}-tre\u{300}s-61",
            "café-très-６１",
        );
        let hash = hash(&hasher, apart).await;
        for typed in [composed, apart, wide] {
            let verdict = hasher.verify(typed.into(), Some(hash.clone())).await;
            assert_eq!(verdict, Ok(Verdict::Right), "{typed}");
        }
        // Stored as typed, before passwords were normalised.
        let old = hash_now(apart).expect("hashes");
        let verdict = hasher.verify(apart.into(), Some(old.clone())).await;
        let Ok(Verdict::RightButOld(better)) = verdict else {
            panic!("{verdict:?}")
        };
        let verdict = hasher.verify(composed.into(), Some(better)).await;
        assert_eq!(verdict, Ok(Verdict::Right));
        let verdict = hasher.verify(composed.into(), Some(old)).await;
        assert_eq!(verdict, Ok(Verdict::Wrong), "not what is stored");
        assert_eq!(hasher.verify(apart.into(), None).await, Ok(Verdict::Wrong));
    }

    #[tokio::test]
    async fn the_work_is_done_off_the_threads_that_answer() {
        let hasher = PasswordHasher::new(1);
        let there = hasher.run(|| thread::current().id()).await.expect("runs");
        assert_ne!(there, thread::current().id());
    }

    proptest! {
        #[test]
        fn reading_a_password_never_fails_and_gives_one_form(typed in ".{0,140}") {
            if let Ok(NewPassword(password)) = NewPassword::read(&typed) {
                prop_assert!(is_nfkc(&password));
                prop_assert!((10..=128).contains(&password.chars().count()));
            }
        }
    }
}
