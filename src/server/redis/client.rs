//! The handle to Redis that the rest of the server asks.

use super::addresses::Address;
use crate::server::config::{OutboundConfig, RedisConfig};
use crate::server::outbound::{Failure, Outbound};
use anyhow::Result;
use arc_swap::ArcSwapOption;
use prometheus_client::metrics::gauge::Gauge;
use redis::aio::MultiplexedConnection;
use redis::{
    Arg, Cmd, ErrorKind, FromRedisValue, Pipeline, RedisError, RedisResult, ScriptInvocation,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tracing::{Instrument, Span};

/// The least patience with an address.
const PATIENCE: Duration = Duration::from_secs(1);

/// Redis, or none. Cheap to clone.
#[derive(Clone, Default)]
pub struct Redis(pub(super) Option<Arc<Shared>>);

pub(super) struct Shared {
    pub addresses: Vec<Address>,
    /// The connection in use; none while Redis is away, or in doubt.
    pub link: ArcSwapOption<MultiplexedConnection>,
    /// Wakes whoever looks after the connection.
    pub doubt: Notify,
    pub connected: Gauge,
    /// The longest wait for an address, or for the connection when it is looked at: no less than for a call, so that
    /// a slow answer ends no connection.
    pub patience: Duration,
    outbound: Outbound,
    prefix: String,
}

impl Redis {
    /// Connects to nothing yet: see [`Redis::follow`].
    pub fn new(config: &RedisConfig, outbound: &OutboundConfig, connected: Gauge) -> Result<Self> {
        if !config.is_on() {
            return Ok(Self::default());
        }
        // One that is installed already is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self(Some(Arc::new(Shared {
            addresses: config.addresses()?,
            link: ArcSwapOption::empty(),
            doubt: Notify::new(),
            connected,
            patience: config.timeout().max(PATIENCE),
            outbound: Outbound::new("redis", config.timeout(), outbound),
            prefix: config.prefix.clone(),
        }))))
    }

    /// Returns true if the settings name one, whether it is there or not.
    pub fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// Returns true if there is a connection that is not in doubt.
    pub fn is_there(&self) -> bool {
        let shared = self.0.as_ref();
        shared.is_some_and(|shared| shared.link.load().is_some())
    }

    /// Returns the name with this installation's prefix: of a key or a channel.
    pub fn name(&self, name: &str) -> String {
        let prefix = self.0.as_ref().map_or("", |shared| shared.prefix.as_str());
        format!("{prefix}:{name}")
    }

    /// Asks for one answer; `None` if there is none: Redis is away, silent, full or refuses.
    pub async fn ask<T>(&self, command: Cmd) -> Option<T>
    where
        T: FromRedisValue + Send + 'static,
    {
        let span = span(|| name_of(&command));
        self.call(span, |mut link| async move {
            command.query_async(&mut link).await
        })
        .await
    }

    /// Sends several commands at once; `None` unless each has an answer.
    pub async fn ask_all<T>(&self, commands: Pipeline) -> Option<T>
    where
        T: FromRedisValue + Send + 'static,
    {
        let names = || commands.cmd_iter().map(name_of).collect::<Vec<_>>();
        let span = span(|| names().join(" "));
        self.call(span, |mut link| async move {
            commands.query_async(&mut link).await
        })
        .await
    }

    /// Runs a script, which nothing interrupts.
    pub async fn run<T>(&self, script: ScriptInvocation<'static>) -> Option<T>
    where
        T: FromRedisValue + Send + 'static,
    {
        let span = span(|| "EVALSHA".to_owned());
        self.call(span, |mut link| async move {
            script.invoke_async(&mut link).await
        })
        .await
    }

    async fn call<T, F>(
        &self,
        span: Span,
        ask: impl FnOnce(MultiplexedConnection) -> F,
    ) -> Option<T>
    where
        T: Send + 'static,
        F: Future<Output = RedisResult<T>> + Send + 'static,
    {
        let shared = self.0.as_ref()?;
        let link = shared.link.load_full()?;
        let asked = ask(MultiplexedConnection::clone(&link));
        let answer = shared.outbound.call(async move {
            match asked.await {
                Err(error) if is_refusal(&error) => {
                    tracing::debug!(error.cause = %error, "Redis refused a command");
                    Ok(None)
                }
                answer => answer.map(Some),
            }
        });
        match answer.instrument(span).await {
            Ok(answer) => answer,
            Err(Failure::Open) => None,
            Err(Failure::TimedOut(_) | Failure::Failed(_)) => {
                shared.suspect();
                None
            }
        }
    }
}

impl Shared {
    /// Keeps everybody from the connection until it was seen to answer.
    pub fn suspect(&self) {
        self.link.store(None);
        self.doubt.notify_one();
    }
}

/// Returns the span of a question, where it is a part of something: what goes on in the background has no trace.
fn span(name: impl Fn() -> String) -> Span {
    if Span::current().is_none() {
        return Span::none();
    }
    tracing::debug_span!(
        "redis",
        otel.name = format!("redis {}", name()),
        otel.kind = "client",
        db.system.name = "redis"
    )
}

/// Returns the command without what it is about.
fn name_of(command: &Cmd) -> String {
    match command.args_iter().next() {
        Some(Arg::Simple(name)) => String::from_utf8_lossy(name).into_owned(),
        _ => String::new(),
    }
}

/// True if Redis understood the command and said no, as when it is full. One that became a standby, or still reads
/// its data, is of no use.
pub(super) fn is_refusal(error: &RedisError) -> bool {
    const OF_NO_USE: [&str; 4] = ["READONLY", "LOADING", "MASTERDOWN", "NOREPLICAS"];
    let says_no = matches!(error.kind(), ErrorKind::Server(_) | ErrorKind::Extension);
    says_no && !error.code().is_some_and(|code| OF_NO_USE.contains(&code))
}
