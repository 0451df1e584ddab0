//! A token bucket in this process's memory, whose level can be raised from outside: by what other servers took.

use crate::clock::Clock;
use governor::clock::Clock as Ticking;
use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::state::{NotKeyed, StateStore};
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The bucket of somebody for one class of requests: a minute's worth, which refills evenly.
pub struct Bucket {
    limiter: RateLimiter<NotKeyed, Level, Ticks, StateInformationMiddleware>,
    level: Level,
    ticks: Ticks,
    began: Duration,
    pub most: NonZeroU32,
    /// The tokens that were taken here, and that Redis was not told of.
    unsent: AtomicU32,
}

impl Bucket {
    pub fn new(most: NonZeroU32, ticks: &Ticks) -> Self {
        let level = Level::default();
        Self {
            limiter: RateLimiter::new(Quota::per_minute(most), level.clone(), ticks.clone()),
            level,
            began: ticks.now(),
            ticks: ticks.clone(),
            most,
            unsent: AtomicU32::new(0),
        }
    }

    /// Takes a token and returns how many are left, or the time to wait for one.
    pub fn take(&self) -> Result<u32, Duration> {
        match self.limiter.check() {
            Ok(state) => Ok(state.remaining_burst_capacity()),
            Err(refused) => Err(refused.wait_time_from(self.ticks.now())),
        }
    }

    /// Notes that a token is to be told of. Returns true for the first since the last time that they were.
    pub fn note_unsent(&self) -> bool {
        self.unsent.fetch_add(1, Ordering::Relaxed) == 0
    }

    pub fn take_unsent(&self) -> u32 {
        self.unsent.swap(0, Ordering::Relaxed)
    }

    /// Returns the time since the bucket was made.
    pub fn age(&self) -> Duration {
        self.ticks.now().saturating_sub(self.began)
    }

    /// Empties the bucket so far that it is full again at this age and no sooner.
    pub fn full_at(&self, age: Duration) {
        let nanos = u64::try_from(age.as_nanos()).unwrap_or(u64::MAX);
        self.level.0.fetch_max(nanos, Ordering::Relaxed);
    }
}

/// The age of the bucket in nanoseconds at which it is full again; 0 as long as nothing was taken.
#[derive(Clone, Default)]
struct Level(Arc<AtomicU64>);

impl StateStore for Level {
    type Key = NotKeyed;

    fn measure_and_replace<T, F, E>(&self, _: &NotKeyed, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut level = self.0.load(Ordering::Relaxed);
        loop {
            let (answer, next) = decide((level > 0).then(|| Nanos::new(level)))?;
            let replaced = self.0.compare_exchange_weak(
                level,
                next.as_u64(),
                Ordering::Relaxed,
                Ordering::Relaxed,
            );
            match replaced {
                Ok(_) => return Ok(answer),
                Err(other) => level = other,
            }
        }
    }
}

/// A clock that only goes forward, whatever happens to the system's.
#[derive(Clone)]
pub struct Ticks {
    clock: Clock,
    began: Instant,
}

impl Ticks {
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            began: Instant::now(),
        }
    }
}

impl Ticking for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        match &self.clock {
            Clock::System => self.began.elapsed(),
            fixed @ Clock::Fixed(_) => Duration::from_micros(fixed.now().micros().unsigned_abs()),
        }
    }
}
