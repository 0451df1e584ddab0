//! Room between the cards of a column, made where there is none left.
//!
//! Only so many cards around the place are moved apart, however many the column has: a request
//! must not take longer the more others have put there.

use crate::error::{AppError, STALE};
use crate::i18n::t;
use crate::server::{Conn, execute, fetch_optional, fetch_scalar};
use crate::tasks::task::Side;
use crate::tasks::{GAP, Task};

/// How many cards on each side are moved apart, and how far from each other they must then be for it to
/// be worth it: first a few, so that there is room for long; then as many as one request may move.
const STEPS: [(i64, i64); 2] = [(100, 1 << 6), (1_000, 2)];

/// A card's place among the others of its column: position and id.
type Rank = (i64, i64);

/// Moves the cards around `card` apart, in the order they have.
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

/// Where so many cards begin, and how far they are from each other, between two that stay. Beyond the ends
/// of a column there is room for all.
fn spread(above: Option<Rank>, below: Option<Rank>, count: i64) -> (i64, i64) {
    let room = (count + 1).saturating_mul(GAP);
    match (above, below) {
        (Some((above, _)), Some((below, _))) => (above, below.saturating_sub(above) / (count + 1)),
        (Some((above, _)), None) => (above, GAP),
        (None, Some((below, _))) => (below.saturating_sub(room), GAP),
        (None, None) => (0, GAP),
    }
}

/// The first card beyond `reach` others, on one side of `card`.
async fn find_rank(
    conn: &mut Conn,
    card: &Task,
    side: Side,
    reach: i64,
) -> sqlx::Result<Option<Rank>> {
    let query = match side {
        Side::Above => {
            "SELECT position, id FROM tasks
             WHERE board_id = $1 AND status = $2 AND (position, id) < ($3, $4)
             ORDER BY position DESC, id DESC LIMIT 1 OFFSET $5"
        }
        Side::Below => {
            "SELECT position, id FROM tasks
             WHERE board_id = $1 AND status = $2 AND (position, id) > ($3, $4)
             ORDER BY position, id LIMIT 1 OFFSET $5"
        }
    };
    fetch_optional!(
        conn,
        query,
        card.board_id,
        &card.status,
        card.position,
        card.id,
        reach
    )
}

async fn count_between(
    conn: &mut Conn,
    card: &Task,
    (above, below): (Rank, Rank),
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "SELECT COUNT(*) FROM tasks
         WHERE board_id = $1 AND status = $2
           AND (position, id) > ($3, $4) AND (position, id) < ($5, $6)",
        card.board_id,
        &card.status,
        above.0,
        above.1,
        below.0,
        below.1
    )
}

async fn move_apart(
    conn: &mut Conn,
    card: &Task,
    (above, below): (Rank, Rank),
    start: i64,
    distance: i64,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE tasks SET position = $7 + ranked.place * $8
         FROM (SELECT id AS ranked_id, ROW_NUMBER() OVER (ORDER BY position, id) AS place
               FROM tasks
               WHERE board_id = $1 AND status = $2
                 AND (position, id) > ($3, $4) AND (position, id) < ($5, $6)) AS ranked
         WHERE tasks.id = ranked.ranked_id",
        card.board_id,
        &card.status,
        above.0,
        above.1,
        below.0,
        below.1,
        start,
        distance
    )
}
