//! The one connection to Redis, looked after.

use super::client::{Redis, Shared, is_refusal};
use redis::aio::{MultiplexedConnection, SendError};
use redis::{AsyncConnectionConfig, PushInfo, PushKind, RedisError, RedisResult, cmd};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

/// The interval between looks at the connection.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// Commands that may wait to be sent; more wait to be let in, within their time-out.
const QUEUE: usize = 4_096;

/// News from the channel that is listened to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    Message(String),
    /// Messages may have been missed: the connection is a new one.
    Gap,
}

type Ear = Arc<dyn Fn(Heard) + Send + Sync>;

/// Whoever finds and keeps the connection.
struct Follower {
    shared: Arc<Shared>,
    channel: String,
    ear: Ear,
}

impl Redis {
    /// Looks after the connection from here on, and tells `ear` of each message on the channel.
    pub fn follow(&self, channel: &str, ear: impl Fn(Heard) + Send + Sync + 'static) {
        let Some(shared) = self.0.clone() else { return };
        let follower = Follower {
            shared,
            channel: self.name(channel),
            ear: Arc::new(ear),
        };
        tokio::spawn(async move { follower.run().await });
    }
}

impl Follower {
    async fn run(&self) {
        let mut is_known = false;
        loop {
            let all = self.shared.addresses.len();
            match self.first_that_is_there(all).await {
                Ok((place, link)) => self.keep(place, link).await,
                Err(why) if !is_known => tracing::warn!(
                    error.cause = why,
                    "Redis is not there yet: each server goes by itself until it is"
                ),
                Err(_) => {}
            }
            is_known = true;
            sleep(BETWEEN_LOOKS).await;
        }
    }

    /// Connects to the first of so many addresses that takes writes: all servers then agree which one it is. The error
    /// says of each why it is none.
    async fn first_that_is_there(
        &self,
        most: usize,
    ) -> Result<(usize, MultiplexedConnection), String> {
        let mut failures = Vec::new();
        for place in 0..most {
            let why = match timeout(2 * self.shared.patience, self.connect(place)).await {
                Ok(Ok(link)) => return Ok((place, link)),
                Ok(Err(error)) => error.to_string(),
                Err(_) => "it is silent".to_owned(),
            };
            failures.push(format!("{}: {why}", self.shared.addresses[place].name));
        }
        let why = failures.join("; ");
        // Whoever is at the first address already has nothing to try.
        if most > 0 {
            tracing::debug!(error.cause = why, "Redis is not there");
        }
        Err(why)
    }

    async fn connect(&self, place: usize) -> RedisResult<MultiplexedConnection> {
        let ear = Arc::clone(&self.ear);
        let shared = Arc::downgrade(&self.shared);
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.shared.patience))
            .set_response_timeout(None)
            .set_pipeline_buffer_size(QUEUE)
            .set_push_sender(move |push: PushInfo| {
                hear(&ear, &shared, push);
                Ok::<(), SendError>(())
            });
        let address = &self.shared.addresses[place];
        let opened = address
            .client
            .get_multiplexed_async_connection_with_config(&config);
        let mut link = opened.await?;
        self.write(&mut link).await?;
        link.subscribe(&self.channel).await?;
        Ok(link)
    }

    /// Writes something: a standby refuses that. One that is full refuses too, and is there all the same.
    async fn write(&self, link: &mut MultiplexedConnection) -> RedisResult<()> {
        let key = format!("{}:alive", self.channel);
        let mut set = cmd("SET");
        set.arg(key).arg(1).arg("PX").arg(10_000);
        let written: Result<(), RedisError> = set.query_async(link).await;
        written.or_else(|error| match is_refusal(&error) {
            true => Ok(()),
            false => Err(error),
        })
    }

    /// Lets everybody use the connection for as long as it answers, or until an earlier address is back.
    async fn keep(&self, place: usize, link: MultiplexedConnection) {
        let Shared {
            addresses,
            connected,
            doubt,
            ..
        } = &*self.shared;
        let (mut place, mut link) = (place, link);
        (self.ear)(Heard::Gap);
        self.shared.link.store(Some(Arc::new(link.clone())));
        connected.set(1);
        tracing::info!(redis.address = addresses[place].name, "Redis is there");
        let mut looks = interval(BETWEEN_LOOKS);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = looks.tick() => {}
                () = doubt.notified() => {}
            }
            let written = timeout(self.shared.patience, self.write(&mut link)).await;
            if !matches!(written, Ok(Ok(()))) {
                break;
            }
            if let Ok((earlier, found)) = self.first_that_is_there(place).await {
                (place, link) = (earlier, found);
                (self.ear)(Heard::Gap);
                tracing::info!(redis.address = addresses[place].name, "Redis is back there");
            } else if self.shared.link.load().is_some() {
                continue;
            }
            self.shared.link.store(Some(Arc::new(link.clone())));
        }
        self.shared.link.store(None);
        connected.set(0);
        let name = &addresses[place].name;
        tracing::warn!(
            redis.address = name,
            "Redis is away: each server goes on by itself"
        );
    }
}

/// Called by the connection itself, so it must not wait.
fn hear(ear: &Ear, shared: &Weak<Shared>, push: PushInfo) {
    match push.kind {
        PushKind::Message => {
            let text = push.data.into_iter().nth(1);
            let text = text.and_then(|text| redis::from_redis_value(text).ok());
            if let Some(text) = text {
                ear(Heard::Message(text));
            }
        }
        PushKind::Disconnection => {
            if let Some(shared) = shared.upgrade() {
                shared.suspect();
            }
        }
        _ => {}
    }
}
