//! Retention: deletes finished events, deliveries and message bodies after a while.

use super::store;
use crate::error::AppError;
use crate::events::{delivery, inbox, mail};
use crate::server::{App, Next};
use std::time::Duration;
use tokio::time::sleep;

/// The maximum rows of each kind per transaction, so that nobody waits long for the writer.
const BITE: i64 = 1_000;

/// The maximum number of transactions per run; if there is more, the next run follows at once.
const MOST_BITES: usize = 20;

/// The pause between transactions, in which others write.
const BREATH: Duration = Duration::from_millis(10);

/// Deletes deliveries and events, and clears message bodies, past their retention, and returns
/// whether there is more. What waits, dead letters and parked messages stay until they are settled.
pub async fn delete_old(app: &App) -> Result<Next, AppError> {
    let now = app.clock.now();
    let before = now.plus_days(-app.config.events.keep_days);
    let mut tx = app.db.write().await?;
    mail::delete_old_sent(&mut tx, now.plus_days(-2)).await?;
    tx.commit().await?;
    for _ in 0..MOST_BITES {
        let mut tx = app.db.write().await?;
        let deliveries = delivery::delete_old_deliveries(&mut tx, before, BITE).await?;
        let events = store::delete_old_events(&mut tx, before, BITE).await?;
        let texts = inbox::delete_old_texts(&mut tx, before, BITE).await?;
        tx.commit().await?;
        if deliveries + events + texts == 0 {
            return Ok(Next::Pause);
        }
        sleep(BREATH).await;
    }
    Ok(Next::GoOn)
}
