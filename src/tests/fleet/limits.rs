//! Rate limits counted for two servers together.

use super::Fleet;
use crate::support::eventually::eventually;
use crate::support::redis::RedisServer;
use axum::http::{Method, StatusCode};
use serde_json::json;

/// Mei writes at one of the two servers.
async fn write(fleet: &Fleet, server: usize) -> StatusCode {
    let name = json!({ "name": "Mei Lin" });
    let mut program = fleet.programs[server].clone();
    program
        .send_json(Method::PATCH, "/api/v1/me", name)
        .await
        .status
}

/// Writes at the second server until it is refused there.
async fn writes_until_refused(fleet: &Fleet) -> usize {
    let mut done = 0;
    fleet.has_redis(true).await;
    eventually(async || match write(fleet, 1).await {
        StatusCode::TOO_MANY_REQUESTS => Ok(()),
        StatusCode::OK => {
            done += 1;
            Err(format!("{done} writes"))
        }
        status => panic!("{status}"),
    })
    .await;
    done
}

const MOST: u32 = 200;

async fn bounded(redis: &RedisServer) -> Fleet {
    let fleet = Fleet::with_urls(&redis.url(), |config| {
        config.limits.writes_per_person = MOST;
    })
    .await;
    fleet.has_redis(true).await;
    fleet
}

#[tokio::test]
async fn who_has_written_enough_at_one_server_is_refused_at_the_other() {
    let redis = RedisServer::start().await;
    let fleet = bounded(&redis).await;
    for turn in 0..MOST {
        assert_eq!(write(&fleet, 0).await, StatusCode::OK, "{turn}");
    }
    assert_eq!(write(&fleet, 0).await, StatusCode::TOO_MANY_REQUESTS);
    let done = writes_until_refused(&fleet).await;
    assert!(done < MOST as usize, "{done} writes at the second server");
    let mut keys = redis::cmd("KEYS");
    keys.arg("guildhall:limit:*");
    let keys: Vec<String> = redis.ask(&keys).await.expect("keys");
    let mei = format!(
        "guildhall:limit:writes:person:{}:{MOST}",
        fleet.programs[0].id()
    );
    assert_eq!(keys, [mei.as_str()]);
    let mut rest = redis::cmd("PTTL");
    rest.arg(mei);
    let rest: i64 = redis.ask(&rest).await.expect("a time");
    assert!((1..=121_000).contains(&rest), "{rest}");
}

#[tokio::test]
async fn while_redis_is_away_each_server_counts_by_itself() {
    let mut redis = RedisServer::start().await;
    let fleet = bounded(&redis).await;
    redis.kill();
    fleet.has_redis(false).await;
    for server in [0, 1] {
        for turn in 0..MOST {
            assert_eq!(write(&fleet, server).await, StatusCode::OK, "{turn}");
        }
        assert_eq!(write(&fleet, server).await, StatusCode::TOO_MANY_REQUESTS);
    }
}
