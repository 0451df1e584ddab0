//! Log lines: for people in development, JSON in production.

use super::config::{LogConfig, LogFormat};
use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;

/// Starts logging to standard error for the rest of the process.
pub fn start(config: &LogConfig) -> Result<()> {
    let filter = EnvFilter::try_new(&config.filter).context("log.filter")?;
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // Where a line cannot be written, as to a file on a full disk, another that says so would not help:
        // it would be a panic in whatever request it happens.
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    match config.format {
        LogFormat::Pretty => logs.with_target(false).init(),
        LogFormat::Json => logs.json().flatten_event(true).init(),
    }
    Ok(())
}
