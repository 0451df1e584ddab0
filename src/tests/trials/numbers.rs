//! Numbers of subjects under many writers at once: without a gap and without a double.

use super::registry::Registry;
use crate::support::company::post;
use crate::support::{TestServer, another, number};
use guildhall::server::router;
use serde_json::json;
use std::collections::BTreeSet;

const WRITERS: usize = 32;
const EACH: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn many_writers_on_two_servers_leave_no_gap_and_no_double() {
    let server = TestServer::start_with(|config| {
        config.accounts.access_token_minutes = 600_000;
        // All of them wait for one writer on SQLite, and for one row on PostgreSQL.
        config.database.acquire_timeout_seconds = 60;
        config.server.request_timeout_seconds = 120;
    })
    .await;
    let registry = Registry::open_on(server).await;
    let other = router(another(&registry.server.app));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let mut client = match writer % 2 {
                0 => registry.coordinator.clone(),
                _ => registry.coordinator.at(&other),
            };
            let bodies = (0..EACH).map(|turn| {
                let site = if turn % 2 == 0 { "01" } else { "02" };
                // Every fourth is refused, after the number could have been taken.
                let name = if (writer + turn) % 4 == 3 {
                    ""
                } else {
                    "Mei Chen"
                };
                registry.subject(name, site)
            });
            let bodies: Vec<_> = bodies.collect();
            tokio::spawn(async move {
                let mut numbers = Vec::new();
                for body in bodies {
                    let answer = post(&mut client, "/api/v1/subjects", body).await;
                    match answer.status.as_u16() {
                        201 => numbers.push(answer.data()["number"].to_string()),
                        422 => {}
                        _ => panic!("{}: {}", answer.status, answer.body),
                    }
                }
                numbers
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for writer in writers {
        numbers.extend(writer.await.expect("a writer ends"));
    }
    let distinct: BTreeSet<&String> = numbers.iter().collect();
    assert_eq!(distinct.len(), numbers.len(), "a double");
    let given = "SELECT CAST(SUM(last_ordinal) AS BIGINT) FROM study_sites";
    assert_eq!(
        number(&registry.server.app, given).await,
        numbers.len() as i64
    );
    registry.check().await;
}

#[tokio::test]
async fn a_number_that_was_not_kept_is_given_again() {
    let mut registry = Registry::open().await;
    let first = registry.register("Mei Chen", "01").await;
    assert_eq!(first["number"], "HYP24-01-0001");
    // The arm is looked for before, and the state of the study when the number is taken.
    for body in [
        json!({ "name": "Noor", "age": 30, "project_id": registry.study, "site": "01", "arm": "None" }),
        json!({ "name": "Noor", "age": 300, "project_id": registry.study, "site": "01" }),
    ] {
        let answer = post(&mut registry.coordinator, "/api/v1/subjects", body).await;
        assert_eq!(answer.status, 422);
    }
    assert_eq!(
        registry.register("Noor Ali", "01").await["number"],
        "HYP24-01-0002"
    );
    registry.check().await;
}
