//! Redelivery on request.

use super::consumer::{Consumer, DeliveryState};
use super::lane_store::hurry_lanes;
use super::store::{find_lane_of, update_to_waiting};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::Conn;

/// Makes the delivery due again, with its try count reset, and returns its consumer. `None` if it
/// does not exist or is not in the state `only`; the caller then rolls back.
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
    // Lock order, as everywhere: the lane before its deliveries.
    hurry_lanes(conn, &[(consumer, &subject)], now).await?;
    let revived = update_to_waiting(conn, id, only).await?;
    Ok(revived.then_some(consumer))
}
