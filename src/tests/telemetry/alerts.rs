//! Rules, alerts and the dashboard in `deploy/`: sound, and about metrics that there are.

use super::samples::{Samples, promtool};
use crate::support::TestServer;
use crate::support::process::text;
use crate::tidy::root;
use axum::Router;
use axum::routing::get;
use serde_json::Value;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fs;

const RULES: [&str; 2] = [
    "deploy/prometheus/recording.yml",
    "deploy/prometheus/alerts.yml",
];
const TESTS: &str = "deploy/prometheus/tests.yml";
const DASHBOARD: &str = "deploy/grafana/guildhall.json";

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).expect("a file")
}

/// The names in it that begin like those of our metrics.
fn metrics_in(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'))
        .filter(|word| {
            let ours = ["guildhall_", "guildhall:", "process_"];
            ours.iter().any(|prefix| word.starts_with(prefix))
        })
        .collect()
}

/// The queries of the dashboard's panels.
fn queries() -> Vec<String> {
    let dashboard: Value = serde_json::from_str(&read(DASHBOARD)).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let targets = panels
        .iter()
        .flat_map(|panel| panel["targets"].as_array().into_iter().flatten());
    targets
        .map(|target| target["expr"].as_str().expect("a query").to_owned())
        .collect()
}

fn must_succeed(arguments: &[&str], input: &str) {
    if let Some(judged) = promtool(arguments, input) {
        let said = text(&judged.stdout) + &text(&judged.stderr);
        assert!(judged.status.success(), "{said}");
    }
}

#[tokio::test]
async fn rules_and_dashboard_ask_for_metrics_that_there_are() {
    // On SQLite, which has metrics that PostgreSQL has not, and all of the others.
    let server = TestServer::start_on_sqlite().await;
    let panics = get(async || -> &'static str { panic!("on purpose") });
    let mut client = server.client_with(Router::new().route("/panics", panics));
    client.get("/panics").await;
    server.app.metrics.count_delivery("mail", "done");
    let called = server
        .app
        .mail_server
        .call(async { Ok::<_, Infallible>(()) });
    called.await.expect("a call");
    crate::support::execute(
        &server.app,
        "INSERT INTO ledger_accounts (code, name, currency, normal_side, created_at)
         VALUES ('sales', 'Sales', 'CNY', 'credit', 0)",
    )
    .await;
    let samples = Samples::of(&server).await;
    let mut known = samples.names();
    let recording = read(RULES[0]);
    let recorded = recording
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("- record: "));
    known.extend(recorded);
    assert!(known.len() > 40, "{known:?}");
    for file in [RULES[0], RULES[1], TESTS, DASHBOARD] {
        let text = read(file);
        let asked = metrics_in(&text);
        assert!(asked.len() > 4, "{file}: {asked:?}");
        let unknown: Vec<_> = asked.difference(&known).collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?}");
    }
}

#[test]
fn each_alert_is_fired_by_a_test() {
    let (rules, tests) = (read(RULES[1]), read(TESTS));
    let alerts = rules
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("- alert: "));
    // The same rule at other speeds: the tests have one of each, and the slowest.
    let others = ["BurnQuick", "BurnSteady", "SlowBurnSlowly"];
    let missing: Vec<_> = alerts
        .filter(|alert| !others.iter().any(|other| alert.ends_with(other)))
        .filter(|alert| !tests.contains(*alert))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn promtool_finds_the_rules_sound_and_their_tests_pass() {
    must_succeed(&["check", "rules", RULES[0], RULES[1]], "");
    must_succeed(&["check", "config", "deploy/prometheus/prometheus.yml"], "");
    must_succeed(&["test", "rules", TESTS], "");
}

/// As rules that would record them: `promtool` of Debian reads no query by itself.
#[test]
fn promtool_reads_every_query_of_the_dashboard() {
    let mut rules = "groups:\n- name: dashboard\n  rules:\n".to_owned();
    let queries = queries();
    assert!(queries.len() > 30);
    for (number, query) in queries.iter().enumerate() {
        let query = query.replace("$__rate_interval", "1m");
        assert!(query.contains("job=\"$job\""), "of all jobs: {query}");
        rules += &format!(
            "  - record: query{number}\n    expr: {}\n",
            Value::from(query)
        );
    }
    let folder = crate::support::process::Folder::new();
    let file = folder.0.join("dashboard.yml");
    fs::write(&file, rules).expect("a file");
    must_succeed(&["check", "rules", &file.display().to_string()], "");
}
