//! Configuration, section by section.

mod change;
mod cors;
mod events;
mod live;
mod load;
mod nats;
mod outbound;
mod payment;
mod redis;
mod secret;
mod sections;
mod sources;
mod telemetry;
mod tls;
mod trials;

pub use super::limits::LimitsConfig;
pub use super::logs::{LogConfig, LogFormat};
pub use change::Change;
pub use cors::CorsConfig;
pub use events::{EventsConfig, MailConfig, Transport, WebhooksConfig};
pub use live::LiveConfig;
pub use nats::{Account, NatsConfig, Servers};
pub use outbound::OutboundConfig;
pub use payment::PaymentConfig;
pub use redis::RedisConfig;
pub use secret::keep_secrets;
pub use sections::{
    AccountsConfig, Config, DatabaseConfig, Environment, OrdersConfig, ServerConfig, ShopConfig,
};
pub use sources::Sources;
pub use telemetry::TelemetryConfig;
pub use tls::TlsConfig;
pub use trials::{GrpcConfig, TrialsConfig};
