//! Several servers on one database, with Redis between them and without.

pub mod changes;
pub mod faults;
pub mod limits;
pub mod locks;
pub mod shared_cache;
pub mod tls;

use crate::support::company::Company;
use crate::support::eventually::eventually;
use crate::support::redis::RedisServer;
use crate::support::{Client, another};
use guildhall::server::config::Config;
use guildhall::server::{App, router};
use serde_json::json;

/// A company with two servers. What they keep of the shop stays for a minute, so that a change that the other shows
/// in less was heard of. Of Redis they wait for seconds: the machine may be busy.
pub struct Fleet {
    pub company: Company,
    pub second: App,
    /// Mei's program, at each of the two.
    pub programs: [Client; 2],
}

impl Fleet {
    pub async fn with_redis(redis: &RedisServer) -> Self {
        Self::with_urls(&redis.url(), |_| {}).await
    }

    pub async fn with_urls(urls: &str, change: impl FnOnce(&mut Config)) -> Self {
        let company = Company::open_with(|config| {
            config.shop.cache_milliseconds = 60_000;
            config.redis.url = urls.to_owned();
            config.redis.timeout_milliseconds = 5_000;
            change(config);
        })
        .await;
        let second = another(company.app());
        let elsewhere = company.mei.at(&router(second.clone()));
        let fleet = Self {
            programs: [company.mei.clone(), elsewhere],
            company,
            second,
        };
        for app in fleet.apps() {
            app.join_fleet();
        }
        fleet
    }

    pub fn apps(&self) -> [&App; 2] {
        [self.company.app(), &self.second]
    }

    /// Waits until Redis is there for both, or for none.
    pub async fn has_redis(&self, wanted: bool) {
        eventually(async || match self.apps().map(|app| app.redis.is_there()) {
            there if there == [wanted; 2] => Ok(()),
            there => Err(format!("Redis is there: {there:?}")),
        })
        .await;
    }

    pub async fn price_at(&self, server: usize) -> i64 {
        let path = format!("/api/v1/products/{}", self.company.product);
        let product = self.programs[server].clone().api(&path).await;
        product.data()["price"].as_i64().expect("a price")
    }

    /// Changes the price at the first server, and waits until the second shows it.
    pub async fn hears_of_price(&mut self, price: i64) {
        let product = self.company.product;
        let change = json!({ "price": price });
        self.company.change_product(product, change).await;
        assert_eq!(self.price_at(0).await, price, "the writer's next read");
        eventually(async || match self.price_at(1).await {
            shown if shown == price => Ok(()),
            shown => Err(format!("the second server shows {shown}")),
        })
        .await;
    }
}
