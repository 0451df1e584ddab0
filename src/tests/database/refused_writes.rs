//! Writes that SQLite gives up in the middle: nothing of them stays, and the next one is fine.
//!
//! It takes a transaction back by itself where it is interrupted or has no room or memory left. What it
//! cannot read or write is in full_disk.rs, where a disk does it.

use crate::support::eventually::{eventually, in_time};
use crate::support::{TestServer, number};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use guildhall::error::AppError;
use guildhall::server::{App, Conn, Db};
use sqlx::AssertSqlSafe;
use std::sync::Arc;
use tokio::sync::Barrier;

/// How a write comes to grief.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Interrupted,
    NoMemory,
    NoRoom,
}

const FAULTS: [Fault; 3] = [Fault::Interrupted, Fault::NoMemory, Fault::NoRoom];

async fn execute(conn: &mut Conn, sql: &str) -> sqlx::Result<()> {
    let sql = AssertSqlSafe(sql.to_owned());
    let Conn::Sqlite(conn) = conn else {
        panic!("SQLite alone gives up like this")
    };
    sqlx::query(sql).execute(&mut **conn).await.map(drop)
}

async fn add(conn: &mut Conn, slug: &str) -> sqlx::Result<()> {
    let sql =
        format!("INSERT INTO categories (slug, name, position) VALUES ('{slug}', '{slug}', 1)");
    execute(conn, &sql).await
}

impl Fault {
    /// Brings it about, on a connection that has written something already.
    async fn strike(self, conn: &mut Conn) -> Result<(), AppError> {
        match self {
            Self::Interrupted => {
                if let Conn::Sqlite(conn) = conn {
                    let mut handle = conn.lock_handle().await?;
                    handle.set_progress_handler(1, || false);
                }
                add(conn, "interrupted").await?;
            }
            Self::NoMemory => {
                // The limit is the whole process's, and far from what the other tests need.
                execute(conn, "PRAGMA hard_heap_limit = 536870912").await?;
                let sql = "SELECT length(randomblob(900000000)) FROM sqlite_master LIMIT 1";
                execute(conn, sql).await?;
            }
            Self::NoRoom => {
                execute(conn, "PRAGMA max_page_count = 1").await?;
                let sql = "INSERT INTO categories (slug, name, position)
                           VALUES ('large', printf('%.*c', 100000, 'x'), 1)";
                execute(conn, sql).await?;
            }
        }
        panic!("{self:?} did not strike")
    }
}

/// Lets the file grow again, on whichever connection writes now.
async fn make_room(server: &TestServer) {
    crate::support::execute(&server.app, "PRAGMA max_page_count = 1000000").await;
}

async fn count(server: &TestServer, condition: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM categories WHERE {condition}");
    number(&server.app, &sql).await
}

#[tokio::test]
async fn after_a_write_that_was_given_up_the_next_is_fine() {
    for fault in FAULTS {
        let server = TestServer::start().await;
        let Db::Sqlite { .. } = &server.app.db else {
            return;
        };
        let mut tx = server.app.db.write().await.expect("begins");
        add(&mut tx, "before").await.expect("writes");
        let error = fault.strike(&mut tx).await.expect_err("is refused");
        assert_eq!(error.status(), 503, "{fault:?}: {error:?}");
        drop(tx);
        make_room(&server).await;

        let mut tx = server.app.db.write().await.expect("begins again");
        add(&mut tx, "after").await.expect("writes again");
        tx.commit().await.expect("is kept");
        assert_eq!(count(&server, "TRUE").await, 1, "{fault:?}");
        assert_eq!(count(&server, "slug = 'after'").await, 1, "{fault:?}");
    }
}

/// A use case that overlooks the error must not have its further statements kept one by one.
#[tokio::test]
async fn what_goes_on_after_it_was_given_up_keeps_nothing() {
    let server = TestServer::start().await;
    let Db::Sqlite { .. } = &server.app.db else {
        return;
    };
    let mut tx = server.app.db.write().await.expect("begins");
    add(&mut tx, "before").await.expect("writes");
    // A statement that reads leaves no way to take back less than all.
    let overlooked = Fault::NoMemory.strike(&mut tx).await;
    assert!(overlooked.is_err());
    assert!(add(&mut tx, "alone").await.is_err(), "not kept by itself");
    assert!(tx.commit().await.is_err());
    assert_eq!(count(&server, "TRUE").await, 0);

    let overlooking = server.app.db.write_grouped(|conn| {
        Box::pin(async move {
            add(conn, "before").await?;
            let overlooked = Fault::NoMemory.strike(conn).await;
            assert!(overlooked.is_err());
            let _ = add(conn, "alone").await;
            Ok(())
        })
    });
    assert!(overlooking.await.is_err());
    assert_eq!(count(&server, "TRUE").await, 0);
}

/// Some works of one commit: those that are told it was done are done, those told otherwise are not.
#[tokio::test(flavor = "multi_thread")]
async fn a_work_that_is_given_up_leaves_those_beside_it_whole_and_the_next_fine() {
    for fault in FAULTS {
        let server = TestServer::start().await;
        let Db::Sqlite { .. } = &server.app.db else {
            return;
        };
        // Holds the writer until all works wait for it, so that they share a commit.
        let holder = server.app.db.write().await.expect("begins");
        let waiting = Arc::new(Barrier::new(21));
        let work = |index: usize| {
            let (app, waiting) = (server.app.clone(), Arc::clone(&waiting));
            tokio::spawn(async move {
                waiting.wait().await;
                let work = app.db.write_grouped(move |conn| {
                    Box::pin(async move {
                        add(conn, &format!("work-{index}")).await?;
                        match index {
                            10 => fault.strike(conn).await,
                            _ => Ok(()),
                        }
                    })
                });
                work.await
            })
        };
        let works: Vec<_> = (0..20).map(work).collect();
        waiting.wait().await;
        drop(holder);
        for (index, work) in works.into_iter().enumerate() {
            let answer = work.await.expect("ends");
            let kept = count(&server, &format!("slug = 'work-{index}'")).await;
            match answer {
                Ok(()) => assert_eq!(kept, 1, "{fault:?}: {index}"),
                Err(error) => {
                    assert_eq!(error.status(), 503, "{fault:?}: {error:?}");
                    assert_eq!(kept, 0, "{fault:?}: {index}");
                }
            }
            assert!(index != 10 || kept == 0);
        }
        make_room(&server).await;
        let next = server
            .app
            .db
            .write_grouped(|conn| Box::pin(async move { Ok(add(conn, "after").await?) }));
        assert_eq!(next.await, Ok(()), "{fault:?}");
        assert_eq!(count(&server, "slug = 'after'").await, 1);
    }
}

/// What reads can be given up as well, and must leave no old state behind for the next reader.
#[tokio::test]
async fn a_reader_that_was_given_up_sees_the_present_again() {
    let server = TestServer::start_with(|config| config.database.max_connections = 1).await;
    let Db::Sqlite { .. } = &server.app.db else {
        return;
    };
    let mut tx = server.app.db.snapshot().await.expect("begins");
    execute(&mut tx, "SELECT COUNT(*) FROM categories")
        .await
        .expect("reads");
    let error = Fault::NoMemory
        .strike(&mut tx)
        .await
        .expect_err("is refused");
    assert_eq!(error.status(), 503);
    drop(tx);
    for number in 0..3 {
        let mut tx = server.app.db.write().await.expect("begins");
        add(&mut tx, &format!("c{number}")).await.expect("writes");
        tx.commit().await.expect("is kept");
        let tx = server.app.db.snapshot().await.expect("begins again");
        drop(tx);
        assert_eq!(count(&server, "TRUE").await, number + 1);
    }
}

/// What has begun is not interrupted: neither by its own deadline nor by that of a request before.
#[tokio::test]
async fn the_writer_knows_no_deadline() {
    let server = TestServer::start_with(|config| config.server.request_timeout_seconds = 1).await;
    let Db::Sqlite { .. } = &server.app.db else {
        return;
    };
    // Writes, and is cut off by its deadline: that is over when the answer comes.
    let late = get(async |State(app): State<App>| -> StatusCode {
        let mut tx = app.db.write().await.expect("begins");
        add(&mut tx, "late").await.expect("writes");
        tx.commit().await.expect("is kept");
        std::future::pending().await
    });
    let mut visitor = server.client_with(Router::new().route("/late", late));
    eventually(async || {
        let answer = visitor.api("/late").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        match count(&server, "slug = 'late'").await {
            1 => Ok(()),
            _ => Err("cut off before it wrote"),
        }
    })
    .await;
    let sql = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)
               INSERT INTO categories (slug, name, position) SELECT 'c' || n, 'c', 1 FROM numbers";
    crate::support::execute(&server.app, sql).await;
    assert_eq!(count(&server, "slug <> 'late'").await, 100_000);
}

#[tokio::test]
async fn a_writer_that_is_merely_busy_is_well() {
    let server = TestServer::start().await;
    let holder = server.app.db.write().await.expect("begins");
    let mut probe = server.visitor();
    for path in ["/readyz", "/api/health"] {
        let answer = in_time(probe.api(path)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    }
    drop(holder);
}
