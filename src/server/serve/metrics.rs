//! Metrics on a listener of their own.

use super::connections::Door;
use super::server;
use crate::server::App;
use crate::server::router::metrics_router;
use crate::server::telemetry::{Connections, watch};
use anyhow::Result;
use axum_server::Handle;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

/// The interval between tries to listen where another server still does.
const BETWEEN_TRIES: Duration = Duration::from_secs(5);

/// Serves the metrics for as long as the process runs, the time included in which it stops, if the settings
/// say where.
pub fn start(app: &App) -> Result<()> {
    if app.config.telemetry.profiling {
        watch();
    }
    if let Some(address) = app.config.telemetry.metrics_address()? {
        tokio::spawn(serve(app.clone(), address));
    }
    Ok(())
}

/// The shop does not wait for it, nor for the address: the server that this one takes over from may still
/// listen there.
async fn serve(app: App, address: SocketAddr) -> Result<()> {
    let mut told = false;
    let listener = loop {
        match TcpListener::bind(address) {
            Ok(listener) => break listener,
            Err(error) => {
                if !std::mem::replace(&mut told, true) {
                    tracing::warn!(
                        error.cause = %error,
                        "Nothing serves the metrics: cannot listen on {address}, and trying again. See \
                         telemetry.metrics_addr"
                    );
                }
                tokio::time::sleep(BETWEEN_TRIES).await;
            }
        }
    };
    tracing::info!("Metrics are on http://{}/metrics", listener.local_addr()?);
    listener.set_nonblocking(true)?;
    let config = &app.config.server;
    let door = Door::new(config, Connections::default());
    let router = metrics_router(app.clone());
    server(listener, door, config, Handle::new())?
        .http1_only()
        .serve(router.into_make_service())
        .await?;
    Ok(())
}
