//! A lock in Redis: a key with its owner, which expires unless it is renewed.

use crate::server::redis::Redis;
use redis::{Script, cmd};
use std::sync::LazyLock;
use std::time::Duration;
use tokio::time::sleep;

static RENEW: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("renew.lua")));
static RELEASE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("release.lua")));

pub struct Key {
    redis: Redis,
    name: String,
    /// Known to this holder alone, so that it releases no other's lock.
    owner: String,
    expiry: Duration,
}

/// The outcome of an attempt to take a lock.
pub enum Taken {
    Ours(Key),
    Others,
    /// Redis cannot tell.
    Unknown,
}

impl Key {
    pub async fn take(redis: &Redis, name: &str, expiry: Duration) -> Taken {
        let key = Self {
            redis: redis.clone(),
            name: redis.name(&format!("lock:{name}")),
            owner: format!("{:032x}", rand::random::<u128>()),
            expiry,
        };
        let mut set = cmd("SET");
        set.arg(&key.name).arg(&key.owner).arg("NX");
        set.arg("PX").arg(key.milliseconds());
        match redis.ask::<Option<String>>(set).await {
            Some(Some(_)) => Taken::Ours(key),
            Some(None) => Taken::Others,
            None => Taken::Unknown,
        }
    }

    fn milliseconds(&self) -> u64 {
        u64::try_from(self.expiry.as_millis()).unwrap_or(u64::MAX)
    }

    /// Renews the lock for as long as it is this holder's. While Redis is away nobody knows: the fence decides.
    pub async fn watch(&self) {
        loop {
            sleep(self.expiry / 3).await;
            let mut renew = RENEW.key(&self.name);
            renew.arg(&self.owner).arg(self.milliseconds());
            if self.redis.run::<i64>(renew).await == Some(0) {
                return;
            }
        }
    }

    /// Frees the lock; if that fails it expires.
    pub async fn release(self) {
        let mut release = RELEASE.key(&self.name);
        release.arg(&self.owner);
        self.redis.run::<i64>(release).await;
    }
}
