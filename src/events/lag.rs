//! How far the telling is behind what happened.

use crate::clock::Timestamp;
use crate::server::{Conn, with_db};

/// How many things are not yet handed on, and since when the oldest of them waits.
pub async fn outbox_lag(conn: &mut Conn) -> sqlx::Result<(i64, Option<Timestamp>)> {
    let query = "SELECT COUNT(*), MIN(at) FROM outbox WHERE dispatched_at IS NULL";
    with_db!(conn, |c| sqlx::query_as(query).fetch_one(c).await)
}
