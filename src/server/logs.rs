//! Log lines: for people in development, JSON in production.

use super::config::{LogConfig, LogFormat};
use anyhow::{Context, Result};
use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging to standard error for the rest of the process.
pub fn start(config: &LogConfig) -> Result<()> {
    match config.format {
        LogFormat::Pretty => {
            let lines = tracing_subscriber::fmt()
                .with_env_filter(filter(config)?)
                .with_writer(std::io::stderr);
            lines.with_target(false).init();
        }
        LogFormat::Json => json_lines(config, std::io::stderr)?.init(),
    }
    Ok(())
}

/// A JSON object a line, as machines read them.
pub fn json_lines<W>(config: &LogConfig, writer: W) -> Result<impl Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter(config)?)
        .with_writer(writer);
    Ok(lines.json().flatten_event(true).finish())
}

fn filter(config: &LogConfig) -> Result<EnvFilter> {
    EnvFilter::try_new(&config.filter).context("log.filter")
}
