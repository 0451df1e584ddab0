//! Work that one server does for all: once, and never by one that was overtaken.

use super::Fleet;
use crate::support::eventually::{eventually, in_time};
use crate::support::redis::RedisServer;
use crate::support::{another, execute, number, on_postgres};
use guildhall::error::{AppError, Kind};
use guildhall::server::db::Fence;
use guildhall::server::{App, Conn, Next};
use sqlx::AssertSqlSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;
use tokio::sync::oneshot;

const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_mins(10);

/// Writes a number that only the holder of the lock may write.
async fn write(app: &App, number: i64) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    update(&mut tx, number).await?;
    tx.commit().await.map_err(AppError::from)
}

/// The same among other writes, as most jobs do it.
async fn write_grouped(app: &App, number: i64) -> Result<(), AppError> {
    let work = app
        .db
        .write_grouped(move |conn| Box::pin(update(conn, number)));
    work.await
}

async fn update(conn: &mut Conn, number: i64) -> Result<(), AppError> {
    let sql = AssertSqlSafe(format!("UPDATE written SET number = {number}"));
    let done = match conn {
        Conn::Sqlite(conn) => sqlx::query(sql).execute(&mut **conn).await.map(drop),
        Conn::Postgres(conn) => sqlx::query(sql).execute(&mut **conn).await.map(drop),
    };
    done.map_err(AppError::from)
}

/// True if nobody holds the lock.
async fn is_free(app: &App) -> bool {
    let hold = app.locks.hold("test", LONG).await;
    hold.expect("asks").is_some()
}

async fn with_table(redis: &str) -> Fleet {
    let fleet = Fleet::with_urls(redis, |_| {}).await;
    let app = fleet.company.app();
    execute(app, "CREATE TABLE written (number BIGINT NOT NULL)").await;
    execute(app, "INSERT INTO written VALUES (0)").await;
    fleet
}

async fn written(app: &App) -> i64 {
    number(app, "SELECT number FROM written").await
}

/// Takes the lock on a thread of its own, which then stands still, watchdog and all, until it is told to go on.
/// Returns what became of its late writes.
fn hold_and_stand_still(
    first: App,
    held: oneshot::Sender<()>,
    go_on: mpsc::Receiver<()>,
) -> [Result<(), AppError>; 2] {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().expect("a runtime");
    runtime.block_on(async {
        // Its connections are of this runtime alone.
        let app = another(&first);
        app.join_fleet();
        eventually(async || app.redis.is_there().then_some(()).ok_or("no Redis")).await;
        let hold = app.locks.hold("test", SHORT).await.expect("asks");
        let hold = hold.expect("the lock is free");
        let work = hold.run(async {
            write(&app, 1).await?;
            held.send(()).expect("the test waits");
            go_on.recv().expect("the test goes on");
            // In a task of its own: otherwise the watchdog may be quicker to give it up.
            let fence = Fence::current().expect("a fence");
            let app = app.clone();
            let late = async move { [write(&app, -1).await, write_grouped(&app, -2).await] };
            Ok(tokio::spawn(fence.around(late)))
        });
        let late = work.await.expect("nobody else holds it");
        late.await.expect("ends")
    })
}

#[tokio::test]
async fn a_holder_that_stood_still_past_its_expiry_writes_nothing_any_more() {
    let redis = RedisServer::start().await;
    let fleet = with_table(&redis.url()).await;
    fleet.has_redis(true).await;
    let [first, second] = fleet.apps().map(App::clone);
    let (held, is_held) = oneshot::channel();
    let (go_on, told) = mpsc::channel();
    let standing = first.clone();
    let late = std::thread::spawn(move || hold_and_stand_still(standing, held, told));
    in_time(is_held).await.expect("it holds the lock");
    assert_eq!(written(&second).await, 1);

    let hold = eventually(async || {
        let hold = second.locks.hold("test", LONG).await.expect("asks");
        hold.ok_or("it is still the first's")
    })
    .await;
    let done = hold.run(async {
        write(&second, 2).await?;
        write_grouped(&second, 3).await
    });
    assert_eq!(done.await, Ok(()));
    go_on.send(()).expect("it waits");
    let late = tokio::task::spawn_blocking(move || late.join().expect("ends"));
    let late = late.await.expect("ends");
    assert_eq!(
        late.map(|it| it.map_err(|error| error.kind)),
        [Err(Kind::Unavailable); 2]
    );
    assert_eq!(written(&second).await, 3);
    // It did not release the other's lock either.
    assert!(!is_free(&first).await);
    hold.release().await;
    assert!(is_free(&first).await);
}

#[tokio::test]
async fn a_lock_is_renewed_for_as_long_as_the_work_lasts_and_lost_work_is_given_up() {
    let redis = RedisServer::start().await;
    let fleet = with_table(&redis.url()).await;
    fleet.has_redis(true).await;
    let [first, second] = fleet.apps();
    let hold = first.locks.hold("test", SHORT).await.expect("asks");
    let hold = hold.expect("the lock is free");
    let others = async {
        tokio::time::sleep(4 * SHORT).await;
        Ok(second
            .locks
            .hold("test", SHORT)
            .await
            .expect("asks")
            .is_none())
    };
    assert_eq!(hold.run(others).await, Ok(true), "it was renewed");
    let mut set = redis::cmd("SET");
    set.arg("guildhall:lock:test").arg("somebody else");
    redis.ask::<()>(&set).await.expect("is set");
    let endless = hold.run(std::future::pending::<Result<(), AppError>>());
    let given_up = in_time(endless).await.map_err(|error| error.kind);
    assert_eq!(given_up, Err(Kind::Unavailable));
}

/// Ends the connections with advisory locks in this database.
const CUT: &str = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_locks
    WHERE locktype = 'advisory' AND pid <> pg_backend_pid() AND database =
        (SELECT oid FROM pg_database WHERE datname = current_database())";

/// Both servers want to do the same at the same time, again and again.
async fn rounds(fleet: &Fleet, times: usize) -> usize {
    const PAUSE: Duration = Duration::from_mins(1);
    let runs = Arc::<AtomicUsize>::default();
    let run = async |app: &App| {
        for _ in 0..times {
            let work = async || {
                tokio::task::yield_now().await;
                runs.fetch_add(1, Ordering::SeqCst);
                Ok(Next::Pause)
            };
            app.locks.once("test", PAUSE, work).await.expect("asks");
        }
    };
    let [first, second] = fleet.apps();
    tokio::join!(run(first), run(second));
    runs.load(Ordering::SeqCst)
}

async fn one_runs(fleet: &Fleet) {
    for turn in 0..3 {
        assert_eq!(Box::pin(rounds(fleet, 5)).await, 1, "{turn}");
        // The next round is due.
        fleet.company.wait(60);
    }
}

#[tokio::test]
async fn of_two_servers_one_runs_a_job() {
    let mut redis = RedisServer::start().await;
    let fleet = Fleet::with_redis(&redis).await;
    fleet.has_redis(true).await;
    one_runs(&fleet).await;
    redis.kill();
    fleet.has_redis(false).await;
    if on_postgres() {
        one_runs(&fleet).await;
    } else {
        // Nobody keeps both from beginning; what one of them writes is refused.
        assert!((1..=2).contains(&Box::pin(rounds(&fleet, 5)).await));
    }
}

#[tokio::test]
async fn of_two_servers_with_postgresql_alone_one_runs_a_job() {
    if !on_postgres() {
        return;
    }
    let fleet = with_table("").await;
    one_runs(&fleet).await;
    let [first, second] = fleet.apps();
    let hold = first.locks.hold("test", LONG).await.expect("asks");
    let hold = hold.expect("the lock is free");
    assert!(
        second
            .locks
            .hold("test", LONG)
            .await
            .expect("asks")
            .is_none()
    );
    // The first loses its lock with its connection, and is overtaken.
    assert_eq!(number(first, CUT).await, 1);
    let other = eventually(async || {
        let other = second.locks.hold("test", LONG).await.expect("asks");
        other.ok_or("it is still the first's")
    })
    .await;
    assert_eq!(other.run(write(second, 2)).await, Ok(()));
    let late = hold.run(write(first, 1)).await;
    assert_eq!(late.map_err(|error| error.kind), Err(Kind::Unavailable));
    assert_eq!(written(first).await, 2);
}
