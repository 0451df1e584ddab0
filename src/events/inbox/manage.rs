//! Retrying and discarding messages that wait or were parked.

use super::bell::ring_inbox;
use super::store::{InboxMessage, InboxState, lock_message, update_message};
use crate::accounts::User;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Tx};

/// Error code: the message was already applied or discarded.
pub const SETTLED: u16 = 3502;

/// Returns the message, locked, if it is still waiting or parked.
async fn lock_open(tx: &mut Tx, id: i64) -> Result<InboxMessage, AppError> {
    let message = lock_message(tx, id).await?;
    let message = message.ok_or_else(|| AppError::not_found("message"))?;
    match message.state {
        InboxState::Waiting | InboxState::Parked => Ok(message),
        InboxState::Applied => {
            let message = t!("events-message-applied-before");
            Err(AppError::conflict(SETTLED, message))
        }
        InboxState::Discarded => {
            let message = t!("events-message-discarded-before");
            Err(AppError::conflict(SETTLED, message))
        }
    }
}

/// Retries the message now, with its try count and waiting time reset.
pub async fn retry_message(app: &App, user: &User, id: i64) -> Result<(), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let mut message = lock_open(&mut tx, id).await?;
    message.state = InboxState::Waiting;
    message.tries = 0;
    message.waiting_since = now;
    message.settled_at = None;
    update_message(&mut tx, &message, now).await?;
    tx.commit().await?;
    ring_inbox();
    tracing::info!(inbox.id = id, user.id = user.id, "A message is tried again");
    Ok(())
}

/// Discards the message: it stays listed and is not applied.
pub async fn discard_message(app: &App, user: &User, id: i64) -> Result<(), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let mut message = lock_open(&mut tx, id).await?;
    message.state = InboxState::Discarded;
    message.outcome = t!(
        "events-message-discarded-by",
        name = user.name.as_str(),
        before = message.outcome
    );
    message.settled_at = Some(now);
    update_message(&mut tx, &message, now).await?;
    tx.commit().await?;
    tracing::info!(inbox.id = id, user.id = user.id, "A message was discarded");
    Ok(())
}
