//! A short-lived cache: copies of what the database says, or of what was made of it.
//!
//! Under load the same few things are asked for again and again. The first request makes the copy,
//! concurrent ones wait for it, and later ones get it. This process's own changes count at once:
//! each begins a new epoch ([`Epochs`]), and a copy still being made belongs to the old one. Another
//! process's changes count when the copy expires, a moment after it was *begun*: it may have been
//! out of date as soon as it was read, however long the rest took.
//!
//! Copies that were made together expire apart, so that they are not all made anew together.

use super::db::{Epochs, Subject};
use super::telemetry::Hits;
use crate::error::AppError;
use moka::Expiry;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The longest time that a change made by another process goes unseen.
pub const MOMENT: Duration = Duration::from_secs(1);

pub struct Cache<K, V> {
    kept: moka::future::Cache<(u64, K), Dated<V>>,
    moment: Moment,
    epochs: Epochs,
    subjects: &'static [Subject],
    counted: Hits,
}

impl<K, V> Cache<K, V>
where
    K: Eq + Hash + Send + Sync + 'static,
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
        // The approximate size of the key and the cache's own records.
        const BESIDE: usize = 512;
        let weigh = move |_: &(u64, K), copy: &Dated<V>| {
            u32::try_from(size(&copy.value).saturating_add(BESIDE)).unwrap_or(u32::MAX)
        };
        let moment = Moment::of(moment);
        Self {
            kept: moka::future::Cache::builder()
                .expire_after(FromItsBeginning(moment.clone()))
                .max_capacity(bytes)
                .weigher(weigh)
                .build(),
            moment,
            epochs: epochs.clone(),
            subjects,
            counted: Hits::default(),
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
        let Hits { hits, misses } = &self.counted;
        if let Some(copy) = self.kept.get(&key).await {
            hits.inc();
            return Ok(copy.value);
        }
        let mut missed = false;
        let made = async {
            missed = true;
            let begun = Instant::now();
            let value = Box::pin(make()).await?;
            Ok(Dated { value, begun })
        };
        let made = self.kept.try_get_with(key, made).await;
        if missed { misses } else { hits }.inc();
        made.map(|copy| copy.value)
            .map_err(|error: Arc<AppError>| AppError::clone(&error))
    }

    /// Drops the copy: something of it changed that begins no epoch.
    pub async fn forget(&self, key: K) {
        let key = (self.epochs.of(self.subjects), key);
        self.kept.invalidate(&key).await;
    }
}

/// A value, and the instant before anything of it was read.
#[derive(Clone)]
struct Dated<V> {
    value: V,
    begun: Instant,
}

/// A duration in microseconds, which may change while copies are made.
#[derive(Clone)]
struct Moment(Arc<AtomicU64>);

impl Moment {
    fn of(moment: Duration) -> Self {
        let this = Self(Arc::default());
        this.set(moment);
        this
    }

    fn set(&self, moment: Duration) {
        let micros = u64::try_from(moment.as_micros()).unwrap_or(u64::MAX);
        self.0.store(micros, Ordering::Relaxed);
    }

    fn get(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed))
    }
}

/// Lets a copy expire at most this long after it was begun.
struct FromItsBeginning(Moment);

impl<K, V> Expiry<K, Dated<V>> for FromItsBeginning {
    fn expire_after_create(&self, _: &K, copy: &Dated<V>, _: Instant) -> Option<Duration> {
        /// The earliest end, as a part of the moment.
        const EARLIEST: f64 = 0.8;
        let moment = self.0.get().mul_f64(rand::random_range(EARLIEST..=1.0));
        Some(moment.saturating_sub(copy.begun.elapsed()))
    }

    /// A copy in the place of one that was invalidated has a time of its own, not what was left of the other's.
    fn expire_after_update(
        &self,
        key: &K,
        copy: &Dated<V>,
        now: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        self.expire_after_create(key, copy, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::db::Changed;
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
        let Hits { hits, misses } = &cache.counted;
        assert_eq!((hits.get(), misses.get()), (999, 1));
    }

    #[tokio::test]
    async fn many_keys_take_no_more_than_their_room() {
        const ROOM: u64 = 1 << 20;
        let epochs = Epochs::default();
        let cache = Cache::new(&epochs, &[], Duration::from_mins(1), ROOM, |_: &u64| 8);
        for key in 0..100_000 {
            assert_eq!(cache.get(key, async || Ok(key)).await, Ok(key));
        }
        cache.kept.run_pending_tasks().await;
        assert!(cache.kept.weighted_size() <= ROOM);
        assert!(cache.kept.entry_count() > 0);
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
