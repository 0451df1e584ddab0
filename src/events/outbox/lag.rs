//! Outbox lag: events not yet dispatched, and deliveries that are overdue.

use super::store::{count_overdue, count_paused_and_dead, count_undispatched};
use crate::clock::Timestamp;
use crate::server::Conn;

/// What is told in less than this is told in time, in seconds.
const IN_TIME: i64 = 60;

/// What was not told yet, by why that is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lag {
    /// Events that were not yet given to those who want to know of them, and the oldest one's age in
    /// seconds.
    pub undispatched: i64,
    pub undispatched_seconds: i64,
    /// Deliveries that wait for longer than they should, be it that nobody came to them or that they
    /// failed, and the oldest one's age in seconds.
    pub overdue: i64,
    pub overdue_seconds: i64,
    /// Deliveries to webhooks that are paused.
    pub paused: i64,
    /// Deliveries that failed for good.
    pub dead: i64,
}

impl Lag {
    /// Whether what is not told yet is on its way. A dead letter is on its way no more.
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
