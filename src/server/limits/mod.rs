//! Rate limits: the requests that one person, one program and one address may send in a minute.
//!
//! Each has a bucket of a minute's worth that refills evenly. The buckets are in this process's
//! memory; some thousands of unused ones are kept, and the rest are dropped, full or not. Where there is
//! Redis, they are counted for all servers together ([`shared`]).

mod bucket;
mod shared;

use super::ClientIp;
use super::redis::Redis;
use super::telemetry::Refusals;
use crate::clock::Clock;
use crate::error::AppError;
use crate::i18n::t;
use anyhow::{Result, ensure};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use bucket::{Bucket, Ticks};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use shared::Shared;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// The section `[limits]`: on requests per minute (0 for no limit), and on those in progress at once.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct LimitsConfig {
    pub writes_per_person: u32,
    pub writes_per_staff: u32,
    pub writes_per_token: u32,
    pub writes_per_address: u32,
    pub reads_per_person: u32,
    pub reads_per_address: u32,
    pub requests_in_progress: usize,
    pub latency_milliseconds: u64,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            writes_per_person: 600,
            writes_per_staff: 6_000,
            writes_per_token: 3_000,
            writes_per_address: 12_000,
            reads_per_person: 12_000,
            reads_per_address: 60_000,
            requests_in_progress: 4_000,
            latency_milliseconds: 250,
        }
    }
}

impl LimitsConfig {
    /// No limits at all: for measurements.
    pub const NONE: Self = Self {
        writes_per_person: 0,
        writes_per_staff: 0,
        writes_per_token: 0,
        writes_per_address: 0,
        reads_per_person: 0,
        reads_per_address: 0,
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

/// A kind of request; each has buckets of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RouteClass {
    Reads,
    Writes,
}

impl RouteClass {
    const fn name(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Writes => "writes",
        }
    }
}

/// The owner of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    Person(i64),
    Staff(i64),
    /// A sign-in of a program, by the family of its tokens.
    Token(i64),
    ClientIp(ClientIp),
}

/// The buckets of everybody who was here recently.
pub struct Limits {
    /// By their size as well: where a limit changes, everybody begins with a full bucket.
    buckets: Cache<(RouteClass, Who, NonZeroU32), Arc<Bucket>>,
    ticks: Ticks,
    refused: Refusals,
    shared: Shared,
}

/// The state of a bucket after a request took from it, or did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    class: RouteClass,
    /// Requests a minute.
    most: u32,
    left: u32,
    /// The time until there is one again, if there was none.
    wait: Option<Duration>,
}

impl Limits {
    pub fn new(clock: Clock, refused: Refusals, redis: &Redis) -> Self {
        /// The maximum number of buckets: with their keys some two megabytes.
        const BUCKETS: u64 = 20_000;
        // By then a bucket is full again, like a new one.
        const UNUSED: Duration = Duration::from_mins(10);
        Self {
            buckets: Cache::builder()
                .max_capacity(BUCKETS)
                .time_to_idle(UNUSED)
                .build(),
            ticks: Ticks::new(clock),
            refused,
            shared: Shared::new(redis),
        }
    }

    /// Counts with the other servers from here on.
    pub fn share(&self) {
        self.shared.start();
    }

    /// Takes one token from the bucket. `None` if there is no limit.
    fn take(&self, config: &LimitsConfig, class: RouteClass, who: Who) -> Option<Allowance> {
        let most = NonZeroU32::new(config.most(class, who))?;
        let make = || Arc::new(Bucket::new(most, &self.ticks));
        let bucket = self.buckets.get_with((class, who, most), make);
        let (left, wait) = match bucket.take() {
            Ok(left) => {
                self.shared.note(&bucket, || name(class, who, most));
                (left, None)
            }
            Err(wait) => {
                self.count_refusal(who);
                (0, Some(wait))
            }
        };
        Some(Allowance {
            class,
            most: most.get(),
            left,
            wait,
        })
    }

    fn count_refusal(&self, who: Who) {
        let counter = match who {
            Who::Person(_) => &self.refused.person,
            Who::Staff(_) => &self.refused.staff,
            Who::Token(_) => &self.refused.token,
            Who::ClientIp(_) => &self.refused.address,
        };
        counter.inc();
    }

    /// Takes one token from each bucket in turn, up to one that is empty. Returns the state of the one that
    /// is empty, or will be first; `None` if there is no limit.
    pub fn check(
        &self,
        config: &LimitsConfig,
        class: RouteClass,
        asked: impl IntoIterator<Item = Who>,
    ) -> Option<Allowance> {
        let mut tightest: Option<Allowance> = None;
        for who in asked {
            let Some(taken) = self.take(config, class, who) else {
                continue;
            };
            if tightest.is_none_or(|other| taken.left <= other.left) {
                tightest = Some(taken);
            }
            if taken.wait.is_some() {
                break;
            }
        }
        tightest
    }
}

impl LimitsConfig {
    fn most(&self, class: RouteClass, who: Who) -> u32 {
        match (class, who) {
            (RouteClass::Writes, Who::Person(_)) => self.writes_per_person,
            (RouteClass::Writes, Who::Staff(_)) => self.writes_per_staff,
            (RouteClass::Writes, Who::Token(_)) => self.writes_per_token,
            (RouteClass::Writes, Who::ClientIp(_)) => self.writes_per_address,
            (RouteClass::Reads, Who::Person(_) | Who::Staff(_)) => self.reads_per_person,
            (RouteClass::Reads, Who::Token(_)) => 0,
            (RouteClass::Reads, Who::ClientIp(_)) => self.reads_per_address,
        }
    }
}

impl Allowance {
    /// Returns the refusal, with the time to wait, if there was nothing left.
    pub fn refusal(&self) -> Option<AppError> {
        self.wait.map(refusal)
    }

    /// Tells a program what it may still send: `RateLimit-Policy` and `RateLimit`.
    /// Format: draft-ietf-httpapi-ratelimit-headers-10. `t` is the time until the bucket is full again.
    pub fn tell(&self, headers: &mut HeaderMap) {
        const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
        const STATE: HeaderName = HeaderName::from_static("ratelimit");
        let name = self.class.name();
        let (most, left) = (self.most, self.left);
        let full = u64::from(most - left.min(most)) * 60;
        let seconds = full.div_ceil(u64::from(most));
        let lines = [
            (POLICY, format!("\"{name}\";q={most};w=60")),
            (STATE, format!("\"{name}\";r={left};t={seconds}")),
        ];
        for (name, line) in lines {
            if let Ok(value) = HeaderValue::try_from(line) {
                headers.insert(name, value);
            }
        }
    }
}

fn refusal(wait: Duration) -> AppError {
    let seconds = u32::try_from(wait.as_millis().div_ceil(1_000).max(1)).unwrap_or(u32::MAX);
    AppError::too_many(t!("server-too-much", seconds = seconds), seconds)
}

/// Returns the name of a bucket, which all servers give it.
fn name(class: RouteClass, who: Who, most: NonZeroU32) -> String {
    let class = class.name();
    match who {
        Who::Person(id) => format!("limit:{class}:person:{id}:{most}"),
        Who::Staff(id) => format!("limit:{class}:staff:{id}:{most}"),
        Who::Token(id) => format!("limit:{class}:token:{id}:{most}"),
        Who::ClientIp(ClientIp(address)) => format!("limit:{class}:address:{address}:{most}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, LimitsConfig, RouteClass, Who};
    use crate::clock::{Clock, Timestamp};
    use crate::server::ClientIp;
    use crate::server::redis::Redis;
    use crate::server::telemetry::Refusals;
    use axum::http::HeaderMap;
    use std::time::Duration;

    const ONE: Who = Who::Person(1);
    const WRITES: RouteClass = RouteClass::Writes;

    fn limits() -> (Limits, Clock) {
        let clock = Clock::fixed(Timestamp(1_000_000_000));
        let limits = Limits::new(clock.clone(), Refusals::default(), &Redis::default());
        (limits, clock)
    }

    const fn a_person_writes(most: u32) -> LimitsConfig {
        LimitsConfig {
            writes_per_person: most,
            ..LimitsConfig::NONE
        }
    }

    #[test]
    fn a_bucket_fills_again_and_everybody_has_one() {
        let (limits, clock) = limits();
        let config = a_person_writes(60);
        let take = |who| limits.take(&config, WRITES, who).expect("a limit").wait;
        for _ in 0..60 {
            assert_eq!(take(ONE), None);
        }
        assert_eq!(take(ONE), Some(Duration::from_secs(1)));
        assert_eq!(take(Who::Person(2)), None, "another's is full");
        clock.advance(2);
        assert_eq!([take(ONE), take(ONE)], [None; 2]);
        assert!(take(ONE).is_some());
        clock.advance(3_600);
        let taken = (0..100).filter(|_| take(ONE).is_none()).count();
        assert_eq!(taken, 60, "no more than a minute's worth is saved up");
    }

    #[test]
    fn a_changed_limit_counts_at_once() {
        let (limits, _) = limits();
        let taken = |most| {
            let config = a_person_writes(most);
            let refused = |_: &u32| {
                let taken = limits.take(&config, WRITES, ONE);
                taken.is_some_and(|taken| taken.wait.is_some())
            };
            100 - (0..100).filter(refused).count()
        };
        let taken = [60, 5, 0, 60].map(taken);
        assert_eq!(taken, [60, 5, 100, 0], "the first bucket is still empty");
    }

    #[test]
    fn where_nothing_is_bounded_nothing_is_counted() {
        let (limits, _) = limits();
        let config = LimitsConfig::NONE;
        assert!((0..10_000).all(|_| limits.take(&config, WRITES, ONE).is_none()));
        assert_eq!(limits.buckets.iter().count(), 0);
    }

    #[test]
    fn many_addresses_take_no_more_than_their_room() {
        let (limits, _) = limits();
        let config = LimitsConfig::default();
        for number in 0..60_000 {
            let address = ClientIp(std::net::Ipv4Addr::from_bits(number).into());
            let taken = limits.take(&config, WRITES, Who::ClientIp(address));
            assert_eq!(taken.and_then(|taken| taken.wait), None);
        }
        limits.buckets.run_pending_tasks();
        assert!(limits.buckets.entry_count() <= 20_000);
    }

    #[test]
    fn a_program_is_told_what_it_may_still_send() {
        let config = LimitsConfig {
            writes_per_address: 4,
            writes_per_person: 3,
            ..LimitsConfig::NONE
        };
        let (limits, _) = limits();
        let address = Who::ClientIp(ClientIp(std::net::Ipv4Addr::LOCALHOST.into()));
        let told = || {
            let allowance = limits
                .check(&config, WRITES, [address, ONE])
                .expect("a limit");
            let mut headers = HeaderMap::new();
            allowance.tell(&mut headers);
            let line = |name: &str| headers[name].to_str().expect("text").to_owned();
            let refused = allowance.refusal().is_some();
            (line("ratelimit-policy"), line("ratelimit"), refused)
        };
        for (left, seconds) in [(2, 20), (1, 40), (0, 60)] {
            let state = format!("\"writes\";r={left};t={seconds}");
            assert_eq!(told(), ("\"writes\";q=3;w=60".to_owned(), state, false));
        }
        assert!(told().2);
        assert!(
            limits
                .check(&config, RouteClass::Reads, [address, ONE])
                .is_none()
        );
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
