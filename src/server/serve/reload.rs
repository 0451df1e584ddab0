//! Reloads: at SIGHUP the settings are read again, and those that are safe to change count at once.

use crate::server::config::{Change, Sources};
use crate::server::{App, logs};
use anyhow::Result;
use std::fs::File;
use tokio::signal::unix::Signal;
use tokio::task::spawn_blocking;

/// Reloads at each SIGHUP. Returns where that meant that the terminal was closed which the server was started
/// from: nobody could stop it there any more.
pub async fn at_each(mut hangup: Signal, app: App, sources: Sources) {
    let began_with_terminal = has_terminal();
    while hangup.recv().await.is_some() {
        if began_with_terminal && !has_terminal() {
            return;
        }
        if let Err(error) = reload(&app, sources.clone()).await {
            tracing::error!(
                error.cause = format!("{error:#}"),
                "The settings stay as they are: those that were read cannot be used"
            );
        }
    }
}

async fn reload(app: &App, sources: Sources) -> Result<()> {
    let read = spawn_blocking(move || sources.read()).await??;
    apply(app, Change::between(&app.config, read)?)
}

fn has_terminal() -> bool {
    File::open("/dev/tty").is_ok()
}

fn apply(app: &App, change: Change) -> Result<()> {
    let Change {
        at_once,
        at_restart,
        config,
    } = change;
    if at_once.is_empty() && at_restart.is_empty() {
        tracing::info!("The settings were read again and are as they were");
    }
    if !at_once.is_empty() {
        // Before the filter changes, which may leave this out.
        tracing::info!(settings.changed = at_once.join(", "), "Settings changed");
        // One that an admin put in its place stays, unless the settings have another now.
        if config.log.filter != app.config.log.filter {
            logs::set_filter(&config.log)?;
        }
        if config.shop.cache() != app.config.shop.cache() {
            app.shop.keep_for(config.shop.cache());
        }
        app.overload.adjust(&config.limits);
        app.config.replace(config);
    }
    if !at_restart.is_empty() {
        tracing::warn!(
            settings.waiting = at_restart.join(", "),
            "Settings wait for a restart"
        );
    }
    Ok(())
}
