//! Room between the cards of a column, made where there is none left.
//!
//! Only a limited number of cards around the place are moved, however many the column has: a request must not
//! take longer the more cards others have put there.

use super::store::{Rank, count_between, find_rank, move_apart};
use crate::error::{AppError, STALE};
use crate::i18n::t;
use crate::server::Conn;
use crate::tasks::task::Side;
use crate::tasks::{GAP, Task};

/// The number of cards moved on each side, and the distance that must result for it to be worth it: first a
/// few, so that there is room for long; then as many as one request may move.
const STEPS: [(i64, i64); 2] = [(100, 1 << 6), (1_000, 2)];

/// Spreads the cards around `card` apart, keeping their order.
pub async fn make_room(conn: &mut Conn, card: &Task) -> Result<(), AppError> {
    for (reach, enough) in STEPS {
        let above = find_rank(conn, card, Side::Above, reach).await?;
        let below = find_rank(conn, card, Side::Below, reach).await?;
        let between = (above.unwrap_or(LOWEST), below.unwrap_or(HIGHEST));
        let count = count_between(conn, card, between).await?;
        let (start, distance) = spread(above, below, count);
        if distance >= enough {
            move_apart(conn, card, between, start, distance).await?;
            return Ok(());
        }
    }
    Err(AppError::conflict(STALE, t!("tasks-position-no-room")))
}

const LOWEST: Rank = (i64::MIN, i64::MIN);
const HIGHEST: Rank = (i64::MAX, i64::MAX);

/// Returns the start and the spacing of `count` cards between two that stay. Beyond the ends of a column
/// there is room for all.
fn spread(above: Option<Rank>, below: Option<Rank>, count: i64) -> (i64, i64) {
    let room = (count + 1).saturating_mul(GAP);
    match (above, below) {
        (Some((above, _)), Some((below, _))) => (above, below.saturating_sub(above) / (count + 1)),
        (Some((above, _)), None) => (above, GAP),
        (None, Some((below, _))) => (below.saturating_sub(room), GAP),
        (None, None) => (0, GAP),
    }
}
