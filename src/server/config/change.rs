//! The difference between a running server's configuration and the one that was read again.

use super::{Config, Environment};
use anyhow::{Context, Result};
use toml::{Table, Value};

/// The settings that are read whenever they are needed, or that a reload passes on, so that a change counts at once.
/// All others have become connections, listeners, keys or caches by then, or an answer would contradict an earlier
/// one.
const AT_ONCE: [&str; 20] = [
    "accounts.registrations_per_hour",
    "accounts.sign_in_tries",
    "accounts.sign_in_window_minutes",
    "cors.origins",
    "events.keep_days",
    "limits.latency_milliseconds",
    "limits.reads_per_address",
    "limits.reads_per_person",
    "limits.requests_in_progress",
    "limits.writes_per_address",
    "limits.writes_per_person",
    "limits.writes_per_staff",
    "limits.writes_per_token",
    "log.filter",
    "log.one_in",
    "mail.most_per_day",
    "orders.express_fee",
    "orders.standard_fee",
    "orders.unpaid_minutes",
    "shop.cache_milliseconds",
];

/// A reload: the names of what changed, and the configuration from now on.
#[derive(Debug)]
pub struct Change {
    pub at_once: Vec<String>,
    pub at_restart: Vec<String>,
    pub config: Config,
}

impl Change {
    /// Fails where what may change at once does not fit what may not.
    pub fn between(running: &Config, read: Config) -> Result<Self> {
        let mut read = read;
        // Where none is given the start made one up, which stays.
        if read.accounts.token_secret.is_empty() {
            read.accounts.token_secret = running.accounts.token_secret.clone();
        }
        if read.trials.name_key.is_empty() && read.server.environment == Environment::Development {
            read.trials.name_key = running.trials.name_key.clone();
        }
        let table = |config: &Config| Table::try_from(config).context("a configuration is a table");
        let (mut table, read) = (table(running)?, table(&read)?);
        let (mut at_once, mut at_restart) = (Vec::new(), Vec::new());
        for (section, values) in &mut table {
            let (Value::Table(values), Some(read)) = (values, read.get(section)) else {
                continue;
            };
            for (key, value) in values {
                let Some(read) = read.get(key).filter(|read| *read != value) else {
                    continue;
                };
                let name = format!("{section}.{key}");
                if AT_ONCE.contains(&name.as_str()) {
                    *value = read.clone();
                    at_once.push(name);
                } else {
                    at_restart.push(name);
                }
            }
        }
        let config: Config = table.try_into()?;
        config.check()?;
        Ok(Self {
            at_once,
            at_restart,
            config,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(change: impl FnOnce(&mut Config)) -> Config {
        let mut config = Config::default();
        change(&mut config);
        config
    }

    #[test]
    fn what_is_safe_changes_at_once_and_the_rest_waits() {
        let running =
            config(|config| config.accounts.token_secret = "made up at the start".repeat(2));
        let read = config(|config| {
            config.limits.writes_per_person = 5;
            config.cors.origins = vec!["https://a.example".to_owned()];
            config.server.max_connections = 7;
            config.database.url = "sqlite:elsewhere.db".to_owned();
        });
        let change = Change::between(&running, read).expect("a change");
        assert_eq!(change.at_once, ["cors.origins", "limits.writes_per_person"]);
        assert_eq!(
            change.at_restart,
            ["database.url", "server.max_connections"]
        );
        let now = change.config;
        assert_eq!(now.limits.writes_per_person, 5);
        assert_eq!(now.cors.origins, ["https://a.example"]);
        assert_eq!(now.server.max_connections, running.server.max_connections);
        assert_eq!(now.database.url, running.database.url);
        assert_eq!(now.accounts.token_secret, running.accounts.token_secret);
    }

    #[test]
    fn what_is_as_it_was_is_not_named() {
        let running =
            config(|config| config.accounts.token_secret = "made up at the start".repeat(2));
        let change = Change::between(&running, Config::default()).expect("no change");
        assert!(
            change.at_once.is_empty() && change.at_restart.is_empty(),
            "{change:?}"
        );
    }

    #[test]
    fn each_setting_that_changes_at_once_exists() {
        let table = Table::try_from(Config::default()).expect("a table");
        for name in AT_ONCE {
            let (section, key) = name.split_once('.').expect("a section and a key");
            assert!(table[section].get(key).is_some(), "{name}");
        }
    }
}
