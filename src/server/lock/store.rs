//! SQL for fencing tokens, and for PostgreSQL's own locks.

use crate::clock::Timestamp;
use crate::server::{Conn, execute, fetch_optional_scalar};
use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};

/// Counts the lock's next holder and returns its token, unless the work is not due yet.
pub async fn next_token(conn: &mut Conn, name: &str, now: Timestamp) -> sqlx::Result<Option<i64>> {
    fetch_optional_scalar!(
        conn,
        "INSERT INTO locks (name, token, due_at) VALUES ($1, 1, 0)
         ON CONFLICT (name) DO UPDATE SET token = locks.token + 1 WHERE locks.due_at <= $2
         RETURNING token",
        name,
        now
    )
}

/// Says when the work is due again, if nobody has taken over.
pub async fn update_due(
    conn: &mut Conn,
    name: &str,
    token: i64,
    due: Timestamp,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE locks SET due_at = $3 WHERE name = $1 AND token = $2",
        name,
        token,
        due
    )
}

/// Distinguishes these advisory locks from others in the same database.
const LOCKS: i32 = 0x6c6f_636b;

/// Takes the advisory lock of this name, if it is free. It is the connection's, and ends with it.
pub async fn try_advisory_lock(
    pool: &PgPool,
    name: &str,
) -> sqlx::Result<Option<PoolConnection<Postgres>>> {
    let mut connection = pool.acquire().await?;
    // First of all: this may be given up at any moment, and nobody else is to get the lock with the connection.
    connection.close_on_drop();
    let locked: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1, hashtext($2))")
        .bind(LOCKS)
        .bind(name)
        .fetch_one(&mut *connection)
        .await?;
    Ok(locked.then_some(connection))
}

/// Frees the lock at once; the connection is closed after it.
pub async fn release_advisory_lock(
    mut connection: PoolConnection<Postgres>,
    name: &str,
) -> sqlx::Result<()> {
    sqlx::query("SELECT pg_advisory_unlock($1, hashtext($2))")
        .bind(LOCKS)
        .bind(name)
        .execute(&mut *connection)
        .await
        .map(drop)
}
