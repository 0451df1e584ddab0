//! Locks across servers, for work that one of them does for all.
//!
//! A lock keeps two servers from doing the same at once: a key in Redis that has an owner and expires, renewed for as
//! long as the work lasts; where there is no Redis, an advisory lock of PostgreSQL, which ends with its connection.
//! Neither is enough by itself. A holder that was paused goes on after its lock has expired, and does not know that
//! another has taken over. So each holder has a *fencing token* from the database, greater than all before, and the
//! database checks it in every transaction that the work commits (`server/db/connection/fence.rs`): from the moment
//! that somebody has taken over, nothing of the holder before is written. If locks fail altogether, work is begun
//! twice, and one of the two is refused.
//!
//! One machine with SQLite and without Redis has no other servers, and takes no locks. An order's number is taken
//! within the transaction of its order, so it is locked until that ends (`orders/checkout/store.rs`), by PostgreSQL
//! itself: a lock that could expire before the commit would be worse, and a unique constraint is behind it.

mod key;
mod store;

use super::background::Next;
use super::db::{Db, Fence};
use super::redis::Redis;
use crate::clock::Clock;
use crate::error::AppError;
use crate::i18n::t;
use key::{Key, Taken};
use sqlx::Postgres;
use sqlx::pool::PoolConnection;
use std::time::Duration;
use tracing::field::Empty;
use tracing::{Instrument, Span};

/// The time after which the lock of a server that died is free.
const EXPIRY: Duration = Duration::from_secs(15);

/// The locks that this server can take. Cheap to clone.
#[derive(Clone)]
pub struct Locks {
    db: Db,
    redis: Redis,
    clock: Clock,
}

/// A lock that was taken. Dropped, it is free at once on PostgreSQL, and in Redis when it expires.
pub struct Hold {
    lock: Lock,
    fence: Fence,
}

enum Lock {
    Key(Key),
    Connection(PoolConnection<Postgres>, &'static str),
    /// Redis is away and there is no PostgreSQL: the fence is all there is.
    None,
}

impl Locks {
    pub fn new(db: &Db, redis: &Redis, clock: &Clock) -> Self {
        Self {
            db: db.clone(),
            redis: redis.clone(),
            clock: clock.clone(),
        }
    }

    /// Runs a round of work on one of the servers, and at most once within the pause. The others skip theirs.
    pub async fn once<F>(
        &self,
        name: &'static str,
        pause: Duration,
        work: impl FnOnce() -> F,
    ) -> Result<Next, AppError>
    where
        F: Future<Output = Result<Next, AppError>>,
    {
        if self.is_alone() {
            return work().await;
        }
        let begun = self.clock.now();
        let Some(hold) = self.hold(name, EXPIRY).await? else {
            return Ok(Next::Pause);
        };
        let next = hold.run(work()).await;
        if next == Ok(Next::Pause) {
            // Slightly less, so that the next round of the same server finds it due.
            let pause = (pause * 9 / 10).as_secs();
            let due = begun.plus_seconds(i64::try_from(pause).unwrap_or(i64::MAX));
            let mut tx = self.db.write().await?;
            store::update_due(&mut tx, name, hold.fence.token, due).await?;
            tx.commit().await?;
        }
        hold.release().await;
        next
    }

    fn is_alone(&self) -> bool {
        matches!(self.db, Db::Sqlite { .. }) && !self.redis.is_set()
    }

    /// Takes the lock, unless another holds it or its work is not due. In Redis it expires after this time, unless
    /// it is renewed.
    pub async fn hold(
        &self,
        name: &'static str,
        expiry: Duration,
    ) -> Result<Option<Hold>, AppError> {
        let span = tracing::debug_span!(
            "lock",
            otel.name = format!("lock {name}"),
            lock.result = Empty
        );
        let held = self.take_in_turn(name, expiry).instrument(span);
        held.await
    }

    async fn take_in_turn(
        &self,
        name: &'static str,
        expiry: Duration,
    ) -> Result<Option<Hold>, AppError> {
        let note = |result: &str| _ = Span::current().record("lock.result", result);
        let Some(lock) = self.take(name, expiry).await? else {
            note("others");
            return Ok(None);
        };
        let mut tx = self.db.write().await?;
        let token = store::next_token(&mut tx, name, self.clock.now()).await?;
        tx.commit().await?;
        match token {
            Some(token) => {
                note("ours");
                let fence = Fence { name, token };
                Ok(Some(Hold { lock, fence }))
            }
            None => {
                note("not due");
                lock.release().await;
                Ok(None)
            }
        }
    }

    async fn take(&self, name: &'static str, expiry: Duration) -> Result<Option<Lock>, AppError> {
        match (Key::take(&self.redis, name, expiry).await, &self.db) {
            (Taken::Ours(key), _) => Ok(Some(Lock::Key(key))),
            (Taken::Others, _) => Ok(None),
            (Taken::Unknown, Db::Postgres(pool)) => {
                let locked = store::try_advisory_lock(pool, name).await?;
                Ok(locked.map(|connection| Lock::Connection(connection, name)))
            }
            (Taken::Unknown, Db::Sqlite { .. }) => Ok(Some(Lock::None)),
        }
    }
}

impl Hold {
    /// Does the work, of which nothing is written any more once another has taken over; then it is given up.
    pub fn run<'a, T: 'a>(
        &'a self,
        work: impl Future<Output = Result<T, AppError>> + 'a,
    ) -> impl Future<Output = Result<T, AppError>> + 'a {
        // Work is large, and would be held here several times over.
        let work = Box::pin(self.fence.clone().around(work));
        async {
            let Lock::Key(key) = &self.lock else {
                return work.await;
            };
            tokio::select! {
                done = work => done,
                () = key.watch() => Err(AppError::unavailable(t!("server-taken-over"))),
            }
        }
    }

    pub async fn release(self) {
        self.lock.release().await;
    }
}

impl Lock {
    async fn release(self) {
        match self {
            Self::Key(key) => key.release().await,
            Self::Connection(connection, name) => {
                // Where this fails the lock ends with the connection.
                let _ = store::release_advisory_lock(connection, name).await;
            }
            Self::None => {}
        }
    }
}
