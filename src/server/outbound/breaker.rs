//! A circuit breaker: the crate's, with this server's settings, metrics and log lines.

use super::meters::METERS;
use crate::server::config::OutboundConfig;
use futures_util::future::BoxFuture;
use std::time::Duration;
use tokio::time::timeout;
use tower::{Layer, Service, service_fn};
pub use tower_resilience::circuitbreaker::{CircuitBreakerError, CircuitState as State};
use tower_resilience::circuitbreaker::{CircuitBreakerHandle, CircuitBreakerLayer};

/// Work that is done once, or the reason why not.
pub type Work<T, E> = BoxFuture<'static, Result<T, E>>;

/// The reason why a call brought no answer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure<E> {
    /// The breaker is open: there was no call.
    #[error("it failed too often of late and is left alone for a while")]
    Open,
    #[error("it did not answer within {0:?}")]
    TimedOut(Duration),
    #[error(transparent)]
    Failed(E),
}

pub struct Breaker {
    service: &'static str,
    layer: CircuitBreakerLayer,
    handle: CircuitBreakerHandle,
}

impl Breaker {
    pub fn new(service: &'static str, config: &OutboundConfig) -> Self {
        Self::open_for(config.open_for(), service, config)
    }

    pub fn open_for(open: Duration, service: &'static str, config: &OutboundConfig) -> Self {
        let (layer, handle) = CircuitBreakerLayer::builder()
            // Its windows suit nobody here: the one of calls never forgets, so that after a good month it would
            // take a bad one to open, and the one of time is gone through whole at each call.
            .consecutive_failures(config.breaker_failures)
            .wait_duration_in_open(open)
            .permitted_calls_in_half_open(1)
            .on_state_transition(move |from, to| note(service, from, to))
            .build_with_handle()
            .expect("the configuration was checked");
        METERS.breakers(service, word(State::Closed)).inc();
        Self {
            service,
            layer,
            handle,
        }
    }

    /// Does the work within this time, unless the breaker is open.
    pub fn call<T, E>(
        &self,
        most: Duration,
        work: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> Work<T, CircuitBreakerError<Failure<E>>>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let bounded: Work<T, Failure<E>> = Box::pin(async move {
            let late = |_| Failure::TimedOut(most);
            let answer = timeout(most, work).await.map_err(late)?;
            answer.map_err(Failure::Failed)
        });
        self.layer.layer(service_fn(|work| work)).call(bounded)
    }

    pub fn state(&self) -> State {
        self.handle.state()
    }
}

impl Drop for Breaker {
    fn drop(&mut self) {
        METERS.breakers(self.service, word(self.state())).dec();
    }
}

fn word(state: State) -> &'static str {
    match state {
        State::Closed => "closed",
        State::Open => "open",
        State::HalfOpen => "half_open",
    }
}

fn note(service: &'static str, from: State, to: State) {
    METERS.breakers(service, word(from)).dec();
    METERS.breakers(service, word(to)).inc();
    METERS.count_change(service, word(to));
    match to {
        State::Open => tracing::warn!(
            outbound.service = service,
            "Calls failed too often: there are none until the breaker tries one again"
        ),
        State::Closed => tracing::info!(outbound.service = service, "Calls work again"),
        State::HalfOpen => {}
    }
}
