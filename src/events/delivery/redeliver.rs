//! Redelivery, when somebody asked for it.

use super::consumer::{Consumer, DeliveryState};
use super::lanes::hurry_lane;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{Conn, fetch_optional, rows_affected};

/// Has the delivery made again, with all its tries before it, and says to whom. None where there is
/// no such delivery, or it is not in the state `only`; the caller takes all of it back then.
pub async fn revive_delivery(
    conn: &mut Conn,
    id: i64,
    only: Option<DeliveryState>,
    now: Timestamp,
) -> Result<Option<Consumer>, AppError> {
    let found: Option<(String, String)> = fetch_optional!(
        conn,
        "SELECT consumer, subject FROM deliveries WHERE id = $1",
        id
    )?;
    let Some((consumer, subject)) = found else {
        return Ok(None);
    };
    let consumer: Consumer = consumer.parse().map_err(|_| AppError::internal())?;
    // The lane before what is in it, as everybody locks them.
    hurry_lane(conn, consumer, &subject, now).await?;
    let revived = rows_affected!(
        conn,
        "UPDATE deliveries SET state = 'waiting', tries = 0, settled_at = NULL
         WHERE id = $1 AND ($2 IS NULL OR state = $2)",
        id,
        only.map(DeliveryState::as_str)
    )?;
    Ok((revived == 1).then_some(consumer))
}
