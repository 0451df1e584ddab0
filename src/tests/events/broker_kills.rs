//! Kills of the broker and of servers, at any moment: nothing is lost, and nothing happens twice.

use super::broker::{by, until_all_is_told};
use crate::support::another;
use crate::support::broker::Broker;
use crate::support::company::{Company, Opening};
use crate::support::eventually::in_time;
use crate::support::listener::Listener;
use guildhall::events::start;
use guildhall::server::App;
use guildhall::server::config::Config;
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

/// The kills of the broker alone, and then of servers with all their consumers, or of both together.
const BROKER_KILLS: usize = 26;
const SERVER_KILLS: usize = 26;

/// Longer than a lease of a lane.
const LEASE: i64 = 200;

/// A server with threads of its own, so that all its work can be dropped in the middle.
struct Killable(Option<Runtime>);

impl Killable {
    async fn start(app: &App) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("threads");
        let app = app.clone();
        let started = runtime.spawn(async move {
            let app = another(&app);
            start(&app);
            let nats = app.nats.clone().expect("a broker");
            while !nats.is_live() {
                sleep(Duration::from_millis(10)).await;
            }
        });
        in_time(started).await.expect("a server");
        Self(Some(runtime))
    }

    fn kill(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Killable {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A moment of random length, in which something happens.
async fn a_moment() {
    sleep(Duration::from_millis(rand::random_range(0..80))).await;
}

#[tokio::test]
async fn fifty_kills_of_the_broker_and_of_servers_lose_nothing_and_do_nothing_twice() {
    let mut broker = Broker::start().await;
    let named = by(&broker);
    let change = |config: &mut Config| {
        named(config);
        config.mail.most_per_day = 1_000;
    };
    let opening = Opening {
        stock: 1_000,
        money: 1_000_000_000,
    };
    let mut company = Company::open_as(opening, change).await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "order.*").await;
    let mut servers = [
        Killable::start(company.app()).await,
        Killable::start(company.app()).await,
    ];

    let mut orders = Vec::new();
    for _ in 0..BROKER_KILLS {
        let order = company.place(1, "wallet").await;
        a_moment().await;
        broker.kill();
        company.step(&order, "pack", json!({})).await;
        broker.restart().await;
        orders.push(order);
    }
    until_all_is_told(company.app()).await;
    let heard = listener.by_order();
    assert_eq!(heard.len(), BROKER_KILLS);
    for topics in heard.values() {
        assert_eq!(topics[..], ["order.placed", "order.paid", "order.packed"]);
    }

    let before = listener.what().len();
    for kill in 0..SERVER_KILLS {
        let order = company.place(1, "wallet").await;
        let server = &mut servers[kill % 2];
        a_moment().await;
        server.kill();
        if kill % 4 == 0 {
            broker.kill();
        }
        company.step(&order, "pack", json!({})).await;
        if kill % 4 == 0 {
            broker.restart().await;
        }
        // Whatever the dead server had leased is free for others.
        company.wait(LEASE);
        *server = Killable::start(company.app()).await;
        orders.push(order);
    }
    company.wait(LEASE);
    until_all_is_told(company.app()).await;

    let ids: Vec<String> = listener
        .heard()
        .iter()
        .map(|it| it.header("webhook-id").to_owned())
        .collect();
    let distinct: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(distinct.len(), 3 * orders.len(), "each event arrived");
    let again = ids.len() - distinct.len();
    assert!(
        again <= SERVER_KILLS * 8,
        "only what a dead server was sending came again, not {again} of {}",
        ids.len() - before
    );
    assert_eq!(
        company.mails().len(),
        2 * orders.len(),
        "placed and paid, one mail each"
    );
    assert_eq!(
        company.count("tasks").await as usize,
        orders.len(),
        "one task each"
    );
    let done = company.count("deliveries WHERE state = 'done'").await;
    assert_eq!(company.count("deliveries").await, done);
    // By webhook three of each order; by mail two; by the board the last two.
    assert_eq!(done as usize, 7 * orders.len());
    assert_eq!(
        company.count("delivery_lanes").await,
        0,
        "nothing is left open"
    );
    company.check().await;
}
