//! Log lines: for people in development, JSON in production.

use super::telemetry::log_filter;
use super::telemetry::slow_statements::SlowStatements;
use super::telemetry::traces::Listener;
use anyhow::{Context, Result};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::fmt::{Debug, Result as Written};
use std::time::Duration;
use tracing::Subscriber;
use tracing::field::Field;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::format::{Writer, debug_fn};
use tracing_subscriber::fmt::{self, FormatFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, registry, reload};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Pretty,
    Json,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct LogConfig {
    pub format: LogFormat,
    pub filter: String,
    pub one_in: u32,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            format: LogFormat::Pretty,
            filter: "info,sqlx=warn,async_nats=warn".to_owned(),
            one_in: 1,
        }
    }
}

impl LogConfig {
    /// Draws whether the line of a request is written. What was refused, failed or took its time always is.
    pub fn wants(&self, status: StatusCode, took: Duration) -> bool {
        /// The time that an answer takes at most to be left out.
        const QUICK: Duration = Duration::from_millis(100);
        let went_well = status.is_success() || status.is_redirection();
        self.one_in <= 1 || !went_well || took > QUICK || rand::random_ratio(1, self.one_in)
    }

    pub(super) fn check(&self) -> Result<()> {
        filter(self).map(drop)
    }
}

/// Starts logging for the rest of the process, and listening for spans if somebody does.
pub fn start<W>(config: &LogConfig, spans: Option<Listener>, writer: W) -> Result<()>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = filter(config)?;
    match spans {
        // One filter for all there is: what it does not want is not looked at any further.
        None => {
            let (filter, handle) = reload::Layer::new(filter);
            log_filter::install(&config.filter, handle);
            registry()
                .with(filter)
                .with(SlowStatements)
                .with(lines(config, writer))
                .init();
        }
        Some(spans) => {
            let (filter, handle) = reload::Layer::new(filter);
            log_filter::install(&config.filter, handle);
            let lines = lines(config, writer).with_filter(filter);
            registry()
                .with(spans)
                .with(SlowStatements)
                .with(lines)
                .init();
        }
    }
    Ok(())
}

/// Has the log that was started follow the filter of these settings from here on.
pub fn set_filter(config: &LogConfig) -> Result<()> {
    log_filter::put(&config.filter, filter(config)?);
    Ok(())
}

fn lines<S, W>(config: &LogConfig, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // If a line cannot be written, as to a file on a full disk, another that says so would not help: it
    // would be a panic in whatever request it happens.
    let lines = fmt::layer().log_internal_errors(false).with_writer(writer);
    match config.format {
        LogFormat::Pretty => Box::new(lines.with_target(false).fmt_fields(one_line())),
        LogFormat::Json => Box::new(lines.json().flatten_event(true)),
    }
}

/// Writes one JSON object per line, for machines to read.
pub fn json_lines<W>(config: &LogConfig, writer: W) -> Result<impl Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter(config)?)
        .log_internal_errors(false)
        .with_writer(writer);
    Ok(lines.json().flatten_event(true).finish())
}

fn filter(config: &LogConfig) -> Result<EnvFilter> {
    EnvFilter::try_new(&config.filter).context("log.filter")
}

/// Formats the fields of a line. Much of their content comes from outside: it must not begin a
/// line of its own or move a terminal's cursor. (JSON escapes such characters by itself.)
fn one_line() -> impl for<'w> FormatFields<'w> + Send + Sync + 'static {
    debug_fn(write_field).delimited(" ")
}

fn write_field(into: &mut Writer<'_>, field: &Field, value: &dyn Debug) -> Written {
    if field.name() != "message" {
        write!(into, "{}=", field.name())?;
    }
    for sign in format!("{value:?}").chars() {
        if sign.is_control() || matches!(sign, '\u{2028}' | '\u{2029}') {
            write!(into, "{}", sign.escape_default())?;
        } else {
            into.write_char(sign)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Result as Done, Write};
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> Done<usize> {
            self.0.lock().expect("whole").write(bytes)
        }

        fn flush(&mut self) -> Done<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_stays_one_line_whatever_is_written_in_it() {
        let lines = Lines::default();
        let writer = lines.clone();
        let logs = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_target(false)
            .fmt_fields(one_line())
            .with_writer(move || writer.clone())
            .finish();
        let hostile = "tea\r\n2026-01-01 ERROR all is lost \u{1b}[2J\u{9b}2J\u{2028}and more";
        tracing::subscriber::with_default(logs, || {
            let span = tracing::info_span!("request", http.path = %hostile);
            let _inside = span.enter();
            tracing::info!(error.cause = %hostile, user.name = hostile, "It was: {hostile}");
        });
        let written = lines.0.lock().expect("whole");
        let line = std::str::from_utf8(&written).expect("text");
        let line = line.strip_suffix('\n').expect("its end");
        assert!(!line.chars().any(char::is_control), "{line:?}");
        assert_eq!(line.matches("tea").count(), 4, "{line}");
        assert!(line.contains("It was: tea\\r\\n2026"), "{line}");
    }

    #[test]
    fn of_what_went_well_and_quickly_one_in_so_many_is_logged() {
        let config = |one_in| LogConfig {
            one_in,
            ..LogConfig::default()
        };
        let (quick, slow) = (Duration::from_millis(3), Duration::from_millis(101));
        let count = |one_in, status, took| {
            let config = config(one_in);
            (0..10_000).filter(|_| config.wants(status, took)).count()
        };
        assert_eq!(count(1, StatusCode::OK, quick), 10_000);
        for unusual in [StatusCode::NOT_FOUND, StatusCode::SERVICE_UNAVAILABLE] {
            assert_eq!(count(u32::MAX, unusual, quick), 10_000);
        }
        assert_eq!(count(u32::MAX, StatusCode::OK, slow), 10_000);
        let some = count(100, StatusCode::SEE_OTHER, quick);
        assert!((20..500).contains(&some), "{some}");
    }
}
