//! Dead letters: failed deliveries, kept until staff retry or discard them.

use super::consumer::DeliveryState;
use super::dead_letter_store::discard_dead_delivery;
use super::redeliver::revive_delivery;
use crate::accounts::User;
use crate::error::AppError;
use crate::outbox;
use crate::server::App;

fn no_such_letter() -> AppError {
    AppError::not_found("dead-letter")
}

/// Retries a dead letter, with its try count reset.
pub async fn retry_dead(app: &App, user: &User, id: i64) -> Result<(), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let revived = revive_delivery(&mut tx, id, Some(DeliveryState::Dead), now).await?;
    revived.ok_or_else(no_such_letter)?;
    tx.commit().await?;
    outbox::ring();
    tracing::info!(
        delivery.id = id,
        user.id = user.id,
        "A dead letter is sent again"
    );
    Ok(())
}

/// Discards a dead letter.
pub async fn discard_dead(app: &App, user: &User, id: i64) -> Result<(), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    if !discard_dead_delivery(&mut tx, id, now).await? {
        return Err(no_such_letter());
    }
    tx.commit().await?;
    tracing::info!(
        delivery.id = id,
        user.id = user.id,
        "A dead letter was discarded"
    );
    Ok(())
}
