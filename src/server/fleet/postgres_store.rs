//! SQL for telling other servers something through PostgreSQL, and for hearing it.

use sqlx::postgres::{PgListener, PgPoolOptions};
use sqlx::{PgPool, Postgres};

/// Sends a message to whoever listens to the channel in this database.
pub async fn notify(pool: &PgPool, channel: &str, message: &str) -> sqlx::Result<()> {
    let notify = sqlx::query::<Postgres>("SELECT pg_notify($1, $2)");
    let notify = notify.bind(channel).bind(message);
    notify.execute(pool).await.map(drop)
}

/// Calls `ear` with each message on the channel, and with `None` where some may have been missed: at first, and after
/// the connection was lost. Returns when it cannot be made again. It is a connection beside the pool's, to the address
/// that those go to.
pub async fn listen(
    pool: &PgPool,
    channel: &str,
    ear: impl Fn(Option<String>),
) -> sqlx::Result<()> {
    let beside = PgPoolOptions::new()
        .max_connections(1)
        .connect_lazy_with((*pool.connect_options()).clone());
    let mut listener = PgListener::connect_with(&beside).await?;
    listener.listen(channel).await?;
    ear(None);
    loop {
        let heard = listener.try_recv().await?;
        ear(heard.map(|message| message.payload().to_owned()));
    }
}
