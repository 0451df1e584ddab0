//! The sections of the configuration, one struct an area, with their defaults.

use super::{
    CorsConfig, EventsConfig, GrpcConfig, LimitsConfig, LogConfig, MailConfig, NatsConfig,
    OutboundConfig, PaymentConfig, RedisConfig, TelemetryConfig, TlsConfig, TrialsConfig,
    WebhooksConfig,
};
use crate::i18n::Language;
use crate::money::Currency;
use crate::orders::{Delivery, Numbering};
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Config {
    pub server: ServerConfig,
    pub tls: TlsConfig,
    pub database: DatabaseConfig,
    pub redis: RedisConfig,
    pub accounts: AccountsConfig,
    pub shop: ShopConfig,
    pub orders: OrdersConfig,
    pub trials: TrialsConfig,
    pub grpc: GrpcConfig,
    pub payment: PaymentConfig,
    pub events: EventsConfig,
    pub nats: NatsConfig,
    pub mail: MailConfig,
    pub webhooks: WebhooksConfig,
    pub outbound: OutboundConfig,
    pub limits: LimitsConfig,
    pub cors: CorsConfig,
    pub log: LogConfig,
    pub telemetry: TelemetryConfig,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    Development,
    Production,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ServerConfig {
    pub environment: Environment,
    pub public_url: String,
    pub request_timeout_seconds: u64,
    pub header_timeout_seconds: u64,
    pub send_timeout_seconds: u64,
    pub max_connections: usize,
    pub shutdown_timeout_seconds: u64,
    pub body_limit_bytes: usize,
    pub picture_limit_bytes: usize,
    pub import_limit_bytes: usize,
    pub trusted_proxies: usize,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct DatabaseConfig {
    pub url: String,
    pub max_connections: u32,
    pub acquire_timeout_seconds: u64,
    pub max_lifetime_seconds: u64,
    pub slow_query_milliseconds: u64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct AccountsConfig {
    pub token_secret: String,
    pub access_token_minutes: u32,
    pub refresh_token_days: u32,
    pub session_days: u32,
    pub sign_in_max_days: u32,
    pub sign_in_tries: u32,
    pub sign_in_window_minutes: u32,
    pub registrations_per_hour: u32,
    pub hashes_at_once: usize,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ShopConfig {
    pub currency: Currency,
    pub language: Language,
    pub cache_milliseconds: u64,
    pub outage_minutes: u64,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct OrdersConfig {
    pub standard_fee: i64,
    pub express_fee: i64,
    pub unpaid_minutes: i64,
    pub numbering: Numbering,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            environment: Environment::Development,
            public_url: "http://127.0.0.1:3000".to_owned(),
            request_timeout_seconds: 10,
            header_timeout_seconds: 10,
            send_timeout_seconds: 15,
            max_connections: 2_000,
            shutdown_timeout_seconds: 10,
            body_limit_bytes: 1 << 20,
            picture_limit_bytes: 6 << 20,
            import_limit_bytes: 16 << 20,
            trusted_proxies: 0,
        }
    }
}

impl ServerConfig {
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_seconds)
    }

    /// Returns true if the site is served over https, so that cookies can insist on it.
    pub fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: "sqlite:data/guildhall.db".to_owned(),
            max_connections: 8,
            acquire_timeout_seconds: 2,
            max_lifetime_seconds: 1_800,
            slow_query_milliseconds: 100,
        }
    }
}

impl Default for AccountsConfig {
    fn default() -> Self {
        Self {
            token_secret: String::new(),
            access_token_minutes: 15,
            refresh_token_days: 7,
            session_days: 14,
            sign_in_max_days: 30,
            sign_in_tries: 10,
            sign_in_window_minutes: 10,
            registrations_per_hour: 20,
            hashes_at_once: 2,
        }
    }
}

impl Default for ShopConfig {
    fn default() -> Self {
        Self {
            currency: Currency::default(),
            language: Language::default(),
            cache_milliseconds: 1_000,
            outage_minutes: 60,
        }
    }
}

impl Default for OrdersConfig {
    fn default() -> Self {
        Self {
            standard_fee: 1_000,
            express_fee: 2_500,
            unpaid_minutes: 3 * 1_440,
            numbering: Numbering::Lock,
        }
    }
}

impl OrdersConfig {
    /// Returns the fee of a delivery method, in minor units of the shop's currency.
    pub const fn fee(&self, delivery: Delivery) -> i64 {
        match delivery {
            Delivery::Standard => self.standard_fee,
            Delivery::Express => self.express_fee,
        }
    }

    /// Returns the fees of all delivery methods, each with its label.
    pub fn fees(&self) -> impl Iterator<Item = (&'static str, i64)> {
        let ways = Delivery::ALL.into_iter();
        ways.map(|delivery| (delivery.label(), self.fee(delivery)))
    }
}

impl ShopConfig {
    pub fn cache(&self) -> Duration {
        Duration::from_millis(self.cache_milliseconds)
    }

    /// Returns the time for which the shop is shown as it was while the database is away.
    pub fn outage(&self) -> Duration {
        Duration::from_mins(self.outage_minutes)
    }
}
