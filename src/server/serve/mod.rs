//! Serving, and stopping without cutting anybody off.

mod connections;
mod metrics;
mod redirect;
mod reload;
mod rpc;
mod tls;

use super::config::{ServerConfig, Sources};
use super::db::explain_slow;
use super::telemetry::slow_statements;
use super::{App, jobs};
use anyhow::{Context, Result, bail};
use axum::Router;
use axum_server::tls_rustls::RustlsAcceptor;
use axum_server::{Handle, Server};
use connections::Door;
use futures_util::future::BoxFuture;
use hyper_util::rt::TokioTimer;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The interval between checks that the database's file is still the one that was opened.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// Serves until SIGINT or SIGTERM: then no new connections, running requests get their time to
/// finish, and the database is closed. Ends at once, with an error, if the database's file is gone.
///
/// At SIGHUP the settings are read from their sources again.
///
/// Boxed, as [`crate::seed::seed`] is.
pub fn serve(
    app: App,
    sources: Sources,
    router: Router,
    listener: TcpListener,
) -> BoxFuture<'static, Result<()>> {
    Box::pin(listen(app, sources, router, listener))
}

async fn listen(app: App, sources: Sources, router: Router, listener: TcpListener) -> Result<()> {
    listener.set_nonblocking(true).context("cannot listen")?;
    // Before anybody is let in: until then a signal ends the process.
    let [interrupt, terminate, hangup] = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ]
    .map(signal);
    let stops = [interrupt?, terminate?];
    let closed = reload::at_each(hangup?, app.clone(), sources);
    let config = &app.config.server;
    let door = Door::new(config, app.metrics.connections.clone());
    let handle = Handle::new();
    let certified = match app.config.tls.is_on() {
        true => Some(tls::certified(app.config.tls.clone())?),
        false => None,
    };
    redirect_to_https(&app, &door, &handle)?;
    rpc::start(&app, &door, &handle, certified.clone())?;
    app.join_fleet();
    jobs::start(&app);
    if let Some(slow) = slow_statements::receive() {
        tokio::spawn(explain_slow(app.db.clone(), slow));
    }
    metrics::start(&app)?;
    tokio::spawn(drain_on_signal(
        app.clone(),
        handle.clone(),
        Duration::from_secs(config.shutdown_timeout_seconds),
        stops,
        closed,
    ));
    tokio::spawn(stop_without_file(app.clone(), handle.clone()));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    match certified {
        Some(certified) => {
            let acceptor = RustlsAcceptor::new(certified)
                .handshake_timeout(Duration::from_secs(config.header_timeout_seconds))
                .acceptor(door.under_tls(config));
            let server = server(listener, acceptor, config, handle)?;
            server.serve(service).await?;
        }
        // HTTP/2 comes with TLS, here or at a proxy. Detecting it in the clear as well would mean waiting,
        // without a bound, for the first bytes of a client that says nothing.
        None => {
            let server = server(listener, door, config, handle)?.http1_only();
            server.serve(service).await?;
        }
    }
    app.db.close().await;
    if let Some(file) = app.db.file().filter(|file| file.is_gone()) {
        let path = file.path().display();
        bail!("the database {path} was deleted or replaced while the server was running");
    }
    tracing::info!("Stopped");
    Ok(())
}

fn server<A>(
    listener: TcpListener,
    acceptor: A,
    config: &ServerConfig,
    handle: Handle<SocketAddr>,
) -> Result<Server<SocketAddr, A>> {
    /// The requests under way on one connection of HTTP/2.
    const STREAMS: u32 = 100;
    let mut server = axum_server::from_tcp(listener)?
        .acceptor(acceptor)
        .handle(handle);
    let builder = server.http_builder();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(config.header_timeout_seconds));
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS);
    Ok(server)
}

/// Listens in the clear as well, if the settings say where.
fn redirect_to_https(app: &App, door: &Door, handle: &Handle<SocketAddr>) -> Result<()> {
    let Some(address) = app.config.tls.redirect_addr()? else {
        return Ok(());
    };
    let listener = TcpListener::bind(address)
        .with_context(|| format!("cannot listen on {address}, which tls.redirect_addr names"))?;
    listener.set_nonblocking(true).context("cannot listen")?;
    let config = &app.config.server;
    let server = server(listener, door.clone(), config, handle.clone())?.http1_only();
    let service = redirect::router(&config.public_url).into_make_service();
    tokio::spawn(async move {
        if let Err(error) = server.serve(service).await {
            tracing::error!(error.cause = %error, "Requests by http are no longer redirected");
        }
    });
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

async fn drain_on_signal(
    app: App,
    handle: Handle<SocketAddr>,
    patience: Duration,
    [mut interrupt, mut terminate]: [Signal; 2],
    closed: impl Future<Output = ()>,
) {
    tokio::select! {
        _ = interrupt.recv() => {},
        _ = terminate.recv() => {},
        () = closed => {},
    }
    tracing::info!("Stopping: finishing what runs");
    app.start_draining();
    handle.graceful_shutdown(Some(patience));
}
