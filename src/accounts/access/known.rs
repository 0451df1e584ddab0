//! The people that requests came from a moment ago, so that not every request looks its own up.
//!
//! A change of role, password, session or token family is noted by the stores ([`Subject::People`]): on this
//! server it counts for the next request, and elsewhere within [`MOMENT`].

use super::sessions::KnownSession;
use crate::accounts::User;
use crate::error::AppError;
use crate::server::{Cache, Epochs, MOMENT, Metrics, Subject};
use std::sync::Arc;

/// The maximum size of what is kept of each kind, in bytes.
const MOST: u64 = 8 << 20;

/// The user that a token names, and the family it belongs to.
pub type Bearer = (i64, i64);

/// Sessions by the hash of their id, and users by the token they bear. What does not exist is kept as such,
/// so a flood of made-up cookies does not reach the database with each of them.
pub struct Known {
    sessions: Cache<String, Option<Arc<KnownSession>>>,
    bearers: Cache<Bearer, Option<User>>,
}

impl Known {
    pub fn new(epochs: &Epochs, metrics: &Metrics) -> Self {
        const SUBJECTS: &[Subject] = &[Subject::People];
        Self {
            sessions: Cache::new(epochs, SUBJECTS, MOMENT, MOST, |_| 0)
                .counted_by(metrics.cache("sessions")),
            bearers: Cache::new(epochs, SUBJECTS, MOMENT, MOST, |_| 0)
                .counted_by(metrics.cache("bearers")),
        }
    }

    pub async fn session<F>(
        &self,
        hash: String,
        read: impl FnOnce() -> F,
    ) -> Result<Option<Arc<KnownSession>>, AppError>
    where
        F: Future<Output = Result<Option<Arc<KnownSession>>, AppError>>,
    {
        self.sessions.get(hash, read).await
    }

    pub async fn forget_session(&self, hash: String) {
        self.sessions.forget(hash).await;
    }

    pub async fn bearer<F>(
        &self,
        bearer: Bearer,
        read: impl FnOnce() -> F,
    ) -> Result<Option<User>, AppError>
    where
        F: Future<Output = Result<Option<User>, AppError>>,
    {
        self.bearers.get(bearer, read).await
    }
}
