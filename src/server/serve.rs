//! Listening, and stopping without cutting anybody off.

use super::connections::Door;
use super::{App, jobs};
use anyhow::{Context, Result};
use axum::Router;
use axum_server::Handle;
use hyper_util::rt::TokioTimer;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// Serves until SIGINT or SIGTERM: then no new connections, what runs gets its time to finish, and
/// the database is closed.
pub async fn serve(app: App, router: Router, listener: TcpListener) -> Result<()> {
    listener.set_nonblocking(true).context("cannot listen")?;
    let config = &app.config.server;
    jobs::start(&app);
    let handle = Handle::new();
    tokio::spawn(drain_on_signal(
        app.clone(),
        handle.clone(),
        Duration::from_secs(config.shutdown_timeout_seconds),
    ));
    // HTTP/2 comes with TLS, which ends before us. To listen for it here as well would be to wait, with
    // no bound, for the first bytes of a client that says nothing.
    let mut server = axum_server::from_tcp(listener)?
        .acceptor(Door::new(config))
        .handle(handle)
        .http1_only();
    server
        .http_builder()
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(config.header_timeout_seconds));
    server
        .serve(router.into_make_service_with_connect_info::<SocketAddr>())
        .await?;
    app.db.close().await;
    tracing::info!("Stopped");
    Ok(())
}

async fn drain_on_signal(app: App, handle: Handle<SocketAddr>, patience: Duration) -> Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = interrupt.recv() => {},
        _ = terminate.recv() => {},
    }
    tracing::info!("Stopping: finishing what runs");
    app.start_draining();
    handle.graceful_shutdown(Some(patience));
    Ok(())
}
