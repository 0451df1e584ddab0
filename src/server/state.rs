//! The application state, which every request can reach.

use super::config::{Config, Environment, LiveConfig};
use super::db::Db;
use super::fleet::Fleet;
use super::http::Files;
use super::http::documents::Readers;
use super::http::pages::PAGES_AT_ONCE;
use super::limits::Limits;
use super::lock::Locks;
use super::nats::Nats;
use super::outbound::Outbound;
use super::overload::Overload;
use super::redis::Redis;
use super::telemetry::Metrics;
use crate::accounts::{Known, PasswordHasher, TokenKeys};
use crate::app::{READERS, shell};
use crate::cart::CartCounts;
use crate::catalog::{ListShipments, PictureWorkshop, ShopCache};
use crate::clock::Clock;
use crate::events::{Failing, SMTP_PATIENCE, WebhookClient};
use crate::ledger::TransferBatch;
use crate::ops::{Conservation, Gauge};
use crate::orders::list_shipments;
use crate::tasks::TaskAnswers;
use crate::trials::NameKey;
use crate::trials::rpc::SubjectGateway;
use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use leptos::prelude::{AnyView, IntoAny};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;

/// The least time between readings of the figures that are counted in the database; reading them takes
/// at most a fiftieth of the time.
const BETWEEN_FIGURES: Duration = Duration::from_secs(5);

/// The application's state. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub config: LiveConfig,
    pub leptos: LeptosOptions,
    /// The document around every page.
    pub shell: fn(LeptosOptions) -> AnyView,
    pub readers: Readers,
    pub files: Files,
    pub db: Db,
    pub redis: Redis,
    pub fleet: Fleet,
    pub locks: Locks,
    pub clock: Clock,
    pub hasher: PasswordHasher,
    pub token_keys: TokenKeys,
    pub name_key: NameKey,
    /// The way to the server whose subjects the API serves, if they are not this one's.
    pub subject_gateway: Option<SubjectGateway>,
    pub known: Known,
    pub pictures: PictureWorkshop,
    pub shop: ShopCache,
    pub list_shipments: ListShipments,
    pub cart_counts: CartCounts,
    pub task_answers: TaskAnswers,
    pub transfers: TransferBatch,
    pub gauge: Gauge<Conservation>,
    /// Keeps whoever asks for the metrics from loading the database.
    pub figures: Gauge<()>,
    pub limits: Limits,
    pub overload: Overload,
    pub metrics: Metrics,
    pub page_turns: Arc<Semaphore>,
    pub webhook_client: WebhookClient,
    pub mail_server: Outbound,
    pub failing: Failing,
    /// The broker that events go out by, if there is one.
    pub nats: Option<Nats>,
    draining: AtomicBool,
}

impl App {
    pub fn new(config: Config, leptos: LeptosOptions, db: Db, clock: Clock) -> Self {
        let metrics = Metrics::new(&db);
        let redis = Redis::new(
            &config.redis,
            &config.outbound,
            metrics.redis_connected.clone(),
        );
        let redis = redis.expect("the configuration was checked");
        let fleet = Fleet::new(&db, &redis, &config);
        Self(Arc::new(Parts {
            hasher: PasswordHasher::new(config.accounts.hashes_at_once),
            token_keys: TokenKeys::new(&config.accounts, &config.server.public_url),
            name_key: NameKey::new(&config.trials.name_key),
            subject_gateway: SubjectGateway::new(&config),
            known: Known::new(db.epochs(), &metrics),
            pictures: PictureWorkshop::default(),
            shop: ShopCache::new(db.epochs(), &fleet, &config.shop, &metrics),
            list_shipments: |conn, product, limit| {
                Box::pin(async move { Ok(list_shipments(conn, product, limit).await?) })
            },
            cart_counts: CartCounts::new(db.epochs(), &metrics),
            task_answers: TaskAnswers::new(db.epochs(), &metrics),
            transfers: TransferBatch::default(),
            webhook_client: WebhookClient::new(&config.outbound),
            mail_server: Outbound::new("smtp", SMTP_PATIENCE, &config.outbound),
            failing: Failing::default(),
            nats: Nats::new(&config, metrics.broker.connected.clone()),
            files: Files::read(&leptos),
            gauge: Gauge::default(),
            figures: Gauge::new(BETWEEN_FIGURES, 50),
            overload: Overload::new(&config.limits),
            limits: Limits::new(clock.clone(), metrics.refusals.clone(), &redis),
            page_turns: Arc::new(Semaphore::new(PAGES_AT_ONCE)),
            shell: |options| shell(options).into_any(),
            readers: READERS,
            draining: AtomicBool::new(false),
            fleet,
            locks: Locks::new(&db, &redis, &clock),
            redis,
            metrics,
            config: LiveConfig::new(config),
            leptos,
            db,
            clock,
        }))
    }

    /// Works together with the other servers on the same database from here on.
    pub fn join_fleet(&self) {
        self.fleet.join();
        self.limits.share();
    }

    /// Makes `/readyz` fail from here on, so that a load balancer sends nobody new.
    pub fn start_draining(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    pub fn in_development(&self) -> bool {
        self.config.server.environment == Environment::Development
    }
}

impl FromRef<App> for LeptosOptions {
    fn from_ref(app: &App) -> Self {
        app.leptos.clone()
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
