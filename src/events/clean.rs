//! What is over is dropped after a while.

use super::{delivery_store, inbox_store, outbox_store};
use crate::error::AppError;
use crate::server::App;

/// So much is dropped in one transaction, so that nobody waits long for the writer.
const BITE: i64 = 1_000;

/// So many bites of each are taken in one run.
const MOST_BITES: usize = 100;

/// Drops deliveries, events and messages that are older than they are kept. Dead letters and parked
/// messages stay until staff decide. Run now and then.
pub async fn delete_old(app: &App) -> Result<(), AppError> {
    let before = app.clock.now().plus_days(-app.config.events.keep_days);
    for _ in 0..MOST_BITES {
        let mut tx = app.db.write().await?;
        let deliveries = delivery_store::delete_old_deliveries(&mut tx, before, BITE).await?;
        let events = outbox_store::delete_old_events(&mut tx, before, BITE).await?;
        let messages = inbox_store::delete_old_messages(&mut tx, before, BITE).await?;
        tx.commit().await?;
        if deliveries + events + messages == 0 {
            break;
        }
    }
    Ok(())
}
