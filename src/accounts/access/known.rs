//! The people that requests came from a moment ago, so that not every request looks its own up.
//!
//! A change of role, password, session or token family is noted by the stores ([`Subject::People`]): on this
//! server it counts for the next request, and elsewhere within [`MOMENT`].

use super::sessions::KnownSession;
use crate::accounts::User;
use crate::server::{Cache, Epochs, MOMENT, Metrics, Subject};
use std::sync::Arc;

/// The maximum size of what is kept of each kind, in bytes.
const MOST: u64 = 8 << 20;

/// The user that a token names, and the family it belongs to.
pub type Bearer = (i64, i64);

/// Sessions by the hash of their id, and users by the token they bear. What does not exist is kept as such,
/// so a flood of made-up cookies does not reach the database with each of them.
pub struct Known {
    pub(super) sessions: Cache<String, Option<Arc<KnownSession>>>,
    pub(super) bearers: Cache<Bearer, Option<User>>,
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
}
