//! The section `[nats]`: the broker that events go out by, if there is one.

use super::tls;
use anyhow::{Result, bail, ensure};
use async_nats::ServerAddr;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use url::Url;

#[derive(Clone, Deserialize, Serialize)]
pub struct NatsConfig {
    pub url: String,
    pub ca_certificate: String,
    pub replicas: u64,
    pub ack_wait_seconds: u64,
    pub fallback_seconds: i64,
}

/// Without the addresses, which may hold a password.
impl std::fmt::Debug for NatsConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NatsConfig")
            .field("is_on", &self.is_on())
            .field("replicas", &self.replicas)
            .field("ack_wait_seconds", &self.ack_wait_seconds)
            .field("fallback_seconds", &self.fallback_seconds)
            .finish_non_exhaustive()
    }
}

impl Default for NatsConfig {
    fn default() -> Self {
        Self {
            url: String::new(),
            ca_certificate: String::new(),
            replicas: 1,
            ack_wait_seconds: 30,
            fallback_seconds: 10,
        }
    }
}

impl NatsConfig {
    /// Returns true if there is a broker at all.
    pub fn is_on(&self) -> bool {
        !self.url.trim().is_empty()
    }

    pub fn ack_wait(&self) -> Duration {
        Duration::from_secs(self.ack_wait_seconds)
    }

    /// Returns the addresses, none where no broker is used, and the account. The error quotes none of them, for each
    /// may hold a password.
    pub fn servers(&self) -> Result<Servers> {
        let given = self.url.split(',').map(str::trim);
        let given = given.filter(|address| !address.is_empty());
        let mut servers = Servers::default();
        for (number, address) in (1..).zip(given) {
            let Some((address, account)) = parsed(address) else {
                bail!(
                    "nats.url must be addresses as nats://HOST:4222 with commas between, and number {number} is none"
                );
            };
            ensure!(
                account.is_none() || servers.account.is_none() || account == servers.account,
                "nats.url must name one account for all its addresses, and number {number} has another"
            );
            servers.addresses.push(address);
            servers.account = account.or(servers.account);
        }
        Ok(servers)
    }

    pub(super) fn check(&self) -> Result<()> {
        self.servers()?;
        tls::authorities("nats.ca_certificate", &self.ca_certificate)?;
        ensure!(
            (1..=5).contains(&self.replicas),
            "nats.replicas must be 1 to 5"
        );
        ensure!(
            (1..=600).contains(&self.ack_wait_seconds),
            "nats.ack_wait_seconds must be 1 to 600"
        );
        ensure!(
            (1..=600).contains(&self.fallback_seconds),
            "nats.fallback_seconds must be 1 to 600"
        );
        Ok(())
    }
}

/// The broker's addresses, without the account that it knows us by.
#[derive(Clone, Default)]
pub struct Servers {
    pub addresses: Vec<ServerAddr>,
    pub account: Option<Account>,
}

/// The account at the broker.
#[derive(Clone, PartialEq, Eq)]
pub enum Account {
    Token(String),
    User(String, String),
}

/// Takes an address apart. The account is no part of what is left, which may be logged.
fn parsed(address: &str) -> Option<(ServerAddr, Option<Account>)> {
    let address = match address.contains("://") {
        true => address.to_owned(),
        false => format!("nats://{address}"),
    };
    let mut url: Url = address.parse().ok()?;
    let plain = |text: &str| Some(percent_decode_str(text).decode_utf8().ok()?.into_owned());
    let account = match (url.username(), url.password()) {
        ("", None) => None,
        ("", Some(_)) => return None,
        (token, None) => Some(Account::Token(plain(token)?)),
        (user, Some(password)) => Some(Account::User(plain(user)?, plain(password)?)),
    };
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    let server = ServerAddr::from_url(url).ok()?;
    let is_plain = ["nats", "tls"].contains(&server.scheme()) && !server.host().is_empty();
    is_plain.then_some((server, account))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str) -> NatsConfig {
        NatsConfig {
            url: url.to_owned(),
            ..NatsConfig::default()
        }
    }

    #[test]
    fn several_addresses_have_commas_between_and_none_means_no_broker() {
        assert!(!of("").is_on() && !of(" ").is_on());
        let servers = |url: &str| of(url).servers().expect("reads");
        assert!(servers("").addresses.is_empty());
        let two = servers("nats://one:4222, two:4223");
        let hosts: Vec<_> = two.addresses.iter().map(ServerAddr::host).collect();
        assert_eq!(hosts, ["one", "two"]);
        assert!(two.account.is_none());
    }

    #[test]
    fn the_account_is_taken_out_of_the_addresses() {
        let servers = of("nats://ada:h%40sh@one,nats://ada:h%40sh@two,three").servers();
        let servers = servers.expect("reads");
        let wanted = Account::User("ada".to_owned(), "h@sh".to_owned());
        assert!(servers.account == Some(wanted));
        assert_eq!(servers.addresses.len(), 3);
        assert!(!format!("{:?}", servers.addresses).contains("sh@"));
        let token = of("nats://secret@one").servers().expect("reads").account;
        assert!(token == Some(Account::Token("secret".to_owned())));
        assert!(of("ada:hush@one,bob:hush@two").check().is_err());
    }

    #[test]
    fn a_refusal_and_a_log_line_tell_no_password() {
        for wrong in [
            "http://ada:hush@one",
            "one,ws://ada:hush@two",
            "nats://ada:hush@",
        ] {
            let config = of(wrong);
            let refused = config.check().expect_err("is refused").to_string();
            assert!(refused.contains("nats.url"), "{refused}");
            assert!(!refused.contains("hush"), "{refused}");
            assert!(!format!("{config:?}").contains("hush"));
        }
        let mut config = of("one");
        config.replicas = 6;
        assert!(config.check().is_err());
    }
}
