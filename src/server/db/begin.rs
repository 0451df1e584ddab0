//! Beginning a transaction on PostgreSQL, in one piece.
//!
//! Between asking for it and hearing that it has begun, the driver does not know of a transaction. A
//! request that is given up there, at its deadline or by a client that hangs up, would leave the
//! connection within one, and the next to get it would work in that unknowingly.

use super::connection::{Conn, Handle};
use crate::server::deadline::wait_once;
use sqlx::postgres::PgPool;
use sqlx::{SqlSafeStr, Transaction};

/// Heard in a task of its own, which goes on where the request does not; then what has begun is taken
/// back at once.
pub(super) async fn begin_postgres(pool: &PgPool, begin: &'static str) -> sqlx::Result<Conn> {
    let connection = wait_once(pool.acquire()).await?;
    let begun = tokio::spawn(Transaction::begin(connection, Some(begin.into_sql_str())));
    let transaction = begun.await.map_err(|_| sqlx::Error::WorkerCrashed)??;
    Ok(Conn::Postgres(Handle::Begun(transaction)))
}
