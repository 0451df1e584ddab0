//! Log lines: for people in development, JSON in production.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::fmt::{Debug, Result as Written};
use std::sync::OnceLock;
use tracing::Subscriber;
use tracing::field::Field;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::format::{Format, Json, JsonFields, Writer, debug_fn};
use tracing_subscriber::fmt::{FormatFields, MakeWriter, SubscriberBuilder};
use tracing_subscriber::reload::Handle;

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
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            format: LogFormat::Pretty,
            filter: "info,sqlx=warn".to_owned(),
        }
    }
}

impl LogConfig {
    pub(super) fn check(&self) -> Result<()> {
        filter(self).map(drop)
    }
}

/// Replaces the filter of the process's log.
static FILTER: OnceLock<SetFilter> = OnceLock::new();

type SetFilter = Box<dyn Fn(EnvFilter) -> Result<()> + Send + Sync>;

/// Starts logging to standard error for the rest of the process.
pub fn start(config: &LogConfig) -> Result<()> {
    match config.format {
        LogFormat::Pretty => {
            let lines = tracing_subscriber::fmt()
                .with_env_filter(filter(config)?)
                // If a line cannot be written, as to a file on a full disk, another that says so
                // would not help: it would be a panic in whatever request it happens.
                .log_internal_errors(false)
                .with_writer(std::io::stderr);
            let lines = lines.with_target(false).fmt_fields(one_line());
            let lines = lines.with_filter_reloading();
            keep(lines.reload_handle());
            lines.init();
        }
        LogFormat::Json => {
            let lines = json(config, std::io::stderr)?.with_filter_reloading();
            keep(lines.reload_handle());
            lines.init();
        }
    }
    Ok(())
}

/// Keeps the handle of the one log of the process.
fn keep<S: 'static>(handle: Handle<EnvFilter, S>) {
    let set = move |filter: EnvFilter| Ok(handle.reload(filter)?);
    // There is no second one: a log is started once.
    let _ = FILTER.set(Box::new(set));
}

/// Has the log that was started follow the filter of these settings from here on.
pub fn set_filter(config: &LogConfig) -> Result<()> {
    let filter = filter(config)?;
    FILTER.get().map_or(Ok(()), |set| set(filter))
}

/// Writes one JSON object per line, for machines to read.
pub fn json_lines<W>(config: &LogConfig, writer: W) -> Result<impl Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    Ok(json(config, writer)?.finish())
}

fn json<W>(
    config: &LogConfig,
    writer: W,
) -> Result<SubscriberBuilder<JsonFields, Format<Json>, EnvFilter, W>>
where
    W: for<'a> MakeWriter<'a> + 'static,
{
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter(config)?)
        .log_internal_errors(false)
        .with_writer(writer);
    Ok(lines.json().flatten_event(true))
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
}
