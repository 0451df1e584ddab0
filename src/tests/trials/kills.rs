//! Two servers killed at random moments while subjects are registered at both: no number is left out or given twice,
//! and no answer that was given was untrue.
//!
//! Four rounds; `KILL_ROUNDS=200 cargo test without_a_gap -- --nocapture` for more, with the figures.

use super::registry::Registry;
use crate::program::kill::Client;
use crate::support::number;
use crate::support::process::Server;
use rand::RngExt;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const WRITERS: usize = 64;

async fn start(registry: &Registry) -> Server {
    let config = &registry.server.app.config;
    let variables = [
        (
            "GUILDHALL_ACCOUNTS_TOKEN_SECRET",
            config.accounts.token_secret.as_str(),
        ),
        ("GUILDHALL_TRIALS_NAME_KEY", config.trials.name_key.as_str()),
        ("GUILDHALL_LIMITS_WRITES_PER_PERSON", "0"),
        ("GUILDHALL_LIMITS_WRITES_PER_STAFF", "0"),
        ("GUILDHALL_LIMITS_WRITES_PER_ADDRESS", "0"),
    ];
    Server::start_on(&config.database.url, &variables).await
}

/// The writers' knowledge: the number that each key got, and the keys that got no answer.
#[derive(Default)]
struct Known {
    numbers: BTreeMap<String, String>,
    open: Vec<String>,
}

/// Registers one subject after another until the server is gone, or the round is over.
fn write(server: &Server, token: &str, body: &Value, prefix: &str, over: &AtomicBool) -> Known {
    let mut known = Known::default();
    let Ok(mut client) = Client::try_connect(server.address, token) else {
        return known;
    };
    for count in 0.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let key = format!("{prefix}-{count}");
        match client.post("/api/v1/subjects", &key, body) {
            Some((201, answer)) => {
                let number = answer["data"]["number"].as_str().expect("a number");
                known.numbers.insert(key, number.to_owned());
            }
            // Too many at once: nothing was done, and it is asked again later.
            Some((503, _)) => known.open.push(key),
            Some((status, answer)) => panic!("{status}: {answer}"),
            None => {
                known.open.push(key);
                break;
            }
        }
    }
    known
}

/// Load on both servers until one of them is killed, somewhere in its work.
fn round(servers: &mut [Server; 2], token: &str, body: &Value, round: u32) -> Known {
    let over = AtomicBool::new(false);
    let mut all = Known::default();
    let victim = usize::from(rand::rng().random_bool(0.5));
    let pid = servers[victim].child.id().to_string();
    std::thread::scope(|scope| {
        let (servers, over) = (&*servers, &over);
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let prefix = format!("{round}-{writer}");
                scope.spawn(move || write(&servers[writer % 2], token, body, &prefix, over))
            })
            .collect();
        std::thread::sleep(Duration::from_millis(rand::rng().random_range(50..400)));
        let killed = std::process::Command::new("kill")
            .args(["-s", "KILL", &pid])
            .status();
        assert!(killed.expect("kill runs").success());
        over.store(true, Ordering::Relaxed);
        for writer in writers {
            let known = writer.join().expect("a writer ends");
            all.numbers.extend(known.numbers);
            all.open.extend(known.open);
        }
    });
    servers[victim].kill();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_servers_leave_the_numbers_without_a_gap_and_without_a_double() {
    let rounds = std::env::var("KILL_ROUNDS")
        .ok()
        .and_then(|text| text.parse().ok());
    let registry = Registry::open().await;
    let body = registry.subject("Mei Chen", "01");
    let token = registry.coordinator.token.clone().expect("a token");
    let mut servers = [start(&registry).await, start(&registry).await];
    let (mut told, mut lost) = (BTreeMap::new(), 0);
    for count in 0..rounds.unwrap_or(4) {
        let known = round(&mut servers, &token, &body, count);
        for server in &mut servers {
            if server.child.try_wait().expect("a child").is_some() {
                *server = start(&registry).await;
            }
        }
        told.extend(known.numbers);
        lost += known.open.len();
        // What got no answer is asked again: it was done before or is done now, once.
        let mut client = Client::connect(servers[0].address, &token);
        for key in known.open {
            let answer = client.post("/api/v1/subjects", &key, &body);
            let (status, answer) = answer.expect("an answer");
            assert_eq!(status, 201, "{answer}");
            let number = answer["data"]["number"].as_str().expect("a number");
            told.insert(key, number.to_owned());
        }
        let written = number(&registry.server.app, "SELECT COUNT(*) FROM subjects").await;
        assert_eq!(
            written,
            told.len() as i64,
            "each that was told is there, and no other"
        );
    }
    // Nothing heals a gap or a double, so that it is enough to look once.
    registry.check().await;
    let mut numbers: Vec<&String> = told.values().collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), told.len(), "two requests, one number");
    println!(
        "{} registered, {lost} cut off and asked again, no gap, no double",
        told.len()
    );
}
