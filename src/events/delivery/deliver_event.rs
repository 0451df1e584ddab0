//! The delivery of one event to one consumer, for whoever brings it: the broker.
//!
//! The lane decides all the same: what comes before the event in it is delivered first, and nobody works on a lane
//! that another has leased.

use super::consumer::{Consumer, DeliveryState};
use super::deliver::{Lane, Settled, deliver_next, new_lease};
use super::lane_store::{claim_lane, find_lane_due};
use super::outcome::Told;
use super::store::find_delivery_state;
use crate::error::AppError;
use crate::server::App;
use std::time::{Duration, Instant};

/// The pause after which an event is brought again whose lane somebody else works on.
const BUSY: Duration = Duration::from_millis(250);

/// The pause after which an event is brought again that cannot be sent just now: to a webhook that is paused.
const HELD: Duration = Duration::from_secs(5);

/// The time after which no further delivery of a lane is begun for one event.
const LONGEST_TURN: Duration = Duration::from_secs(40);

/// The state of an event's delivery after a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// It is made, or was not to be made.
    Settled,
    /// It was given up; staff decide.
    Dead,
    /// It is to be brought again after this time.
    Later(Duration),
}

/// Makes the deliveries of the event's lane up to the event itself, one after the other.
pub async fn deliver_event(
    app: &App,
    consumer: Consumer,
    told: &Told,
) -> Result<Reached, AppError> {
    let begun = Instant::now();
    loop {
        let mut conn = app.db.read().await?;
        let state = find_delivery_state(&mut conn, consumer, told.seq).await?;
        drop(conn);
        match state {
            Some(DeliveryState::Waiting) => {}
            Some(DeliveryState::Dead) => return Ok(Reached::Dead),
            Some(DeliveryState::Done | DeliveryState::Discarded) | None => {
                return Ok(Reached::Settled);
            }
        }
        if begun.elapsed() > LONGEST_TURN {
            return Ok(Reached::Later(BUSY));
        }
        let Some(lane) = claim(app, consumer, &told.subject).await? else {
            return until_due(app, consumer, &told.subject).await;
        };
        match deliver_next(app.clone(), lane, Some(told.clone())).await? {
            // The next round sees how far the lane has come.
            Settled::Done | Settled::Failed(_) => {}
            Settled::Other | Settled::Nothing => return Ok(Reached::Later(HELD)),
        }
    }
}

async fn claim(app: &App, consumer: Consumer, subject: &str) -> Result<Option<Lane>, AppError> {
    let now = app.clock.now();
    let lease = new_lease(now);
    let lane = Lane {
        consumer,
        subject: subject.to_owned(),
        lease: lease.id,
    };
    let work = app.db.write_grouped(move |conn| {
        Box::pin(async move {
            let claimed = claim_lane(conn, lane.consumer, &lane.subject, lease, now).await?;
            Ok(claimed.then_some(lane))
        })
    });
    work.await
}

/// Returns the time to wait for the lane: until its next try, or a moment where somebody works on it.
async fn until_due(app: &App, consumer: Consumer, subject: &str) -> Result<Reached, AppError> {
    let mut conn = app.db.read().await?;
    let due = find_lane_due(&mut conn, consumer, subject).await?;
    let wait = match due {
        Some((due_at, false)) => {
            let seconds = due_at.seconds_since(app.clock.now()).max(0);
            Duration::from_secs(seconds.unsigned_abs()).max(BUSY)
        }
        Some((_, true)) | None => BUSY,
    };
    Ok(Reached::Later(wait))
}
