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

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_ends_its_group_and_the_next_works_are_done() {
    let server = TestServer::start().await;
    if !matches!(server.app.db, Db::Sqlite { .. }) {
        // On PostgreSQL a work runs in its own request, where a panic is caught: see outage.rs.
        return;
    }
    let broken = server
        .app
        .db
        .write_grouped::<(), _>(|_| Box::pin(async { panic!("a fault of ours") }));
    assert_eq!(broken.await.map_err(|error| error.status()), Err(503));
    let next = server
        .app
        .db
        .write_grouped(|_| Box::pin(async { Ok(1) }))
        .await;
    assert_eq!(next, Ok(1));
}
