//! Serving, and stopping without cutting anybody off.

use super::connections::Door;
use super::router::metrics_router;
use super::telemetry::Connections;
use super::{App, jobs};
use anyhow::{Context, Result, bail};
use axum::Router;
use axum_server::Handle;
use axum_server::Server;
use futures_util::future::BoxFuture;
use hyper_util::rt::TokioTimer;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// The interval between checks that the database's file is still the one that was opened.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// The interval between tries to listen for the metrics where another server still does.
const BETWEEN_TRIES: Duration = Duration::from_secs(5);

/// Serves until SIGINT or SIGTERM: then no new connections, running requests get their time to
/// finish, and the database is closed. Ends at once, with an error, if the database's file is gone.
///
/// Boxed, as [`crate::seed::seed`] is.
pub fn serve(app: App, router: Router, listener: TcpListener) -> BoxFuture<'static, Result<()>> {
    Box::pin(listen(app, router, listener))
}

async fn listen(app: App, router: Router, listener: TcpListener) -> Result<()> {
    let config = &app.config.server;
    jobs::start(&app);
    if let Some(address) = app.config.telemetry.metrics_address()? {
        tokio::spawn(serve_metrics(app.clone(), address));
    }
    let handle = Handle::new();
    tokio::spawn(drain_on_signal(
        app.clone(),
        handle.clone(),
        Duration::from_secs(config.shutdown_timeout_seconds),
    ));
    tokio::spawn(stop_without_file(app.clone(), handle.clone()));
    let door = Door::new(config, app.metrics.connections.clone());
    server(&app, listener, door)?
        .handle(handle)
        .serve(router.into_make_service_with_connect_info::<SocketAddr>())
        .await?;
    app.db.close().await;
    if let Some(file) = app.db.file().filter(|file| file.is_gone()) {
        let path = file.path().display();
        bail!("the database {path} was deleted or replaced while the server was running");
    }
    tracing::info!("Stopped");
    Ok(())
}

fn server(app: &App, listener: TcpListener, door: Door) -> Result<Server<SocketAddr, Door>> {
    listener.set_nonblocking(true).context("cannot listen")?;
    // HTTP/2 comes with TLS, which ends before us. Detecting it here as well would mean waiting,
    // without a bound, for the first bytes of a client that says nothing.
    let mut server = axum_server::from_tcp(listener)?.acceptor(door).http1_only();
    server
        .http_builder()
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(
            app.config.server.header_timeout_seconds,
        ));
    Ok(server)
}

/// Serves the metrics for as long as the process runs, the time included in which it stops. The shop does
/// not wait for it, nor for the address: the server that this one takes over from may still listen there.
async fn serve_metrics(app: App, address: SocketAddr) -> Result<()> {
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
    let door = Door::new(&app.config.server, Connections::default());
    let router = metrics_router(app.clone());
    server(&app, listener, door)?
        .serve(router.into_make_service())
        .await?;
    Ok(())
}

/// Stops without letting anybody finish: anything acknowledged now would be lost.
async fn stop_without_file(app: App, handle: Handle<SocketAddr>) {
    let Some(file) = app.db.file() else { return };
    while !file.is_gone() {
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
    tracing::error!(
        database.path = %file.path().display(),
        "Stopping: the database's file was deleted or replaced. Stop the server before you put another in its place"
    );
    app.start_draining();
    handle.shutdown();
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
