//! Copies in a cache, and the times at which they are renewed and expire.

use crate::server::telemetry::Hits;
use moka::Expiry;
use moka::future::{Cache, CacheBuilder};
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The time for which the last copy is given before it is looked for anew.
const STALE_FOR: Duration = Duration::from_secs(15);

/// A value, and the instant before anything of it was read.
#[derive(Clone)]
pub struct Copy<V> {
    pub value: V,
    pub begun: Instant,
    /// It says that there is nothing.
    pub absent: bool,
    /// The database is away, and this is how it was.
    pub stale: bool,
    pub renewal: Renewal,
}

impl<V> Copy<V> {
    /// Returns true to one of those who get it once it is time to make it anew.
    pub fn is_due(&self) -> bool {
        self.renewal.is_due()
    }

    /// Counts it as a hit of its kind.
    pub fn hit(self, counted: &Hits) -> Self {
        match (self.stale, self.absent) {
            (true, _) => counted.stale.inc(),
            (false, true) => counted.absent.inc(),
            (false, false) => counted.hits.inc(),
        };
        self
    }
}

/// The time at which one request makes the copy anew.
#[derive(Clone)]
pub struct Renewal(Arc<(Instant, AtomicBool)>);

impl Renewal {
    pub fn at(due: Instant) -> Self {
        Self(Arc::new((due, AtomicBool::new(false))))
    }

    /// A random part of the time that the copy is kept for, so that copies are not all renewed together.
    pub fn after(moment: Duration) -> Self {
        Self::at(Instant::now() + moment.mul_f64(rand::random_range(0.5..=0.7)))
    }

    fn is_due(&self) -> bool {
        let (due, begun) = &*self.0;
        *due <= Instant::now() && !begun.swap(true, Ordering::Relaxed)
    }
}

/// A duration in microseconds, which may change while copies are made.
#[derive(Clone)]
pub struct Moment(Arc<AtomicU64>);

impl Moment {
    pub fn of(moment: Duration) -> Self {
        let this = Self(Arc::default());
        this.set(moment);
        this
    }

    pub fn set(&self, moment: Duration) {
        let micros = u64::try_from(moment.as_micros()).unwrap_or(u64::MAX);
        self.0.store(micros, Ordering::Relaxed);
    }

    /// Returns the time that a copy is kept for.
    pub fn of_copy(&self, absent: bool) -> Duration {
        let whole = Duration::from_micros(self.0.load(Ordering::Relaxed));
        if absent { whole / 2 } else { whole }
    }
}

/// Lets a copy expire at most this long after it was begun.
pub struct FromItsBeginning(pub Moment);

impl<K, V> Expiry<K, Copy<V>> for FromItsBeginning {
    fn expire_after_create(&self, _: &K, copy: &Copy<V>, _: Instant) -> Option<Duration> {
        /// The earliest end, as a part of the moment.
        const EARLIEST: f64 = 0.8;
        if copy.stale {
            return Some(STALE_FOR);
        }
        let moment = self.0.of_copy(copy.absent);
        let moment = moment.mul_f64(rand::random_range(EARLIEST..=1.0));
        Some(moment.saturating_sub(copy.begun.elapsed()))
    }

    /// A copy in the place of one that was invalidated has a time of its own, not what was left of the other's.
    fn expire_after_update(
        &self,
        key: &K,
        copy: &Copy<V>,
        now: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        self.expire_after_create(key, copy, now)
    }
}

/// Begins a cache of copies that holds as many as fit in `bytes`, as measured by `size`.
pub fn room<K, V>(bytes: u64, size: fn(&V) -> usize) -> CacheBuilder<K, Copy<V>, Cache<K, Copy<V>>>
where
    K: Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    Cache::builder()
        .max_capacity(bytes)
        .weigher(move |_: &K, copy: &Copy<V>| weight(size(&copy.value)))
}

/// Returns a value's size with the approximate size of the key and the cache's own records.
fn weight(size: usize) -> u32 {
    const BESIDE: usize = 512;
    u32::try_from(size.saturating_add(BESIDE)).unwrap_or(u32::MAX)
}
