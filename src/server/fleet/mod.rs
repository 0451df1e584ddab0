//! The other servers on the same database: told of changes made here, and listened to.
//!
//! A commit begins a new epoch in its own process (`server/db/connection/epochs.rs`). One task tells the others what
//! changed, right after that and apart from the request: many changes of the same few milliseconds are one message,
//! so that no write pays for it. `NOTIFY` within the transaction would be known at the very moment of the commit,
//! but PostgreSQL lets only one transaction at a time commit one: eight clients got half as many commits done.
//!
//! The message goes by Redis where it is there, else by PostgreSQL. One that could not be sent is sent again; who may
//! have missed one counts everything as changed. Before the message the epochs in Redis are counted up, which its
//! copies belong to (`server/cache/shared.rs`). Should both fail, copies end by themselves a moment after they were
//! begun (`server/cache/`), as they do on SQLite, where nobody needs telling.

mod postgres_store;

use super::config::Config;
use super::db::{Changed, Db, Made};
use super::redis::{Heard, Redis};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};
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
    /// Tells servers that would answer differently apart.
    program: String,
    db: Db,
    redis: Redis,
    /// Our own changes that Redis has counted.
    counted: Mutex<Made>,
}

impl Fleet {
    pub fn new(db: &Db, redis: &Redis, config: &Config) -> Self {
        Self(Arc::new(Member {
            id: rand::random(),
            program: program(config),
            db: db.clone(),
            redis: redis.clone(),
            counted: Mutex::default(),
        }))
    }

    pub fn redis(&self) -> &Redis {
        &self.0.redis
    }

    pub fn program(&self) -> &str {
        &self.0.program
    }

    /// Returns the names of the numbers in Redis that grow with every change to these subjects.
    pub fn epochs(&self, subjects: Changed) -> Vec<String> {
        let letters = subjects.to_letters();
        let name = |letter| self.0.redis.name(&format!("epoch:{letter}"));
        letters.chars().map(name).collect()
    }

    /// Returns true if Redis is there and has counted all our own changes to these subjects.
    pub fn counts(&self, subjects: Changed) -> bool {
        let counted = *self.counted();
        let open = self.0.db.epochs().made().since(&counted);
        self.0.redis.is_there() && !open.subjects().any(|subject| subjects.has(subject))
    }

    fn counted(&self) -> std::sync::MutexGuard<'_, Made> {
        let counted = self.0.counted.lock();
        counted.unwrap_or_else(PoisonError::into_inner)
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

    /// Returns true if Redis counted the changes.
    async fn count(&self, changed: Changed) -> bool {
        let mut counts = redis::pipe();
        for epoch in self.epochs(changed) {
            counts.incr(epoch, 1).ignore();
        }
        self.0.redis.ask_all::<()>(counts).await.is_some()
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
        let (changed, open) = (made.since(&told), made.since(&fleet.counted()));
        let counted = open.is_empty() || fleet.count(open).await;
        if counted {
            *fleet.counted() = made;
        }
        let sent = changed.is_empty() || fleet.send(changed).await;
        if sent {
            told = made;
        }
        match (
            sent && (counted || !fleet.0.redis.is_set()),
            changed.is_empty(),
        ) {
            (true, true) => epochs.news().await,
            (true, false) => sleep(BETWEEN_MESSAGES).await,
            (false, _) => sleep(BEFORE_NEXT_TRY).await,
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

/// Returns a name for what answers depend on beside the database: the program, and its settings.
fn program(config: &Config) -> String {
    let file = std::env::current_exe().and_then(std::fs::metadata);
    let file = file.map(|file| (file.len(), file.modified().ok()));
    let settings = (&config.shop, &config.orders, &config.payment);
    let text = format!("{file:?} {settings:?} {}", config.server.public_url);
    hex::encode(&Sha256::digest(text)[..8])
}
