//! Works that share a commit: each has a result of its own.

use crate::support::{TestServer, number};
use guildhall::accounts::Role;
use guildhall::error::AppError;
use guildhall::ledger::open_wallet;
use guildhall::server::Db;

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
                        open_wallet(conn, person, Default::default(), Default::default()).await?;
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
    if let Db::Sqlite { group, .. } = &server.app.db {
        let (works, commits) = group.counts();
        assert_eq!(works, 200);
        assert!(commits < works, "{commits} commits");
    }
}

/// On SQLite it is the group's, which answers for it; on PostgreSQL a work runs in its own request, where
/// outage.rs has a panic caught.
#[tokio::test(flavor = "multi_thread")]
async fn a_panic_ends_its_group_and_the_next_works_are_done() {
    let server = TestServer::start_with(|config| config.database.max_connections = 1).await;
    let person = server.person(Role::Customer).await.id;
    let app = server.app.clone();
    let broken = tokio::spawn(async move {
        let work = app.db.write_grouped::<(), _>(move |conn| {
            Box::pin(async move {
                open_wallet(conn, person, Default::default(), Default::default()).await?;
                panic!("a fault of ours")
            })
        });
        work.await
    });
    match (&server.app.db, broken.await) {
        (Db::Sqlite { .. }, Ok(answer)) => {
            assert_eq!(answer.map_err(|error| error.status()), Err(503));
        }
        (Db::Postgres(_), Err(ended)) => assert!(ended.is_panic()),
        (_, ended) => panic!("{ended:?}"),
    }
    let next = server
        .app
        .db
        .write_grouped(|_| Box::pin(async { Ok(1) }))
        .await;
    assert_eq!(next, Ok(1));
    let kept = number(&server.app, "SELECT COUNT(*) FROM ledger_accounts").await;
    assert_eq!(kept, 0, "nothing of the one that broke off");
}
