//! Redelivery, when somebody asked for it.

use super::consumer::{Consumer, DeliveryState};
use super::lane_store::hurry_lane;
use super::store::{find_lane_of, update_to_waiting};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::Conn;

/// Has the delivery made again, with its count of tries begun anew, and says to whom. None where there is
/// no such delivery, or it is not in the state `only`; the caller takes all of it back then.
pub async fn revive_delivery(
    conn: &mut Conn,
    id: i64,
    only: Option<DeliveryState>,
    now: Timestamp,
) -> Result<Option<Consumer>, AppError> {
    let Some((consumer, subject)) = find_lane_of(conn, id).await? else {
        return Ok(None);
    };
    let consumer: Consumer = consumer.parse().map_err(|_| AppError::internal())?;
    // The lane before what is in it, as everybody locks them.
    hurry_lane(conn, consumer, &subject, now).await?;
    let revived = update_to_waiting(conn, id, only).await?;
    Ok(revived.then_some(consumer))
}
