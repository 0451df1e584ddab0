//! Configuration, section by section.

mod events;
mod load;
mod payment;
mod secret;
mod sections;
mod telemetry;

pub use super::limits::LimitsConfig;
pub use super::logs::{LogConfig, LogFormat};
pub use events::{EventsConfig, MailConfig, Transport, WebhooksConfig};
pub use payment::PaymentConfig;
pub use secret::keep_token_secret;
pub use sections::{
    AccountsConfig, Config, DatabaseConfig, Environment, OrdersConfig, ServerConfig, ShopConfig,
};
pub use telemetry::TelemetryConfig;
