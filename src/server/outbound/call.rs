//! Calls to one other service.

use super::breaker::{Breaker, CircuitBreakerError, Failure, State};
use super::meters::METERS;
use crate::server::config::OutboundConfig;
use backon::{ExponentialBuilder, Retryable};
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;
use tower::retry::budget::{Budget, TpsBudget};

/// A way to one other service. Cheap to clone; the clones share breaker and budget.
#[derive(Clone)]
pub struct Outbound(Arc<Way>);

struct Way {
    service: &'static str,
    timeout: Duration,
    breaker: Breaker,
    retries: TpsBudget,
}

impl Outbound {
    /// Creates the way to the service, whose name is a label of the metrics. A call takes at most `timeout`.
    pub fn new(service: &'static str, timeout: Duration, config: &OutboundConfig) -> Self {
        /// The time over which calls and retries are set against each other.
        const WINDOW: Duration = Duration::from_secs(10);
        /// Retries a second that there are in any case: services that are seldom called have few to share.
        const AT_LEAST: u32 = 1;
        let percent = config.retries_percent as f32;
        Self(Arc::new(Way {
            service,
            timeout,
            breaker: Breaker::new(service, config),
            retries: TpsBudget::new(WINDOW, AT_LEAST, percent / 100.0),
        }))
    }

    /// Calls once. Only what `work` calls an error counts as one: a refusal by a service that works is
    /// a part of its answer.
    pub fn call<T, E>(
        &self,
        work: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, Failure<E>>>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let way = self.0.clone();
        Box::pin(async move {
            way.retries.deposit();
            let answer = way.breaker.call(way.timeout, work).await;
            let answer = answer.map_err(|error| match error {
                CircuitBreakerError::OpenCircuit => Failure::Open,
                CircuitBreakerError::Inner(failure) => failure,
            });
            METERS.count_call(way.service, result(&answer));
            answer
        })
    }

    /// Calls, and after a failure once or twice more: at growing intervals that no two callers share, and
    /// while the budget lasts. Only for calls that may be repeated.
    pub fn call_again<T, E, F>(
        &self,
        mut work: impl FnMut() -> F + Send + 'static,
    ) -> BoxFuture<'static, Result<T, Failure<E>>>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: Future<Output = Result<T, E>> + Send + 'static,
    {
        let (way, pays) = (self.clone(), self.clone());
        let pauses = ExponentialBuilder::new()
            .with_min_delay(Duration::from_millis(50))
            .with_max_delay(Duration::from_secs(1))
            .with_max_times(2)
            .with_jitter();
        let again = (move || way.call(work()))
            .retry(pauses)
            .when(move |failure| !matches!(failure, Failure::Open) && pays.may_retry());
        Box::pin(again.into_future())
    }

    /// Takes a retry from the budget; false if it is spent. For those who repeat a call by themselves.
    pub fn may_retry(&self) -> bool {
        let may = self.0.retries.withdraw();
        if may {
            METERS.count_retry(self.0.service);
        }
        may
    }

    pub fn state(&self) -> State {
        self.0.breaker.state()
    }
}

/// The label that a call is counted under.
fn result<T, E>(answer: &Result<T, Failure<E>>) -> &'static str {
    match answer {
        Ok(_) => "ok",
        Err(Failure::Open) => "refused",
        Err(Failure::TimedOut(_)) => "timed_out",
        Err(Failure::Failed(_)) => "failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
    use tokio::time::sleep;

    const OPEN_FOR: Duration = Duration::from_millis(50);

    fn way() -> Outbound {
        let config = OutboundConfig::default();
        Outbound(Arc::new(Way {
            service: "test",
            timeout: Duration::from_secs(5),
            breaker: Breaker::open_for(OPEN_FOR, "test", &config),
            retries: TpsBudget::new(Duration::from_secs(10), 1, 0.1),
        }))
    }

    async fn fail(way: &Outbound) -> Result<(), Failure<&'static str>> {
        way.call(async { Err("no") }).await
    }

    async fn work(way: &Outbound) -> Result<(), Failure<&'static str>> {
        way.call(async { Ok(()) }).await
    }

    #[tokio::test]
    async fn who_fails_too_often_is_left_alone_and_taken_back() {
        let way = way();
        for _ in 0..5 {
            assert_eq!(fail(&way).await, Err(Failure::Failed("no")));
        }
        assert_eq!(way.state(), State::Open);
        assert_eq!(work(&way).await, Err(Failure::Open));
        sleep(OPEN_FOR).await;
        assert_eq!(work(&way).await, Ok(()));
        assert_eq!(way.state(), State::Closed);
    }

    #[tokio::test]
    async fn a_probe_that_fails_opens_it_again() {
        let way = way();
        for _ in 0..5 {
            fail(&way).await.expect_err("fails");
        }
        sleep(OPEN_FOR).await;
        assert_eq!(fail(&way).await, Err(Failure::Failed("no")));
        assert_eq!(way.state(), State::Open);
    }

    #[tokio::test]
    async fn one_failure_in_a_while_opens_nothing() {
        let way = way();
        for call in 0..100 {
            match call % 3 {
                0 => fail(&way).await.expect_err("fails"),
                _ => work(&way).await.map(|()| Failure::Open).expect("works"),
            };
        }
        assert_eq!(way.state(), State::Closed);
    }

    #[tokio::test]
    async fn a_call_that_hangs_ends_and_counts_as_a_failure() {
        let config = OutboundConfig {
            breaker_failures: 1,
            ..OutboundConfig::default()
        };
        let patience = Duration::from_millis(10);
        let way = Outbound::new("test", patience, &config);
        let hanging = way.call(std::future::pending::<Result<(), ()>>());
        assert_eq!(hanging.await, Err(Failure::TimedOut(patience)));
        assert_eq!(way.state(), State::Open);
    }

    #[tokio::test]
    async fn a_call_is_repeated_until_it_works_and_only_within_the_budget() {
        let config = OutboundConfig {
            breaker_failures: 1_000,
            retries_percent: 0,
            ..OutboundConfig::default()
        };
        let way = Outbound::new("test", Duration::from_secs(5), &config);
        let calls = Arc::new(AtomicU32::new(0));
        let ours = calls.clone();
        let answered = way.call_again(move || {
            let call = ours.fetch_add(1, Relaxed);
            async move { if call < 2 { Err("no") } else { Ok(call) } }
        });
        assert_eq!(answered.await, Ok(2));
        // Ten in ten seconds; two are spent.
        let spent = (0..20).filter(|_| way.may_retry()).count();
        assert_eq!(spent, 8);
        calls.store(0, Relaxed);
        let ours = calls.clone();
        let refused = way.call_again(move || {
            ours.fetch_add(1, Relaxed);
            async { Err::<(), _>("no") }
        });
        assert_eq!(refused.await, Err(Failure::Failed("no")));
        assert_eq!(calls.load(Relaxed), 1);
    }
}
