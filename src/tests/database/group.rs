//! Group commit: works that share a commit each have a result of their own.

use crate::support::{TestServer, number};
use guildhall::accounts::Role;
use guildhall::clock::Timestamp;
use guildhall::error::AppError;
use guildhall::ledger::open_wallet;
use guildhall::money::Currency;
use guildhall::server::Db;

/// The work that panics.
const PANICS: usize = 3;

/// 200 works at once that each write something; every third takes it back with an error.
#[tokio::test(flavor = "multi_thread")]
async fn one_refused_leaves_the_others_as_they_are() {
    let server = TestServer::start().await;
    let mut people = Vec::new();
    for _ in 0..3 {
        people.push(server.person(Role::Customer).await.id);
    }
    let work = |index: usize| {
        let (app, person) = (server.app.clone(), people[index % 3]);
        tokio::spawn(async move {
            app.db
                .write_grouped(move |conn| {
                    Box::pin(async move {
                        open_wallet(conn, person, Currency::default(), Timestamp::default())
                            .await?;
                        match index % 3 {
                            0 => Err(AppError::internal()),
                            _ => Ok(index),
                        }
                    })
                })
                .await
        })
    };
    let works: Vec<_> = (0..200).map(work).collect();
    for (index, work) in works.into_iter().enumerate() {
        let expected = match index % 3 {
            0 => Err(AppError::internal()),
            _ => Ok(index),
        };
        assert_eq!(work.await.expect("finishes"), expected);
    }
    let kept = number(&server.app, "SELECT COUNT(*) FROM ledger_accounts").await;
    assert_eq!(kept, 2, "nothing of those that were refused");
    match &server.app.db {
        Db::Sqlite { group, .. } => {
            let (works, commits) = group.counts();
            assert_eq!(works, 200);
            assert!(commits < works, "{commits} commits");
        }
        // There each has a transaction of its own.
        Db::Postgres(_) => {
            let writers = "SELECT COUNT(DISTINCT CAST(xmin AS TEXT)) FROM ledger_accounts";
            assert_eq!(number(&server.app, writers).await, 2);
        }
    }
}

/// Some works at once, one of which panics. On SQLite the panic ends its group, and those in it are told
/// so; on PostgreSQL it ends its own request, and nobody else notices.
#[tokio::test(flavor = "multi_thread")]
async fn a_panic_takes_back_its_own_commit_and_no_other() {
    let server = TestServer::start().await;
    let mut people = Vec::new();
    for _ in 0..8 {
        people.push(server.person(Role::Customer).await.id);
    }
    let work = |index: usize| {
        let (app, person) = (server.app.clone(), people[index]);
        tokio::spawn(async move {
            let work = app.db.write_grouped(move |conn| {
                Box::pin(async move {
                    open_wallet(conn, person, Currency::default(), Timestamp::default()).await?;
                    assert!(index != PANICS, "a fault of ours");
                    Ok(())
                })
            });
            work.await
        })
    };
    // Has the writer on SQLite, so that those that come meanwhile share a commit.
    let holder = server.app.db.write().await.expect("begins");
    let works: Vec<_> = (0..people.len()).map(work).collect();
    tokio::task::yield_now().await;
    drop(holder);
    for (index, work) in works.into_iter().enumerate() {
        let person = people[index];
        let kept = format!("SELECT COUNT(*) FROM ledger_accounts WHERE owner_id = {person}");
        let done = match (&server.app.db, work.await) {
            (Db::Postgres(_), Err(ended)) => {
                assert!(ended.is_panic() && index == PANICS, "{index}: {ended}");
                false
            }
            (Db::Postgres(_), Ok(answer)) => {
                assert_eq!(answer, Ok(()), "{index}");
                assert_ne!(index, PANICS);
                true
            }
            (Db::Sqlite { .. }, answer) => {
                let answer = answer.expect("the group answers for it");
                assert!(answer.is_err() || index != PANICS);
                answer
                    .map_err(|error| assert_eq!(error.status(), 503))
                    .is_ok()
            }
        };
        let kept = number(&server.app, &kept).await;
        assert_eq!(kept, i64::from(done), "{index}");
    }
    let next = server.app.db.write_grouped(|_| Box::pin(async { Ok(1) }));
    assert_eq!(next.await, Ok(1));
}
