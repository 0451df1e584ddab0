//! Configuration loading: defaults, then `Leptos.toml`, then the environment.
//!
//! An unknown key or a value of the wrong type stops the start with the place, the key and the
//! reason.

use super::{Config, secret};
use anyhow::{Context, Result, anyhow, bail, ensure};
use toml::{Table, Value};

impl Config {
    /// Reads the configuration from text, with `environment` supplying the variables.
    pub fn from_sources(
        text: &str,
        file: &str,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self> {
        let mut table = Table::try_from(Self::default()).context("the defaults are a table")?;
        let given = text.parse();
        let given: Table = given.map_err(|error| not_toml(&error, text, file))?;
        overlay_file(&mut table, given, file)?;
        overlay_environment(&mut table, environment)?;
        let config: Self = table
            .try_into()
            .with_context(|| format!("in {file} or the environment"))?;
        config.check()?;
        Ok(config)
    }

    pub(super) fn check(&self) -> Result<()> {
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
            self.shop.outage_minutes <= 10_080,
            "shop.outage_minutes must be 0 to 10080, a week"
        );
        ensure!(
            (1..=525_600).contains(&self.orders.unpaid_minutes),
            "orders.unpaid_minutes must be 1 to 525600, a year"
        );
        self.tls.check(&server.public_url)?;
        self.redis.check()?;
        self.payment.check()?;
        self.events.check()?;
        self.nats.check()?;
        self.mail.check()?;
        self.webhooks.check()?;
        self.outbound.check()?;
        self.limits.check()?;
        self.cors.check()?;
        self.log.check()?;
        self.telemetry.check()?;
        self.trials.check()?;
        self.grpc.address()?;
        let token_secret = &self.accounts.token_secret;
        secret::check(token_secret, server.environment, &secret::TOKEN_SECRET)?;
        // Without one no subject can be registered, and everything else works: production is not made to have one by
        // studies that it may never run.
        if !self.trials.name_key.is_empty() {
            secret::check(&self.trials.name_key, server.environment, &secret::NAME_KEY)?;
        }
        Ok(())
    }
}

/// Names the line, and does not quote it as the parser does: it may hold a secret.
fn not_toml(error: &toml::de::Error, text: &str, file: &str) -> anyhow::Error {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.unwrap_or_default().matches('\n').count() + 1;
    anyhow!("{file} is not TOML in line {line}: {}", error.message())
}

/// Settings that would let nothing through at 0.
const AT_LEAST_1: [&str; 14] = [
    "server.request_timeout_seconds",
    "server.header_timeout_seconds",
    "server.send_timeout_seconds",
    "server.max_connections",
    "database.max_connections",
    "database.acquire_timeout_seconds",
    "database.slow_query_milliseconds",
    "accounts.hashes_at_once",
    "log.one_in",
    "accounts.sign_in_max_days",
    "accounts.registrations_per_hour",
    "accounts.sign_in_tries",
    "limits.requests_in_progress",
    "limits.latency_milliseconds",
];

/// The section that belongs to Leptos, which reads it itself.
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
                "{file}: {section}.{key} must be {}, not {}",
                place.type_str(),
                value.type_str()
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
                ("redis", "url") => "REDIS_URL".to_owned(),
                ("nats", "url") => "NATS_URL".to_owned(),
                // The name that every program with traces goes by.
                ("telemetry", "otlp_endpoint") => "OTEL_EXPORTER_OTLP_ENDPOINT".to_owned(),
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
                Value::Array(_) => Value::Array(list(&text)),
                _ => Value::String(text),
            };
        }
    }
    Ok(())
}

/// Reads the entries between commas.
fn list(text: &str) -> Vec<Value> {
    let entries = text.split(',').map(str::trim);
    let given = entries.filter(|entry| !entry.is_empty());
    given.map(|entry| Value::String(entry.to_owned())).collect()
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
        assert_eq!(
            complaint("[shop]\n\ncurrency = \"EUR"),
            "Leptos.toml is not TOML in line 3: invalid basic string, expected `\"`"
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
                    "GUILDHALL_CORS_ORIGINS" => Some("https://a.example, https://b.example".into()),
                    _ => None,
                },
            )
            .expect("reads");
        assert_eq!(config.database.url, "sqlite:b.db");
        assert_eq!(config.server.trusted_proxies, 2);
        let origins = ["https://a.example", "https://b.example"];
        assert_eq!(config.cors.origins, origins);
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
