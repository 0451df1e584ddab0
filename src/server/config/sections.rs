//! Configuration: defaults, then `Leptos.toml`, then the environment.
//!
//! One struct an area. A key that is unknown or a value of the wrong type stops the start with the
//! place, the key and the reason.

use super::secret;
use super::{EventsConfig, LimitsConfig, LogConfig, MailConfig, PaymentConfig, WebhooksConfig};
use crate::i18n::Language;
use crate::money::Currency;
use crate::orders::{Delivery, Numbering};
use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Duration;
use toml::{Table, Value};

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Config {
    pub server: ServerConfig,
    pub database: DatabaseConfig,
    pub accounts: AccountsConfig,
    pub shop: ShopConfig,
    pub orders: OrdersConfig,
    pub payment: PaymentConfig,
    pub events: EventsConfig,
    pub mail: MailConfig,
    pub webhooks: WebhooksConfig,
    pub limits: LimitsConfig,
    pub log: LogConfig,
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
    pub trusted_proxies: usize,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct DatabaseConfig {
    pub url: String,
    pub max_connections: u32,
    pub acquire_timeout_seconds: u64,
    pub max_lifetime_seconds: u64,
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
            trusted_proxies: 0,
        }
    }
}

impl ServerConfig {
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_seconds)
    }

    /// Whether people come over https, so that cookies can insist on it.
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
    /// What a way of delivery costs, in minor units of the shop's currency.
    pub const fn fee(&self, delivery: Delivery) -> i64 {
        match delivery {
            Delivery::Standard => self.standard_fee,
            Delivery::Express => self.express_fee,
        }
    }
}

impl ShopConfig {
    pub fn cache(&self) -> Duration {
        Duration::from_millis(self.cache_milliseconds)
    }
}

impl Config {
    /// Reads the file where there is one, then the process's environment.
    pub fn load(path: &Path) -> Result<Self> {
        let text = if path.exists() {
            std::fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?
        } else {
            String::new()
        };
        Self::from_sources(&text, &path.display().to_string(), |name| {
            std::env::var(name).ok()
        })
    }

    /// The same from text, with `environment` answering for the variables.
    pub fn from_sources(
        text: &str,
        file: &str,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self> {
        let mut table = Table::try_from(Self::default()).context("the defaults are a table")?;
        let given: Table = text
            .parse()
            .with_context(|| format!("{file} is not TOML"))?;
        overlay_file(&mut table, given, file)?;
        overlay_environment(&mut table, environment)?;
        let config: Self = table
            .try_into()
            .with_context(|| format!("in {file} or the environment"))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<()> {
        let server = &self.server;
        let table = Table::try_from(self).context("a configuration is a table")?;
        for key in AT_LEAST_1 {
            let (section, name) = key.split_once('.').unwrap_or_default();
            let value = table.get(section).and_then(|section| section.get(name));
            let value = value.and_then(Value::as_integer);
            ensure!(value.is_some_and(|it| it > 0), "{key} must be at least 1");
        }
        ensure!(
            self.orders.standard_fee >= 0 && self.orders.express_fee >= 0,
            "orders.standard_fee and orders.express_fee must not be negative"
        );
        ensure!(
            (1..=525_600).contains(&self.orders.unpaid_minutes),
            "orders.unpaid_minutes must be 1 to 525600, a year"
        );
        self.payment.check()?;
        self.events.check()?;
        self.mail.check()?;
        self.webhooks.check()?;
        self.limits.check()?;
        secret::check(&self.accounts.token_secret, server.environment)?;
        Ok(())
    }
}

/// Bounds that let nothing through at 0.
const AT_LEAST_1: [&str; 10] = [
    "server.request_timeout_seconds",
    "server.header_timeout_seconds",
    "server.send_timeout_seconds",
    "server.max_connections",
    "database.max_connections",
    "database.acquire_timeout_seconds",
    "accounts.hashes_at_once",
    "accounts.sign_in_max_days",
    "accounts.registrations_per_hour",
    "accounts.sign_in_tries",
];

/// The section that belongs to Leptos and is read by it.
const LEPTOS_SECTION: &str = "package";

fn overlay_file(table: &mut Table, given: Table, file: &str) -> Result<()> {
    for (section, values) in given {
        if section == LEPTOS_SECTION {
            continue;
        }
        let Some(Value::Table(known)) = table.get_mut(&section) else {
            bail!("{file}: there is no section [{section}]");
        };
        let Value::Table(values) = values else {
            bail!("{file}: {section} must be a section");
        };
        for (key, value) in values {
            let Some(place) = known.get_mut(&key) else {
                bail!("{file}: there is no key {key} in [{section}]");
            };
            ensure!(
                place.same_type(&value),
                "{file}: {section}.{key} must be {}, not {value}",
                place.type_str()
            );
            *place = value;
        }
    }
    Ok(())
}

fn overlay_environment(
    table: &mut Table,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<()> {
    for (section, values) in table.iter_mut() {
        let Value::Table(values) = values else {
            continue;
        };
        for (key, place) in values.iter_mut() {
            let name = match (section.as_str(), key.as_str()) {
                ("database", "url") => "DATABASE_URL".to_owned(),
                _ => format!("GUILDHALL_{section}_{key}").to_uppercase(),
            };
            let Some(text) = environment(&name) else {
                continue;
            };
            *place = match place {
                Value::Integer(_) => Value::Integer(
                    text.parse()
                        .with_context(|| format!("{name} must be a whole number, not {text:?}"))?,
                ),
                Value::Boolean(_) => Value::Boolean(
                    text.parse()
                        .with_context(|| format!("{name} must be true or false, not {text:?}"))?,
                ),
                _ => Value::String(text),
            };
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(text: &str) -> Result<Config> {
        Config::from_sources(text, "Leptos.toml", |_| None)
    }

    #[test]
    fn the_file_in_the_repository_spells_out_the_defaults() {
        let shipped = from(include_str!("../../../Leptos.toml")).expect("reads");
        let default = Config::default();
        assert_eq!(
            toml::to_string(&shipped).expect("serialises"),
            toml::to_string(&default).expect("serialises")
        );
    }

    #[test]
    fn a_mistake_names_the_file_the_key_and_the_reason() {
        let complaint = |text| format!("{:#}", from(text).expect_err("is refused"));
        assert_eq!(
            complaint("[server]\nport = 1"),
            "Leptos.toml: there is no key port in [server]"
        );
        assert_eq!(
            complaint("[sever]"),
            "Leptos.toml: there is no section [sever]"
        );
        assert_eq!(
            complaint("[server]\nmax_connections = 0"),
            "server.max_connections must be at least 1"
        );
        assert!(complaint("[shop]\ncurrency = \"ABC\"").contains("ABC is not a currency"));
        assert!(
            complaint("[database]\nmax_connections = \"8\"")
                .contains("database.max_connections must be integer")
        );
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let config =
            Config::from_sources(
                "[database]\nurl = \"sqlite:a.db\"",
                "f",
                |name| match name {
                    "DATABASE_URL" => Some("sqlite:b.db".to_owned()),
                    "GUILDHALL_SERVER_TRUSTED_PROXIES" => Some("2".to_owned()),
                    _ => None,
                },
            )
            .expect("reads");
        assert_eq!(config.database.url, "sqlite:b.db");
        assert_eq!(config.server.trusted_proxies, 2);
    }

    #[test]
    fn production_has_no_secret_of_its_own() {
        let error = from("[server]\nenvironment = \"production\"").expect_err("is refused");
        assert!(
            error
                .to_string()
                .contains("GUILDHALL_ACCOUNTS_TOKEN_SECRET")
        );
    }
}
