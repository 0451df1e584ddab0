//! SQL for order numbers.

use crate::clock::Timestamp;
use crate::order_number::OrderNumber;
use crate::server::{Conn, Engine, execute, fetch_scalar};

/// Locks this year's order numbers until the transaction ends. SQLite has one writer at a time anyway.
pub async fn lock_numbers(conn: &mut Conn, now: Timestamp) -> sqlx::Result<()> {
    /// Distinguishes this advisory lock from others in the same database.
    const ORDER_NUMBERS: i32 = 0x6f72_6472;
    if conn.engine() == Engine::Sqlite {
        return Ok(());
    }
    execute!(
        conn,
        "SELECT pg_advisory_xact_lock($1, $2)",
        ORDER_NUMBERS,
        now.date_time().year()
    )
}

/// Returns the number after this year's last one.
pub async fn next_number(conn: &mut Conn, now: Timestamp) -> sqlx::Result<OrderNumber> {
    let year = i64::from(now.date_time().year());
    let ordinal = fetch_scalar!(
        conn,
        "SELECT COALESCE(MAX(ordinal), 0) + 1 FROM orders WHERE year = $1",
        year
    )?;
    Ok(OrderNumber { year, ordinal })
}
