//! The outcome of one delivery, and the event that somebody asks it for.

use crate::events::webhooks::Attempt;
use crate::server::telemetry::traces::SpanPoint;

/// An event that is to be delivered now.
#[derive(Clone, Debug)]
pub struct Told {
    pub seq: i64,
    pub subject: String,
    /// The span that it was told in; without an id where it has none.
    pub span: SpanPoint,
}

/// The result of one try.
pub enum Outcome {
    Done,
    Failed(String),
    /// The recipient wants no more events.
    Gone,
    /// Not to be sent just now.
    Postponed,
}

/// The outcome of sending, and the entry for the webhook's log.
pub struct Sent {
    pub outcome: Outcome,
    pub attempt: Option<Attempt>,
    /// The wait that the recipient asked for, or that a failing one is given, in seconds.
    pub wait: Option<i64>,
}

impl Sent {
    /// Not sent, and not to be tried before this many seconds have passed.
    pub fn postponed(seconds: u64) -> Self {
        Self {
            wait: i64::try_from(seconds).ok(),
            ..Outcome::Postponed.into()
        }
    }
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
