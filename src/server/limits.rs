//! Rate limits on what one person, and one address, may set in motion in a minute.
//!
//! Each has a bucket of a minute's worth that refills evenly. The buckets are in this process's
//! memory; some thousands of unused ones are kept, and the rest are dropped, full or not.

use super::ClientIp;
use crate::clock::Clock;
use crate::error::AppError;
use crate::i18n::t;
use anyhow::{Result, ensure};
use governor::clock::Clock as Ticking;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The section `[limits]`: on requests that change something, per minute (0 for no limit), and on those in
/// progress at once.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct LimitsConfig {
    pub writes_per_person: u32,
    pub writes_per_staff: u32,
    pub writes_per_address: u32,
    pub requests_in_progress: usize,
    pub latency_milliseconds: u64,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            writes_per_person: 600,
            writes_per_staff: 6_000,
            writes_per_address: 12_000,
            requests_in_progress: 1_000,
            latency_milliseconds: 250,
        }
    }
}

impl LimitsConfig {
    /// No limits at all: for measurements.
    pub const NONE: Self = Self {
        writes_per_person: 0,
        writes_per_staff: 0,
        writes_per_address: 0,
        requests_in_progress: 100_000,
        latency_milliseconds: 3_600_000,
    };

    /// The time within which most requests are to be answered. If they are not, fewer are begun.
    pub const fn latency(&self) -> Duration {
        Duration::from_millis(self.latency_milliseconds)
    }

    pub(super) fn check(&self) -> Result<()> {
        let person = self.writes_per_person;
        ensure!(
            self.writes_per_staff == 0 || person > 0 && self.writes_per_staff >= person,
            "limits.writes_per_staff must not be less than limits.writes_per_person"
        );
        Ok(())
    }
}

/// The owner of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    Person(i64),
    Staff(i64),
    ClientIp(ClientIp),
}

type Bucket = RateLimiter<NotKeyed, InMemoryState, Ticks, NoOpMiddleware<Duration>>;

/// The buckets of everybody who wrote something recently.
pub struct Limits {
    config: LimitsConfig,
    buckets: Cache<Who, Arc<Bucket>>,
    ticks: Ticks,
}

impl Limits {
    pub fn new(config: LimitsConfig, clock: Clock) -> Self {
        /// The maximum number of buckets: with their keys some two megabytes.
        const BUCKETS: u64 = 20_000;
        // By then a bucket is full again, like a new one.
        const UNUSED: Duration = Duration::from_mins(10);
        Self {
            config,
            buckets: Cache::builder()
                .max_capacity(BUCKETS)
                .time_to_idle(UNUSED)
                .build(),
            ticks: Ticks {
                clock,
                began: Instant::now(),
            },
        }
    }

    /// Takes one token from the bucket, or returns the time to wait for it.
    fn take(&self, who: Who) -> Result<(), Duration> {
        let most = match who {
            Who::Person(_) => self.config.writes_per_person,
            Who::Staff(_) => self.config.writes_per_staff,
            Who::ClientIp(_) => self.config.writes_per_address,
        };
        let Some(most) = NonZeroU32::new(most) else {
            return Ok(());
        };
        let make = || {
            let quota = Quota::per_minute(most);
            Arc::new(RateLimiter::direct_with_clock(quota, self.ticks.clone()))
        };
        let bucket = self.buckets.get_with(who, make);
        bucket
            .check()
            .map_err(|refused| refused.wait_time_from(self.ticks.now()))
    }

    /// Takes one token from each bucket in turn, or returns an error with the time to wait for it.
    pub fn check(&self, asked: impl IntoIterator<Item = Who>) -> Result<(), AppError> {
        let mut asked = asked.into_iter();
        asked.try_for_each(|who| self.take(who).map_err(refusal))
    }
}

fn refusal(wait: Duration) -> AppError {
    let seconds = u32::try_from(wait.as_millis().div_ceil(1_000).max(1)).unwrap_or(u32::MAX);
    AppError::too_many(t!("server-too-much", seconds = seconds), seconds)
}

/// A clock that only goes forward, whatever happens to the system's.
#[derive(Clone)]
struct Ticks {
    clock: Clock,
    began: Instant,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    const ONE: Who = Who::Person(1);

    fn limits(most: u32) -> (Limits, Clock) {
        let clock = Clock::fixed(Timestamp(1_000_000_000));
        let config = LimitsConfig {
            writes_per_person: most,
            ..LimitsConfig::NONE
        };
        (Limits::new(config, clock.clone()), clock)
    }

    #[test]
    fn a_bucket_fills_again_and_everybody_has_one() {
        let (limits, clock) = limits(60);
        for _ in 0..60 {
            assert_eq!(limits.take(ONE), Ok(()));
        }
        assert_eq!(limits.take(ONE), Err(Duration::from_secs(1)));
        assert_eq!(limits.take(Who::Person(2)), Ok(()), "another's is full");
        clock.advance(2);
        assert_eq!([limits.take(ONE), limits.take(ONE)], [Ok(()), Ok(())]);
        assert!(limits.take(ONE).is_err());
        clock.advance(3_600);
        let taken = (0..100).filter(|_| limits.take(ONE).is_ok()).count();
        assert_eq!(taken, 60, "no more than a minute's worth is saved up");
    }

    #[test]
    fn where_nothing_is_bounded_nothing_is_counted() {
        let (limits, _) = limits(0);
        assert!((0..10_000).all(|_| limits.take(ONE).is_ok()));
        assert_eq!(limits.buckets.iter().count(), 0);
    }

    #[test]
    fn many_addresses_take_no_more_than_their_room() {
        let config = LimitsConfig::default();
        let limits = Limits::new(config, Clock::fixed(Timestamp(0)));
        for number in 0..60_000 {
            let address = ClientIp(std::net::Ipv4Addr::from_bits(number).into());
            assert!(limits.take(Who::ClientIp(address)).is_ok());
        }
        limits.buckets.run_pending_tasks();
        assert!(limits.buckets.entry_count() <= 20_000);
    }

    #[test]
    fn staff_are_not_bounded_more_than_others() {
        let check = |person, staff| {
            let config = LimitsConfig {
                writes_per_person: person,
                writes_per_staff: staff,
                ..LimitsConfig::default()
            };
            config.check().is_ok()
        };
        assert!(check(600, 6_000) && check(600, 0) && check(0, 0) && check(5, 5));
        assert!(!check(600, 60) && !check(0, 60));
    }
}
