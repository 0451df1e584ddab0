//! Aborted writes: nothing of them stays, and the next one succeeds.
//!
//! SQLite takes a transaction back by itself where it is interrupted or has no room or memory left;
//! PostgreSQL refuses all that follows in it. What a disk does is in `full_disk.rs`.

use crate::support::eventually::{eventually, in_time};
use crate::support::{TestServer, number};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use guildhall::error::AppError;
use guildhall::server::{App, Conn, Db, QueryBuilder, Savepoint};
use std::sync::Arc;
use tokio::sync::Barrier;

/// A way for a write to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Interrupted,
    NoMemory,
    NoRoom,
    /// The connection ends. SQLite has none that could.
    CutOff,
}

fn faults(db: &Db) -> &'static [Fault] {
    match db {
        Db::Sqlite { .. } => &[Fault::Interrupted, Fault::NoMemory, Fault::NoRoom],
        Db::Postgres(_) => &[
            Fault::Interrupted,
            Fault::NoMemory,
            Fault::NoRoom,
            Fault::CutOff,
        ],
    }
}

async fn execute(conn: &mut Conn, sql: &str) -> sqlx::Result<()> {
    QueryBuilder::new(conn, sql).execute(conn).await
}

async fn add(conn: &mut Conn, slug: &str) -> sqlx::Result<()> {
    let sql =
        format!("INSERT INTO categories (slug, name, position) VALUES ('{slug}', '{slug}', 1)");
    execute(conn, &sql).await
}

impl Fault {
    /// Causes it, on a connection that has written something already.
    async fn strike(self, conn: &mut Conn) -> Result<(), AppError> {
        match conn {
            Conn::Sqlite(_) => self.strike_sqlite(conn).await?,
            Conn::Postgres(_) => self.strike_postgres(conn).await?,
        }
        panic!("{self:?} did not strike")
    }

    async fn strike_sqlite(self, conn: &mut Conn) -> sqlx::Result<()> {
        match self {
            Self::Interrupted => {
                if let Conn::Sqlite(conn) = conn {
                    let mut handle = conn.lock_handle().await?;
                    handle.set_progress_handler(1, || false);
                }
                add(conn, "interrupted").await
            }
            Self::NoMemory => {
                // The limit is the whole process's, and far from what the other tests need.
                execute(conn, "PRAGMA hard_heap_limit = 536870912").await?;
                let sql = "SELECT length(randomblob(900000000)) FROM sqlite_master LIMIT 1";
                execute(conn, sql).await
            }
            Self::NoRoom => {
                execute(conn, "PRAGMA max_page_count = 1").await?;
                let sql = "INSERT INTO categories (slug, name, position)
                           VALUES ('large', printf('%.*c', 100000, 'x'), 1)";
                execute(conn, sql).await
            }
            Self::CutOff => unreachable!("a file has no connection"),
        }
    }

    async fn strike_postgres(self, conn: &mut Conn) -> sqlx::Result<()> {
        let raise = |code| format!("DO $$ BEGIN RAISE SQLSTATE '{code}'; END $$");
        match self {
            Self::Interrupted => {
                execute(conn, "SET LOCAL statement_timeout = 1").await?;
                execute(conn, "SELECT pg_sleep(60)").await
            }
            Self::NoMemory => execute(conn, &raise("53200")).await,
            Self::NoRoom => execute(conn, &raise("53100")).await,
            Self::CutOff => execute(conn, "SELECT pg_terminate_backend(pg_backend_pid())").await,
        }
    }
}

/// Lets the file grow again.
async fn make_room(server: &TestServer) {
    if let Db::Sqlite { .. } = &server.app.db {
        crate::support::execute(&server.app, "PRAGMA max_page_count = 1000000").await;
    }
}

async fn count(server: &TestServer, condition: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM categories WHERE {condition}");
    number(&server.app, &sql).await
}

#[tokio::test]
async fn the_write_after_an_aborted_one_succeeds() {
    let server = TestServer::start().await;
    for fault in faults(&server.app.db).iter().copied() {
        let server = TestServer::start().await;
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

/// A use case that overlooks the error must not have its later statements committed one by one.
#[tokio::test]
async fn a_write_that_goes_on_after_an_error_keeps_nothing() {
    let server = TestServer::start().await;
    let mut tx = server.app.db.write().await.expect("begins");
    add(&mut tx, "before").await.expect("writes");
    // A failed read takes back the whole transaction, and not just its own statement.
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

/// SQLite would keep the rest of such a transaction. What is wrong on one engine is so on both.
#[tokio::test]
async fn a_refused_statement_is_overlooked_on_neither_engine() {
    let server = TestServer::start().await;
    let mut tx = server.app.db.write().await.expect("begins");
    add(&mut tx, "twice").await.expect("writes");
    assert!(add(&mut tx, "twice").await.is_err());
    assert!(tx.commit().await.is_err());
    assert_eq!(count(&server, "TRUE").await, 0);

    let mut tx = server.app.db.write().await.expect("begins again");
    add(&mut tx, "kept").await.expect("writes");
    let savepoint = Savepoint::set(&mut tx).await.expect("is set");
    assert!(add(&mut tx, "kept").await.is_err());
    savepoint.roll_back(&mut tx).await.expect("goes back");
    tx.commit()
        .await
        .expect("what was taken back does not count");
    assert_eq!(count(&server, "slug = 'kept'").await, 1);
}

/// Works that share a commit: only the one that overlooked its refused statement is lost.
#[tokio::test(flavor = "multi_thread")]
async fn an_overlooked_refusal_costs_the_others_of_its_commit_nothing() {
    let server = TestServer::start().await;
    let holder = server.app.db.write().await.expect("begins");
    let waiting = Arc::new(Barrier::new(6));
    let work = |index: usize| {
        let (app, waiting) = (server.app.clone(), Arc::clone(&waiting));
        tokio::spawn(async move {
            waiting.wait().await;
            let work = app.db.write_grouped(move |conn| {
                Box::pin(async move {
                    add(conn, &format!("work-{index}")).await?;
                    let overlooked = index == 2 && add(conn, "work-2").await.is_ok();
                    assert!(!overlooked);
                    Ok(())
                })
            });
            work.await
        })
    };
    let works: Vec<_> = (0..5).map(work).collect();
    waiting.wait().await;
    drop(holder);
    for (index, work) in works.into_iter().enumerate() {
        assert_eq!(work.await.expect("ends").is_ok(), index != 2, "{index}");
    }
    assert_eq!(count(&server, "TRUE").await, 4);
    assert_eq!(count(&server, "slug = 'work-2'").await, 0);
}

/// Works that share a commit: those that are told it succeeded are kept, the others are not.
#[tokio::test(flavor = "multi_thread")]
async fn an_aborted_write_leaves_the_others_of_its_commit_whole() {
    let server = TestServer::start().await;
    for fault in faults(&server.app.db).iter().copied() {
        let server = TestServer::start().await;
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

/// Readers are aborted too, and must leave no old snapshot behind for the next one.
#[tokio::test]
async fn an_aborted_reader_leaves_no_stale_snapshot() {
    let server = TestServer::start_with(|config| config.database.max_connections = 1).await;
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

/// A write that has begun is not interrupted, in particular not by the deadline of an earlier request.
#[tokio::test]
async fn the_writer_knows_no_deadline() {
    let server = TestServer::start_with(|config| config.server.request_timeout_seconds = 1).await;
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
    // On PostgreSQL each statement has a second of its own, which a slow machine must not use up.
    let rows = match &server.app.db {
        Db::Sqlite { .. } => 100_000,
        Db::Postgres(_) => 100,
    };
    let sql = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows})
         INSERT INTO categories (slug, name, position) SELECT 'c' || n, 'c', 1 FROM numbers"
    );
    let mut tx = server.app.db.write().await.expect("begins");
    execute(&mut tx, &sql).await.expect("writes");
    tx.commit().await.expect("is kept");
    assert_eq!(count(&server, "slug <> 'late'").await, rows);
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
