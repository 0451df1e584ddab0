//! Redis killed, started again, paused, filled up, and in its place something that answers nonsense: while people
//! shop, no request fails, and afterwards it is used again.

use super::Fleet;
use crate::support::Client;
use crate::support::eventually::eventually;
use crate::support::redis::RedisServer;
use axum::http::{Method, StatusCode};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// People at both servers who look, read and write without a pause.
struct Load {
    shoppers: JoinSet<()>,
    done: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
}

impl Load {
    fn begin(fleet: &Fleet) -> Self {
        let (done, over) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        let mut shoppers = JoinSet::new();
        for program in fleet.programs.iter().cycle().take(4) {
            let (program, product) = (program.clone(), fleet.company.product);
            let (done, over) = (Arc::clone(&done), Arc::clone(&over));
            shoppers.spawn(async move {
                while !over.load(Ordering::SeqCst) {
                    done.fetch_add(shop(program.clone(), product).await, Ordering::SeqCst);
                }
            });
        }
        Self {
            shoppers,
            done,
            over,
        }
    }

    /// Waits until so many more requests were answered.
    async fn goes_on(&self) {
        const MORE: usize = 60;
        let before = self.done.load(Ordering::SeqCst);
        eventually(async || {
            let more = self.done.load(Ordering::SeqCst) - before;
            (more >= MORE)
                .then_some(())
                .ok_or(format!("{more} requests"))
        })
        .await;
    }

    /// Fails where a request did.
    async fn end(self) {
        self.over.store(true, Ordering::SeqCst);
        self.shoppers.join_all().await;
    }
}

async fn shop(mut program: Client, product: i64) -> usize {
    let paths = [
        "/api/v1/products?limit=3",
        &format!("/api/v1/products/{product}"),
        "/api/v1/me",
        "/api/v1/tasks?limit=3",
    ];
    for path in paths {
        let answer = program.api(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    }
    let task = json!({ "title": "Dust the shelf" });
    let answer = program.send_json(Method::POST, "/api/v1/tasks", task).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    paths.len() + 1
}

async fn open_shop(redis: &RedisServer) -> (Fleet, Load) {
    let fleet = Fleet::with_urls(&redis.url(), |config| {
        // As it is by default: nobody waits for long.
        config.redis.timeout_milliseconds = 100;
    })
    .await;
    fleet.has_redis(true).await;
    let load = Load::begin(&fleet);
    load.goes_on().await;
    (fleet, load)
}

#[tokio::test]
async fn nobody_notices_that_redis_is_killed_and_started_again() {
    let mut redis = RedisServer::start().await;
    let (mut fleet, load) = open_shop(&redis).await;
    redis.kill();
    fleet.has_redis(false).await;
    load.goes_on().await;
    redis.start_again().await;
    fleet.has_redis(true).await;
    load.goes_on().await;
    load.end().await;
    fleet.hears_of_price(5).await;
}

#[tokio::test]
async fn nobody_notices_that_redis_is_silent_for_five_seconds() {
    let redis = RedisServer::start().await;
    let (mut fleet, load) = open_shop(&redis).await;
    redis.pause();
    let over = sleep(Duration::from_secs(5));
    fleet.has_redis(false).await;
    load.goes_on().await;
    over.await;
    redis.go_on();
    fleet.has_redis(true).await;
    load.goes_on().await;
    load.end().await;
    fleet.hears_of_price(5).await;
}

#[tokio::test]
async fn nobody_notices_that_redis_is_full() {
    let redis = RedisServer::start().await;
    let (mut fleet, load) = open_shop(&redis).await;
    redis.bound_memory(1).await;
    let mut set = redis::cmd("SET");
    set.arg("more").arg("than fits");
    redis.ask::<()>(&set).await.expect_err("is full");
    load.goes_on().await;
    // What takes no room still works.
    fleet.hears_of_price(5).await;
    redis.bound_memory(0).await;
    load.goes_on().await;
    load.end().await;
    fleet.has_redis(true).await;
    fleet.hears_of_price(6).await;
}

#[tokio::test]
async fn nobody_notices_that_something_else_answers_in_the_place_of_redis() {
    let mut redis = RedisServer::start().await;
    let (mut fleet, load) = open_shop(&redis).await;
    redis.kill();
    let nonsense = eventually(async || TcpListener::bind(("127.0.0.1", redis.port)).await).await;
    let heard = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&heard);
    let nonsense = tokio::spawn(async move {
        while let Ok((mut stream, _)) = nonsense.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            // Gone already, where the other side has had enough.
            let _ = stream
                .write_all(b"$-7\r\nHTTP/1.1 200\r\n*99\r\n\0\xff{}")
                .await;
        }
    });
    eventually(async || match heard.load(Ordering::SeqCst) {
        0..4 => Err("nobody asked it often enough"),
        _ => Ok(()),
    })
    .await;
    fleet.has_redis(false).await;
    load.goes_on().await;
    // Only then is its port free.
    nonsense.abort();
    assert!(nonsense.await.is_err_and(|ended| ended.is_cancelled()));
    redis.start_again().await;
    fleet.has_redis(true).await;
    load.goes_on().await;
    load.end().await;
    fleet.hears_of_price(5).await;
}
