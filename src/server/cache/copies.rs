//! A cache: copies by key, made by those who miss them.

use super::copy::{Copy, FromItsBeginning, Moment, Renewal, room};
use super::shared::SharedCache;
use super::spans;
use crate::error::{AppError, Kind};
use crate::server::current::note_stale;
use crate::server::db::{Epochs, Subject};
use crate::server::telemetry::Hits;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// The longest time that a change made by another process goes unseen.
pub const MOMENT: Duration = Duration::from_secs(1);

/// The pause between tries to make a copy anew while the database is away.
const BETWEEN_TRIES: Duration = Duration::from_millis(500);

pub struct Cache<K, V> {
    kept: moka::future::Cache<(u64, K), Copy<V>>,
    /// The last copies, whatever has changed since.
    last: Option<moka::future::Cache<K, Copy<V>>>,
    moment: Moment,
    epochs: Epochs,
    subjects: &'static [Subject],
    is_absent: fn(&V) -> bool,
    shared: Option<SharedCache<K, V>>,
    counted: Hits,
}

impl<K, V> Cache<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Creates a cache of copies of the subjects. It keeps each value for `moment`, and of all of them
    /// the most requested: as many as fit in `bytes`, as measured by `size`.
    pub fn new(
        epochs: &Epochs,
        subjects: &'static [Subject],
        moment: Duration,
        bytes: u64,
        size: fn(&V) -> usize,
    ) -> Self {
        let moment = Moment::of(moment);
        Self {
            kept: room(bytes, size)
                .expire_after(FromItsBeginning(moment.clone()))
                .build(),
            last: None,
            moment,
            epochs: epochs.clone(),
            subjects,
            is_absent: |_| false,
            shared: None,
            counted: Hits::default(),
        }
    }

    /// Gives the last copies for this long if the database is away: as many as fit in `bytes`.
    pub fn outlasting(self, away: Duration, bytes: u64, size: fn(&V) -> usize) -> Self {
        let last = room(bytes, size).time_to_live(away).build();
        Self {
            last: (!away.is_zero()).then_some(last),
            ..self
        }
    }

    /// Keeps values that say of something that it does not exist for half the time.
    pub fn absent_if(self, is_absent: fn(&V) -> bool) -> Self {
        Self { is_absent, ..self }
    }

    /// Asks Redis for what is missing, and keeps there what was made.
    pub fn shared_by(self, shared: SharedCache<K, V>) -> Self {
        Self {
            shared: shared.is_on().then_some(shared),
            ..self
        }
    }

    /// Keeps each value for this long from here on, and none of those it has.
    pub fn keep_for(&self, moment: Duration) {
        self.moment.set(moment);
        self.kept.invalidate_all();
    }

    /// Counts hits and misses there.
    pub fn counted_by(self, counted: Hits) -> Self {
        Self { counted, ..self }
    }

    /// Returns the value cached for the key, or the result of `make`, which is cached unless it is an error.
    /// The work is large, and begun for few of the requests: it is on the heap, and only then.
    pub async fn get<F>(&self, key: K, make: impl FnOnce() -> F) -> Result<V, AppError>
    where
        F: Future<Output = Result<V, AppError>>,
    {
        let key = (self.epochs.of(self.subjects), key);
        let copy = match self.kept.get(&key).await {
            Some(copy) if copy.is_due() => {
                spans::look_up(self.counted.cache, self.renew(key, copy, make)).await?
            }
            Some(copy) => copy.hit(&self.counted),
            None => spans::look_up(self.counted.cache, self.miss(key, make)).await?,
        };
        if copy.stale {
            note_stale(copy.begun.elapsed());
        }
        Ok(copy.value)
    }

    /// Returns the cache's name, and about how much it holds, in bytes.
    pub async fn size(&self) -> (&'static str, u64) {
        self.kept.run_pending_tasks().await;
        let last = self
            .last
            .as_ref()
            .map_or(0, moka::future::Cache::weighted_size);
        (self.counted.cache, self.kept.weighted_size() + last)
    }

    /// Drops the copy: something of it changed that begins no epoch.
    pub async fn forget(&self, key: K) {
        let key = (self.epochs.of(self.subjects), key);
        self.kept.invalidate(&key).await;
    }

    /// Makes what is missing. Those who miss it at the same time share it.
    async fn miss<F>(&self, key: (u64, K), make: impl FnOnce() -> F) -> Result<Copy<V>, AppError>
    where
        F: Future<Output = Result<V, AppError>>,
    {
        let mut missed = false;
        let made = async {
            missed = true;
            self.make(&key.1, self.moment.of_copy(false), make).await
        };
        let made = self.kept.try_get_with_by_ref(&key, made).await;
        match made {
            Ok(copy) if missed => {
                self.counted.misses.inc();
                Ok(copy)
            }
            Ok(copy) => {
                spans::note("waited");
                Ok(copy.hit(&self.counted))
            }
            Err(error) => self.outlast(key, AppError::clone(&error)).await,
        }
    }

    /// Makes a copy anew before it expires. If that fails for want of the database, it is good until it does.
    async fn renew<F>(
        &self,
        key: (u64, K),
        copy: Copy<V>,
        make: impl FnOnce() -> F,
    ) -> Result<Copy<V>, AppError>
    where
        F: Future<Output = Result<V, AppError>>,
    {
        // Redis may have the copy that is to be replaced, but may also have got a new one from another server.
        let oldest = self.moment.of_copy(copy.absent) / 2;
        match self.make(&key.1, oldest, make).await {
            Ok(made) => {
                self.counted.misses.inc();
                self.kept.insert(key, made.clone()).await;
                Ok(made)
            }
            Err(error) if error.kind == Kind::Unavailable && !copy.stale => {
                Ok(copy.hit(&self.counted))
            }
            Err(error) => self.outlast(key, error).await,
        }
    }

    /// Makes a copy, or takes one from Redis that is no older than this.
    async fn make<F>(
        &self,
        key: &K,
        oldest: Duration,
        make: impl FnOnce() -> F,
    ) -> Result<Copy<V>, AppError>
    where
        F: Future<Output = Result<V, AppError>>,
    {
        let begun = Instant::now();
        let (value, begun) = match &self.shared {
            Some(shared) => {
                let (name, moment) = (shared.name_of(key), self.moment.of_copy(false));
                shared.get(&name, moment, oldest, make).await?
            }
            None => {
                let made = Box::pin(make()).await?;
                spans::note("made");
                (made, begun)
            }
        };
        let absent = (self.is_absent)(&value);
        let copy = Copy {
            value,
            begun,
            absent,
            stale: false,
            renewal: Renewal::after(self.moment.of_copy(absent)),
        };
        if let Some(last) = self.last.as_ref().filter(|_| !absent) {
            last.insert(key.clone(), copy.clone()).await;
        }
        Ok(copy)
    }

    /// Gives the last copy if the database is away, and keeps it for those who ask next.
    async fn outlast(&self, key: (u64, K), error: AppError) -> Result<Copy<V>, AppError> {
        let last = match (&self.last, error.kind) {
            (Some(last), Kind::Unavailable) => last.get(&key.1).await,
            _ => None,
        };
        let Some(last) = last else {
            return Err(error);
        };
        spans::note("last");
        let copy = Copy {
            stale: true,
            renewal: Renewal::at(Instant::now() + BETWEEN_TRIES),
            ..last
        };
        self.kept.insert(key, copy.clone()).await;
        Ok(copy.hit(&self.counted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::current;
    use crate::server::db::Changed;
    use crate::server::telemetry::UnderWay;
    use futures_util::future::join_all;
    use std::sync::atomic::{AtomicU64, Ordering};

    fn cache(moment: Duration) -> Cache<&'static str, u64> {
        Cache::new(
            &Epochs::default(),
            &[Subject::Stock],
            moment,
            1 << 20,
            |_| 8,
        )
    }

    fn change(cache: &Cache<&'static str, u64>, subject: Subject) {
        let mut changed = Changed::default();
        changed.note(subject);
        cache.epochs.advance(changed);
    }

    #[tokio::test]
    async fn many_who_ask_at_once_share_one_answer() {
        let cache = cache(Duration::from_mins(1));
        let made = AtomicU64::new(0);
        let ask = || {
            cache.get("list", async || {
                tokio::task::yield_now().await;
                Ok(made.fetch_add(1, Ordering::SeqCst))
            })
        };
        let answers = join_all((0..1_000).map(|_| ask())).await;
        assert_eq!(answers, vec![Ok(0); 1_000]);
        let Hits { hits, misses, .. } = &cache.counted;
        assert_eq!((hits.get(), misses.get()), (999, 1));
    }

    #[tokio::test]
    async fn an_answer_overtaken_by_a_change_is_not_kept() {
        let cache = cache(Duration::from_mins(1));
        let late = cache.get("list", async || {
            change(&cache, Subject::Stock);
            Ok(1)
        });
        assert_eq!(late.await, Ok(1));
        assert_eq!(cache.get("list", async || { Ok(2) }).await, Ok(2));
    }

    #[tokio::test]
    async fn while_one_makes_a_copy_anew_the_others_get_the_old_one() {
        let cache = cache(Duration::from_millis(200));
        assert_eq!(cache.get("list", async || { Ok(1) }).await, Ok(1));
        let renewed = eventually_renewed(&cache).await;
        assert_eq!(renewed, Ok(2));
        assert_eq!(cache.get("list", async || { Ok(4) }).await, Ok(2));
    }

    /// Asks until it is time to make the copy anew; while that is being done, another gets the old one.
    async fn eventually_renewed(cache: &Cache<&'static str, u64>) -> Result<u64, AppError> {
        loop {
            let answer = cache
                .get("list", async || {
                    let other = cache.get("list", async || Ok(3)).await;
                    assert_eq!(other, Ok(1));
                    Ok(2)
                })
                .await;
            if answer != Ok(1) {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    #[tokio::test]
    async fn a_copy_outlasts_a_database_that_is_away() {
        let cache = cache(Duration::ZERO).outlasting(Duration::from_mins(1), 1 << 20, |_| 8);
        let away = async || Err(AppError::unavailable("away"));
        assert_eq!(
            cache.get("list", away).await,
            Err(AppError::unavailable("away"))
        );
        assert_eq!(cache.get("list", async || { Ok(1) }).await, Ok(1));
        let address = [127, 0, 0, 1].into();
        let told = current::scope(String::new(), address, UnderWay::begin("GET", ""), async {
            let answer = cache.get("list", away).await;
            (answer, current::stale_for().is_some())
        });
        assert_eq!(told.await, (Ok(1), true));
        // Another error says something of what was asked for.
        let gone = cache.get("other", async || Err(AppError::not_found("list")));
        assert_eq!(gone.await, Err(AppError::not_found("list")));
        assert_eq!(cache.counted.stale.get(), 1);
    }

    #[tokio::test]
    async fn that_there_is_nothing_is_kept_too() {
        let cache = cache(Duration::from_mins(1)).absent_if(|value| *value == 0);
        assert_eq!(cache.get("none", async || { Ok(0) }).await, Ok(0));
        assert_eq!(cache.get("none", async || { Ok(1) }).await, Ok(0));
        let Hits { hits, absent, .. } = &cache.counted;
        assert_eq!((hits.get(), absent.get()), (0, 1));
    }

    #[tokio::test]
    async fn a_change_to_something_else_leaves_the_copies() {
        let cache = cache(Duration::from_mins(1));
        assert_eq!(cache.get("list", async || { Ok(1) }).await, Ok(1));
        change(&cache, Subject::Catalogue);
        assert_eq!(cache.get("list", async || { Ok(2) }).await, Ok(1));
        change(&cache, Subject::Stock);
        assert_eq!(cache.get("list", async || { Ok(3) }).await, Ok(3));
    }

    #[tokio::test]
    async fn a_copy_is_as_old_as_what_was_read_first() {
        let cache = cache(Duration::from_millis(40));
        let slow = cache.get("list", async || {
            tokio::time::sleep(Duration::from_millis(50)).await;
            Ok(1)
        });
        assert_eq!(slow.await, Ok(1));
        assert_eq!(cache.get("list", async || { Ok(2) }).await, Ok(2));
    }

    #[tokio::test]
    async fn what_is_forgotten_is_made_anew() {
        let cache = cache(Duration::from_mins(1));
        assert_eq!(cache.get("list", async || { Ok(1) }).await, Ok(1));
        cache.forget("list").await;
        assert_eq!(cache.get("list", async || { Ok(2) }).await, Ok(2));
    }

    #[tokio::test]
    async fn an_error_is_told_and_not_kept() {
        let cache = cache(Duration::from_mins(1));
        let failing = cache.get("list", async || Err(AppError::internal()));
        assert_eq!(failing.await, Err(AppError::internal()));
        assert_eq!(cache.get("list", async || { Ok(1) }).await, Ok(1));
    }

    #[tokio::test]
    async fn without_a_moment_everything_is_made_anew() {
        let cache = cache(Duration::ZERO);
        assert_eq!(cache.get("list", async || { Ok(1) }).await, Ok(1));
        assert_eq!(cache.get("list", async || { Ok(2) }).await, Ok(2));
    }

    #[tokio::test]
    async fn another_moment_counts_at_once() {
        let cache = cache(Duration::from_mins(1));
        assert_eq!(cache.get("list", async || { Ok(1) }).await, Ok(1));
        cache.keep_for(Duration::ZERO);
        assert_eq!(cache.get("list", async || { Ok(2) }).await, Ok(2));
        assert_eq!(cache.get("list", async || { Ok(3) }).await, Ok(3));
        cache.keep_for(Duration::from_mins(1));
        assert_eq!(cache.get("list", async || { Ok(4) }).await, Ok(4));
        assert_eq!(cache.get("list", async || { Ok(5) }).await, Ok(4));
    }
}
