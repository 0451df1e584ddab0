//! The other servers on the same database: told of changes made here, and listened to.
//!
//! A commit begins a new epoch in its own process (`server/db/connection/epochs.rs`). One task tells the others what
//! changed, right after that and apart from the request: many changes of the same few milliseconds are one message,
//! so that no write pays for it. `NOTIFY` within the transaction would be known at the very moment of the commit,
//! but PostgreSQL lets only one transaction at a time commit one.
//!
//! The message goes by Redis where it is there, else by PostgreSQL. One that could not be sent is sent again; who may
//! have missed one counts everything as changed. Should both fail, copies end by themselves a moment after they were
//! begun (`server/cache.rs`), as they do on SQLite, where nobody needs telling.

mod postgres_store;

use super::db::{Changed, Db};
use super::redis::{Heard, Redis};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// The channel of Redis and of PostgreSQL.
const CHANNEL: &str = "changes";

/// The least time between two messages.
const BETWEEN_MESSAGES: Duration = Duration::from_millis(5);

/// The pause before a message that could not be sent is sent again, and before PostgreSQL is listened to again.
const BEFORE_NEXT_TRY: Duration = Duration::from_millis(250);

/// The longest that sending by PostgreSQL may take.
const LONGEST: Duration = Duration::from_secs(2);

/// This server among the others. Cheap to clone.
#[derive(Clone)]
pub struct Fleet(Arc<Member>);

struct Member {
    /// Tells our own messages from others'.
    id: u64,
    db: Db,
    redis: Redis,
}

impl Fleet {
    pub fn new(db: &Db, redis: &Redis) -> Self {
        Self(Arc::new(Member {
            id: rand::random(),
            db: db.clone(),
            redis: redis.clone(),
        }))
    }

    /// Tells the others of changes from here on, and hears of theirs.
    pub fn join(&self) {
        let ear = self.clone();
        self.0.redis.follow(CHANNEL, move |heard| ear.hear(heard));
        if let Db::Postgres(_) = &self.0.db {
            tokio::spawn(listen(self.clone()));
        } else if !self.0.redis.is_set() {
            return;
        }
        tokio::spawn(tell(self.clone()));
    }

    fn hear(&self, heard: Heard) {
        let epochs = self.0.db.epochs();
        match heard {
            // The others may have missed messages of ours as well.
            Heard::Gap => epochs.advance(Changed::EVERYTHING),
            Heard::Message(message) => match message.split_once(' ') {
                Some((id, letters)) if id != self.id() => {
                    epochs.hear(Changed::from_letters(letters));
                }
                _ => {}
            },
        }
    }

    fn id(&self) -> String {
        format!("{:016x}", self.0.id)
    }

    /// Returns true if the others were told.
    async fn send(&self, changed: Changed) -> bool {
        let Member { db, redis, .. } = &*self.0;
        let message = format!("{} {}", self.id(), changed.to_letters());
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(redis.name(CHANNEL)).arg(&message);
        if redis.ask::<i64>(publish).await.is_some() {
            return true;
        }
        let Db::Postgres(pool) = db else { return false };
        let notified = timeout(LONGEST, postgres_store::notify(pool, CHANNEL, &message)).await;
        matches!(notified, Ok(Ok(())))
    }
}

/// Tells the others of each change.
async fn tell(fleet: Fleet) {
    let epochs = fleet.0.db.epochs();
    let mut told = epochs.made();
    loop {
        let made = epochs.made();
        let changed = made.since(&told);
        if changed.is_empty() {
            epochs.news().await;
        } else if fleet.send(changed).await {
            told = made;
            sleep(BETWEEN_MESSAGES).await;
        } else {
            sleep(BEFORE_NEXT_TRY).await;
        }
    }
}

/// Hears of the others' changes by PostgreSQL.
async fn listen(fleet: Fleet) {
    let Db::Postgres(pool) = &fleet.0.db else {
        return;
    };
    let ear = |heard| match heard {
        Some(message) => fleet.hear(Heard::Message(message)),
        // What could not be told by this server waits to be told.
        None => fleet.0.db.epochs().hear(Changed::EVERYTHING),
    };
    while !pool.is_closed() {
        if let Err(error) = postgres_store::listen(pool, CHANNEL, ear).await {
            tracing::debug!(error.cause = %error, "PostgreSQL does not tell of changes");
        }
        sleep(BEFORE_NEXT_TRY).await;
    }
}
