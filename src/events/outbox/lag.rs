//! Outbox lag: events not yet dispatched, and deliveries that are overdue.

use super::store::{count_overdue, count_paused_and_dead, count_undispatched};
use crate::clock::Timestamp;
use crate::server::Conn;

/// The age, in seconds, below which a pending event is in time.
const IN_TIME: i64 = 60;

/// Undelivered events, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lag {
    /// Events not yet dispatched to their consumers, and the age of the oldest in seconds.
    pub undispatched: i64,
    pub undispatched_seconds: i64,
    /// Deliveries waiting longer than they should, whether untried or failed, and the age of the
    /// oldest in seconds.
    pub overdue: i64,
    pub overdue_seconds: i64,
    /// Waiting deliveries to paused webhooks.
    pub paused: i64,
    /// Deliveries that failed for good.
    pub dead: i64,
}

impl Lag {
    /// Returns true if nothing pending is late. A dead letter is no longer pending.
    pub const fn in_time(&self) -> bool {
        self.undispatched_seconds < IN_TIME && self.overdue == 0
    }
}

pub async fn outbox_lag(conn: &mut Conn, now: Timestamp) -> sqlx::Result<Lag> {
    let age = |at: Option<Timestamp>| at.map_or(0, |at| now.seconds_since(at).max(0));
    let (undispatched, first) = count_undispatched(conn).await?;
    let (overdue, oldest) = count_overdue(conn, now.plus_seconds(-IN_TIME)).await?;
    let (paused, dead) = count_paused_and_dead(conn).await?;
    Ok(Lag {
        undispatched,
        undispatched_seconds: age(first),
        overdue,
        overdue_seconds: age(oldest),
        paused,
        dead,
    })
}
