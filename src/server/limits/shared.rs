//! Buckets counted for all servers together, through Redis.
//!
//! A request takes from its own server's bucket and waits for nobody. Every few milliseconds the servers tell Redis
//! what was taken, and are told how far each of those buckets is down for all of them; a server's own is never fuller
//! than that. So for one interval each server may give out what is left in its own bucket. That is counted as well,
//! up to a bucket's worth of debt, and is missing afterwards: over minutes nobody gets more from many servers than
//! from one. A round trip for each request would be exact, and would put Redis into the way of all of them.

use super::bucket::Bucket;
use crate::server::redis::Redis;
use redis::Script;
use std::mem::take;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// The interval between two tellings.
const BETWEEN: Duration = Duration::from_millis(50);

/// The buckets of one call: a script that takes long keeps Redis from everything else.
const AT_ONCE: usize = 200;

static COUNT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("count.lua")));

type Taken = Vec<(String, Arc<Bucket>)>;

/// The buckets that were taken from since they were last told of.
#[derive(Clone)]
pub struct Shared {
    redis: Redis,
    taken: Arc<Mutex<Taken>>,
}

impl Shared {
    pub fn new(redis: &Redis) -> Self {
        Self {
            redis: redis.clone(),
            taken: Arc::default(),
        }
    }

    /// Notes that a token was taken from the bucket.
    pub fn note(&self, bucket: &Arc<Bucket>, name: impl FnOnce() -> String) {
        if self.redis.is_set() && bucket.note_unsent() {
            let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
            taken.push((name(), Arc::clone(bucket)));
        }
    }

    /// Tells Redis of what is taken, for as long as the runtime runs.
    pub fn start(&self) {
        if !self.redis.is_set() {
            return;
        }
        let shared = self.clone();
        tokio::spawn(async move {
            let mut ticks = interval(BETWEEN);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let taken = take(&mut *shared.taken.lock().unwrap_or_else(PoisonError::into_inner));
                for part in taken.chunks(AT_ONCE) {
                    shared.count(part).await;
                }
            }
        });
    }

    /// Counts the tokens that were taken. If that fails they are told to nobody: each server goes by its own buckets for as long.
    async fn count(&self, part: &[(String, Arc<Bucket>)]) {
        let mut count = COUNT.prepare_invoke();
        for (name, bucket) in part {
            count.key(self.redis.name(name));
            count.arg(bucket.most.get()).arg(bucket.take_unsent());
        }
        let ages: Vec<_> = part.iter().map(|(_, bucket)| bucket.age()).collect();
        let Some(ahead) = self.redis.run::<Vec<u64>>(count).await else {
            return;
        };
        for (((_, bucket), age), ahead) in part.iter().zip(ages).zip(ahead) {
            bucket.full_at(age + Duration::from_micros(ahead));
        }
    }
}
