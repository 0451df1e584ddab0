//! Changes made by one server, seen at another without waiting for the end of a copy.

use super::Fleet;
use crate::support::company::PRICE;
use crate::support::eventually::eventually;
use crate::support::process::{Folder, Server, program};
use crate::support::redis::{RedisServer, free_port};
use crate::support::{execute, fresh_database, number, on_postgres};
use guildhall::server::MOMENT;
use std::fs::{File, read_to_string};
use tokio::time::{Instant, sleep_until};

#[tokio::test]
async fn a_change_is_shown_by_the_other_server_at_once_and_never_undone() {
    let redis = RedisServer::start().await;
    let mut fleet = Fleet::with_redis(&redis).await;
    fleet.has_redis(true).await;
    let mut stale = 0;
    for price in 1..=10 {
        assert!(fleet.price_at(1).await > 0, "a copy is kept");
        fleet.hears_of_price(price).await;
        for _ in 0..20 {
            stale += usize::from(fleet.price_at(1).await != price);
        }
    }
    let changed = Instant::now();
    sleep_until(changed + MOMENT).await;
    stale += usize::from(fleet.price_at(1).await != 10);
    assert_eq!(stale, 0);
}

#[tokio::test]
async fn a_change_while_redis_was_away_is_shown_when_it_is_back() {
    let mut redis = RedisServer::start().await;
    let mut fleet = Fleet::with_redis(&redis).await;
    fleet.has_redis(true).await;
    fleet.hears_of_price(1).await;
    redis.kill();
    fleet.has_redis(false).await;
    let product = fleet.company.product;
    let change = serde_json::json!({ "price": 2 });
    fleet.company.change_product(product, change).await;
    assert_eq!(fleet.price_at(0).await, 2);
    redis.start_again().await;
    eventually(async || match fleet.price_at(1).await {
        2 => Ok(()),
        shown => Err(format!("the second server shows {shown}")),
    })
    .await;
    fleet.has_redis(true).await;
    fleet.hears_of_price(3).await;
}

/// The number of servers that listen to this Redis.
async fn listening(redis: &RedisServer) -> i64 {
    let mut pubsub = redis::cmd("PUBSUB");
    pubsub.arg("NUMSUB").arg("guildhall:changes");
    let counted: (String, i64) = redis.ask(&pubsub).await.expect("counts");
    counted.1
}

#[tokio::test]
async fn of_several_redis_the_first_that_is_there_is_used_and_one_that_is_back_is_taken_back() {
    let [mut first, second] = [RedisServer::start().await, RedisServer::start().await];
    // The name is looked up; at its port is nobody.
    let urls = format!(
        "redis://localhost:{},127.0.0.1:{},localhost:{}",
        free_port(),
        first.port,
        second.port
    );
    let mut fleet = Fleet::with_urls(&urls, |_| {}).await;
    fleet.has_redis(true).await;
    fleet.hears_of_price(1).await;
    assert_eq!([listening(&first).await, listening(&second).await], [2, 0]);
    first.kill();
    eventually(async || match listening(&second).await {
        2 => Ok(()),
        listening => Err(format!("{listening} listen to the second")),
    })
    .await;
    fleet.has_redis(true).await;
    fleet.hears_of_price(2).await;
    first.start_again().await;
    eventually(
        async || match [listening(&first).await, listening(&second).await] {
            [2, 0] => Ok(()),
            listening => Err(format!("{listening:?} listen")),
        },
    )
    .await;
    fleet.hears_of_price(3).await;
}

/// The connections that listen in this database.
const LISTENERS: &str =
    "FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()";

#[tokio::test]
async fn postgresql_tells_of_a_change_where_there_is_no_redis() {
    if !on_postgres() {
        return;
    }
    let mut fleet = Fleet::with_urls("", |_| {}).await;
    assert_eq!(fleet.price_at(1).await, PRICE);
    fleet.hears_of_price(1).await;
    // Whoever lost the connection may have missed something.
    let app = fleet.company.app().clone();
    let cut = format!("SELECT COUNT(pg_terminate_backend(pid)) {LISTENERS}");
    assert_eq!(number(&app, &cut).await, 2);
    // As a program beside the servers would: nobody is told.
    let Some(pool) = (match &app.db {
        guildhall::server::Db::Postgres(pool) => Some(pool),
        guildhall::server::Db::Sqlite { .. } => None,
    }) else {
        panic!("the tests run on PostgreSQL")
    };
    sqlx::query("UPDATE products SET price = 2")
        .execute(&**pool)
        .await
        .expect("is changed");
    eventually(
        async || match [fleet.price_at(0).await, fleet.price_at(1).await] {
            [2, 2] => Ok(()),
            shown => Err(format!("shown: {shown:?}")),
        },
    )
    .await;
    eventually(
        async || match number(&app, &format!("SELECT COUNT(*) {LISTENERS}")).await {
            2 => Ok(()),
            listening => Err(format!("{listening} listen")),
        },
    )
    .await;
    execute(&app, "UPDATE products SET price = 3").await;
    fleet.hears_of_price(4).await;
}

#[tokio::test]
async fn a_program_with_redis_url_joins_and_its_log_has_no_password() {
    let mut redis = RedisServer::start().await;
    let folder = Folder::new();
    let database = fresh_database(&folder.0).await.url;
    let log = folder.0.join("log");
    // Without a password of its own it takes any.
    let url = format!("redis://default:hidden-word@127.0.0.1:{}", redis.port);
    let filter = ("GUILDHALL_LOG_FILTER", "debug");
    let mut command = program(&folder, &[("REDIS_URL", &url), filter]);
    command
        .arg("serve")
        .stderr(File::create(&log).expect("a file"));
    let _server = Server::start_as(folder, &database, command).await;
    eventually(async || match listening(&redis).await {
        1 => Ok(()),
        listening => Err(format!("{listening} listen")),
    })
    .await;
    redis.kill();
    let log = eventually(async || {
        let log = read_to_string(&log).expect("a log");
        let fault = format!("not there: {log}");
        log.contains("Redis is away").then_some(log).ok_or(fault)
    })
    .await;
    assert!(log.contains(&format!("127.0.0.1:{}", redis.port)), "{log}");
    assert!(!log.contains("hidden-word"), "{log}");
}
