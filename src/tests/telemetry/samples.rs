//! Samples of `/metrics`: read as Prometheus reads them, and judged by `promtool`.

use crate::support::{Client, TestServer};
use axum::http::StatusCode;
use guildhall::server::metrics_router;
use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Output, Stdio};

/// All metrics at one moment, in the text format.
pub struct Samples(pub String);

impl Samples {
    pub async fn of(server: &TestServer) -> Self {
        let mut scraper = Client::new(metrics_router(server.app.clone()));
        let answer = scraper.api("/metrics").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let kind = answer.header("content-type");
        assert_eq!(kind, "text/plain; version=0.0.4; charset=utf-8");
        Self(answer.body)
    }

    /// The series and their values.
    pub fn series(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.0.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.rsplit_once(' ').expect("a name and a value"))
    }

    pub fn has(&self, series: &str) -> bool {
        self.series().any(|(name, _)| name == series)
    }

    /// The whole number that a series is at: `name{label="value"}`.
    pub fn value(&self, series: &str) -> i64 {
        let mut found = self.series().filter(|(name, _)| *name == series);
        let Some((_, value)) = found.next() else {
            panic!("there is no {series} in\n{}", self.0)
        };
        value.parse().expect("a whole number")
    }

    /// The names of all metrics, those of a histogram's parts included.
    pub fn names(&self) -> BTreeSet<&str> {
        let name = |series: &'_ str| series.find('{').unwrap_or(series.len());
        self.series()
            .map(|(series, _)| &series[..name(series)])
            .collect()
    }
}

/// Runs `promtool`; nothing where it is missing.
pub fn promtool(arguments: &[&str], input: &str) -> Option<Output> {
    let started = Command::new("promtool")
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) => {
            assert!(
                std::env::var_os("CI").is_none(),
                "promtool cannot be run: {error}"
            );
            eprintln!("Skipped: promtool cannot be run ({error}); bin/setup --test installs it.");
            return None;
        }
    };
    let mut stdin = child.stdin.take().expect("is piped");
    stdin.write_all(input.as_bytes()).expect("takes its input");
    drop(stdin);
    Some(child.wait_with_output().expect("ends"))
}
