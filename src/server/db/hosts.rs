//! Several addresses of one PostgreSQL: connections go to the one that takes writes.
//!
//! `postgres://USER:PASSWORD@one:5432,two:5432/NAME`, as libpq has it. The address in use is asked again and again
//! whether it is there and no standby; where it is not, the others are, and connections go to the first that is.
//! One that was left out is asked with the rest the next time. Names are looked up for each connection anew.

use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool};
use sqlx::{ConnectOptions, Connection, Postgres};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

/// The interval between looks at the address in use.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// The longest wait for an address to answer.
const LONGEST: Duration = Duration::from_secs(2);

/// Returns the URL of each address that the URL names with commas between.
pub fn each_address(url: &str) -> Vec<String> {
    let start = url.find("://").map_or(0, |at| at + "://".len());
    let end = url[start..].find(['/', '?', '#']);
    let end = end.map_or(url.len(), |at| start + at);
    let hosts = url[start..end]
        .rfind('@')
        .map_or(start, |at| start + at + 1);
    let each = url[hosts..end].split(',');
    each.map(|host| format!("{}{host}{}", &url[..hosts], &url[end..]))
        .collect()
}

/// Opens a pool to several addresses, and looks after it for as long as it is open.
pub fn open(options: PoolOptions<Postgres>, addresses: Vec<PgConnectOptions>) -> PgPool {
    let moved = Arc::new(RwLock::new(Instant::now()));
    let last_move = Arc::clone(&moved);
    let pool = options
        // Below: a connection to an address that is silent would not even answer that.
        .test_before_acquire(false)
        .before_acquire(move |connection, meta| {
            let is_older = meta.age > elapsed(&last_move);
            Box::pin(async move {
                if is_older {
                    return Ok(false);
                }
                connection.ping().await.map(|()| true)
            })
        })
        .after_connect(|connection, _| Box::pin(refuse_standby(connection)))
        .connect_lazy_with(addresses[0].clone());
    tokio::spawn(follow(pool.clone(), addresses, moved));
    pool
}

fn elapsed(since: &RwLock<Instant>) -> Duration {
    // Whoever holds it does nothing that could panic.
    since.read().map_or(Duration::ZERO, |since| since.elapsed())
}

/// Moves the pool from an address that is away to one that is there. Connections from before the move are dropped
/// when they are next used.
async fn follow(pool: PgPool, addresses: Vec<PgConnectOptions>, moved: Arc<RwLock<Instant>>) {
    let mut used = 0;
    while !pool.is_closed() {
        if let Some(found) = first_that_is_there(&addresses, used).await
            && found != used
        {
            used = found;
            let address = &addresses[found];
            pool.set_connect_options(address.clone());
            if let Ok(mut moved) = moved.write() {
                *moved = Instant::now();
            }
            tracing::warn!(
                database.host = address.get_host(),
                database.port = address.get_port(),
                "PostgreSQL is away or a standby: connections go to the next address"
            );
        }
        sleep(BETWEEN_LOOKS).await;
    }
}

/// Returns the place of the first address that takes writes, beginning with the one in use.
async fn first_that_is_there(addresses: &[PgConnectOptions], used: usize) -> Option<usize> {
    for step in 0..addresses.len() {
        let place = (used + step) % addresses.len();
        let asked = timeout(LONGEST, ask(&addresses[place])).await;
        if matches!(asked, Ok(Ok(()))) {
            return Some(place);
        }
    }
    None
}

async fn ask(address: &PgConnectOptions) -> sqlx::Result<()> {
    let mut connection = address.connect().await?;
    refuse_standby(&mut connection).await?;
    connection.close().await
}

async fn refuse_standby(connection: &mut PgConnection) -> sqlx::Result<()> {
    let standby: bool = sqlx::query_scalar("SELECT pg_is_in_recovery()")
        .fetch_one(connection)
        .await?;
    match standby {
        false => Ok(()),
        true => Err(sqlx::Error::Configuration("it is a standby".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_one_address_or_several() {
        for (url, each) in [
            ("postgres://a/db", &["postgres://a/db"] as &[_]),
            (
                "postgres://me:p%2Cw@a:1,[::1]:2,c/db?sslmode=require",
                &[
                    "postgres://me:p%2Cw@a:1/db?sslmode=require",
                    "postgres://me:p%2Cw@[::1]:2/db?sslmode=require",
                    "postgres://me:p%2Cw@c/db?sslmode=require",
                ],
            ),
            (
                "postgres://me:a,b@c@a,b?application_name=x,y",
                &[
                    "postgres://me:a,b@c@a?application_name=x,y",
                    "postgres://me:a,b@c@b?application_name=x,y",
                ],
            ),
        ] {
            assert_eq!(each_address(url), each);
            assert!(
                each.iter()
                    .all(|url| url.parse::<PgConnectOptions>().is_ok()),
                "{url}"
            );
        }
    }
}
