//! The outcome of one delivery.

use crate::events::webhooks::Attempt;

/// How a delivery went.
pub enum Outcome {
    Done,
    Failed(String),
    /// The other side wants nothing more.
    Gone,
    /// It is not to be sent just now.
    Postponed,
}

/// What came of sending, and what a webhook's log keeps of it.
pub struct Sent {
    pub outcome: Outcome,
    pub attempt: Option<Attempt>,
    /// How many seconds the other side asked to be left alone for.
    pub wait: Option<i64>,
}

impl From<Outcome> for Sent {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            attempt: None,
            wait: None,
        }
    }
}
