//! Redis and the broker by TLS.

use super::Fleet;
use crate::events::broker::{by, until_live};
use crate::support::broker::Broker;
use crate::support::company::Company;
use crate::support::eventually::eventually;
use crate::support::fresh_database;
use crate::support::process::{Folder, Server, program, run, text};
use crate::support::redis::RedisServer;
use crate::support::tls::Certificate;
use guildhall::events::start;
use guildhall::server::config::Config;
use std::fs::{File, read_to_string};

/// The address of the tests' Redis and broker.
const HERE: &str = "127.0.0.1";

#[tokio::test]
async fn a_change_is_heard_of_by_way_of_a_redis_with_tls() {
    let redis = RedisServer::start_with_tls(&Certificate::make_for(HERE)).await;
    let trusting = |config: &mut Config| config.redis.ca_certificate = redis.certificate();
    let mut fleet = Fleet::with_urls(&redis.tls_url(), trusting).await;
    fleet.has_redis(true).await;
    fleet.hears_of_price(1).await;
}

#[tokio::test]
async fn a_broker_with_tls_is_used_where_its_certificate_is_trusted() {
    let broker = Broker::start_with_tls(&Certificate::make_for(HERE)).await;
    let named = by(&broker);
    let trusting = |config: &mut Config| {
        named(config);
        config.nats.ca_certificate = broker.certificate();
    };
    let company = Company::open_with(trusting).await;
    start(company.app());
    until_live(company.app()).await;
}

#[tokio::test]
async fn services_whose_certificate_nobody_trusts_are_not_used_and_the_log_says_why() {
    let certificate = Certificate::make_for(HERE);
    let redis = RedisServer::start_with_tls(&certificate).await;
    let broker = Broker::start_with_tls(&certificate).await;
    let other = Folder::new();
    Certificate::make_for(HERE).put(&other.0);
    let other = other.0.join("certificate.pem").display().to_string();
    for trusted in ["", &other] {
        let folder = Folder::new();
        let database = fresh_database(&folder.0).await.url;
        let log = folder.0.join("log");
        let variables = [
            ("REDIS_URL", redis.tls_url()),
            ("GUILDHALL_REDIS_CA_CERTIFICATE", trusted.to_owned()),
            ("NATS_URL", broker.url()),
            ("GUILDHALL_NATS_CA_CERTIFICATE", trusted.to_owned()),
        ];
        let mut command = program(&folder, &[]);
        command
            .arg("serve")
            .envs(variables)
            .stderr(File::create(&log).expect("a file"));
        let _server = Server::start_as(folder, &database, command).await;
        for away in ["Redis is not there yet", "The broker is away"] {
            eventually(async || {
                let log = read_to_string(&log).expect("a log");
                let said = log
                    .lines()
                    .any(|line| line.contains(away) && line.contains("invalid peer certificate"));
                said.then_some(()).ok_or(log)
            })
            .await;
        }
    }
}

#[tokio::test]
async fn a_file_that_holds_no_authority_stops_the_start() {
    for key in ["redis", "nats"] {
        let folder = Folder::new();
        let nonsense = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for (file, text) in [("empty.pem", ""), ("nonsense.pem", nonsense)] {
            std::fs::write(folder.0.join(file), text).expect("a file");
        }
        for (file, why) in [
            ("empty.pem", "there is none"),
            ("nonsense.pem", "must be a PEM file"),
            ("away.pem", "cannot be read"),
        ] {
            let name = format!("GUILDHALL_{}_CA_CERTIFICATE", key.to_uppercase());
            let output = run(&folder, &[(&name, file)], &["serve"]);
            let said = text(&output.stderr);
            assert!(!output.status.success() && said.contains(why), "{said}");
            assert!(said.contains(&format!("{key}.ca_certificate")), "{said}");
        }
    }
}
