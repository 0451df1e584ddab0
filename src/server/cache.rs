//! A short-lived cache of responses that are the same for everybody.
//!
//! Under load many people request the same few lists. The first request makes the response,
//! concurrent ones wait for it, and later ones get the cached copy. This process's own changes
//! count at once: each begins a new epoch ([`Epochs`]), and a response still being made belongs to
//! the old one. Another process's changes count when the entry expires.

use super::db::{Epochs, Subject};
use crate::error::AppError;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

pub struct Cache<K, V> {
    kept: moka::future::Cache<(u64, K), V>,
    epochs: Epochs,
    subjects: &'static [Subject],
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
        let weigh = move |_: &(u64, K), value: &V| {
            u32::try_from(size(value).saturating_add(BESIDE)).unwrap_or(u32::MAX)
        };
        Self {
            kept: moka::future::Cache::builder()
                .time_to_live(moment)
                .max_capacity(bytes)
                .weigher(weigh)
                .build(),
            epochs: epochs.clone(),
            subjects,
        }
    }

    /// Returns the value cached for the key, or the result of `make`, which is cached unless it is an error.
    /// The work is large, and begun for few of the requests: it is on the heap, and only then.
    pub async fn get<F>(&self, key: K, make: impl FnOnce() -> F) -> Result<V, AppError>
    where
        F: Future<Output = Result<V, AppError>>,
    {
        let key = (self.epochs.of(self.subjects), key);
        let made = async { Box::pin(make()).await };
        let made = self.kept.try_get_with(key, made).await;
        made.map_err(|error: Arc<AppError>| AppError::clone(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::db::Changed;
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
        let (first, second, third) = tokio::join!(ask(), ask(), ask());
        assert_eq!([first, second, third], [Ok(0), Ok(0), Ok(0)]);
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
}
