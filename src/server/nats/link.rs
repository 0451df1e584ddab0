//! The link to the broker: the client, and whether it can be used just now.

use crate::error::AppError;
use crate::i18n::t;
use crate::server::config::{Account, Config, Servers};
use crate::server::outbound::Outbound;
use async_nats::jetstream::{self, Context};
use async_nats::{Client, ConnectOptions, Event, Server};
use prometheus_client::metrics::gauge::Gauge;
use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, OnceCell, watch};

/// The timeout of a try to connect, and of every request to the broker.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// The interval between signs of life; a broker that misses two of them is taken for dead.
const BETWEEN_PINGS: Duration = Duration::from_secs(10);

/// The longest pause between two tries to connect.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The state of the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Link {
    pub is_up: bool,
    /// The number of times it was opened: a different one is a new connection.
    pub opened: u64,
}

/// The broker, as one server reaches it. Cheap to clone.
#[derive(Clone)]
pub struct Nats(Arc<Parts>);

struct Parts {
    servers: Servers,
    /// The file with the authority that signed its certificate; empty for those that the system trusts.
    ca_certificate: String,
    context: OnceCell<Context>,
    link: watch::Sender<Link>,
    /// True while the stream is known to be there.
    is_ready: AtomicBool,
    doubt: Notify,
    bell: Notify,
    /// True once the log says that it is away.
    is_missed: AtomicBool,
    connected: Gauge,
    way: Outbound,
}

impl Nats {
    /// Returns the broker that the settings name, to which nothing is connected yet; `None` if they name none.
    pub fn new(config: &Config, connected: Gauge) -> Option<Self> {
        let servers = config.nats.servers().unwrap_or_default();
        if servers.addresses.is_empty() {
            return None;
        }
        Some(Self(Arc::new(Parts {
            servers,
            ca_certificate: config.nats.ca_certificate.clone(),
            context: OnceCell::new(),
            link: watch::Sender::new(Link::default()),
            is_ready: AtomicBool::new(false),
            doubt: Notify::new(),
            bell: Notify::new(),
            is_missed: AtomicBool::new(false),
            connected,
            way: Outbound::new("nats", 2 * PATIENCE, &config.outbound),
        })))
    }

    /// Returns the client, and begins to connect with the first call. Does not wait for the connection.
    pub async fn context(&self) -> Result<&Context, AppError> {
        self.0.context.get_or_try_init(|| self.connect()).await
    }

    async fn connect(&self) -> Result<Context, AppError> {
        let [parts, seeker] = [Arc::downgrade(&self.0), Arc::downgrade(&self.0)];
        let options = match self.0.servers.account.clone() {
            Some(Account::User(user, password)) => {
                ConnectOptions::with_user_and_password(user, password)
            }
            Some(Account::Token(token)) => ConnectOptions::with_token(token),
            None => ConnectOptions::new(),
        };
        let options = match self.0.ca_certificate.as_str() {
            "" => options,
            file => options.add_root_certificates(file.into()),
        };
        let options = options
            .name(concat!("guildhall/", env!("CARGO_PKG_VERSION")))
            .retry_on_initial_connect()
            .max_reconnects(None)
            .reconnect_delay_callback(|tries| pause_before(tries, rand::random()))
            .connection_timeout(PATIENCE)
            .request_timeout(Some(PATIENCE))
            .ping_interval(BETWEEN_PINGS)
            // Asked before each try which address to take, and the only one to be told why the last try failed.
            .reconnect_to_server_callback(move |servers, _| {
                if let Some(parts) = seeker.upgrade() {
                    parts.note_failures(&servers);
                }
                ready(None)
            })
            .event_callback(move |event| {
                if let Some(parts) = parts.upgrade() {
                    parts.note(&event);
                }
                async {}
            });
        let client: Client = options
            .connect(&self.0.servers.addresses[..])
            .await
            .map_err(|error| {
                tracing::error!(error.cause = %error, "The broker's client could not be made");
                away()
            })?;
        let mut context = jetstream::new(client);
        context.set_timeout(PATIENCE);
        Ok(context)
    }

    /// Returns the way by which events are sent: with a breaker, for a broker that is there and takes none.
    pub fn way(&self) -> &Outbound {
        &self.0.way
    }

    /// Returns true if the connection is open and the stream is there.
    pub fn is_live(&self) -> bool {
        self.link().is_up && self.0.is_ready.load(Ordering::Relaxed)
    }

    pub fn link(&self) -> Link {
        *self.0.link.borrow()
    }

    /// Returns what is told of each change of the connection.
    pub fn changes(&self) -> watch::Receiver<Link> {
        self.0.link.subscribe()
    }

    /// Notes that the stream is there, or that it may not be.
    pub fn set_ready(&self, is_ready: bool) {
        self.0.is_ready.store(is_ready, Ordering::Relaxed);
    }

    /// Has the stream looked for again: something was refused as if it were not there.
    pub fn doubt(&self) {
        self.0.doubt.notify_one();
    }

    /// Wakes whoever publishes: there is something new.
    pub fn ring(&self) {
        self.0.bell.notify_one();
    }

    /// Waits until there is something new to publish.
    pub async fn rung(&self) {
        self.0.bell.notified().await;
    }

    /// Waits until somebody doubts that the stream is there.
    pub async fn doubted(&self) {
        self.0.doubt.notified().await;
    }
}

impl Parts {
    fn note(&self, event: &Event) {
        match event {
            Event::Connected => {
                self.is_ready.store(false, Ordering::Relaxed);
                self.link.send_modify(|link| {
                    link.is_up = true;
                    link.opened += 1;
                });
                self.connected.set(1);
                self.is_missed.store(false, Ordering::Relaxed);
                tracing::info!("The broker is connected");
            }
            Event::Disconnected | Event::Closed => {
                self.is_ready.store(false, Ordering::Relaxed);
                self.link.send_modify(|link| link.is_up = false);
                self.connected.set(0);
                self.miss(event);
            }
            Event::LameDuckMode
            | Event::Draining
            | Event::SlowConsumer(_)
            | Event::ServerError(_)
            | Event::ClientError(_) => {
                tracing::debug!(nats.event = %event, "The broker's client reports");
            }
        }
    }

    fn note_failures(&self, servers: &[Server]) {
        let failure = |server: &Server| {
            let why = server.last_error.as_ref()?;
            Some(format!(
                "{}:{}: {why}",
                server.addr.host(),
                server.addr.port()
            ))
        };
        let failures: Vec<_> = servers.iter().filter_map(failure).collect();
        if !failures.is_empty() {
            self.miss(failures.join("; "));
        }
    }

    /// Logs that the broker is away, once until it is back.
    fn miss(&self, cause: impl std::fmt::Display) {
        if !self.is_missed.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                error.cause = %cause,
                "The broker is away; events go out from the database until it is back"
            );
        }
    }
}

pub fn away() -> AppError {
    AppError::unavailable(t!("server-broker-away"))
}

/// Returns the pause before a try to connect: longer after each failure, and of random length, so that servers
/// which lost the broker together do not all come back in the same moment.
fn pause_before(tries: usize, dice: f64) -> Duration {
    /// Pauses double, beginning with this one.
    const FIRST: Duration = Duration::from_millis(50);
    let doublings = u32::try_from(tries.saturating_sub(1)).unwrap_or(u32::MAX);
    let pause = FIRST * 2_u32.saturating_pow(doublings.min(16));
    pause.min(LONGEST_PAUSE).mul_f64(0.5 + dice / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_between_tries_grow_differ_and_are_bounded() {
        let mut last = Duration::ZERO;
        for tries in 1..200 {
            let (least, most) = (pause_before(tries, 0.0), pause_before(tries, 1.0));
            assert!(least < most && least >= last / 2 && most <= LONGEST_PAUSE);
            last = most;
        }
        assert_eq!(last, LONGEST_PAUSE);
        assert!(pause_before(usize::MAX, 1.0) <= LONGEST_PAUSE);
    }

    #[tokio::test]
    async fn without_an_address_there_is_no_broker_and_with_one_the_start_does_not_wait() {
        let mut config = Config::default();
        assert!(Nats::new(&config, Gauge::default()).is_none());
        // A port that nobody listens on.
        config.nats.url = "nats://127.0.0.1:1".to_owned();
        let nats = Nats::new(&config, Gauge::default()).expect("a broker");
        nats.context().await.expect("a client");
        assert!(!nats.is_live() && !nats.link().is_up);
    }
}
