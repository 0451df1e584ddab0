//! gRPC on a listener of its own.

use super::connections::Door;
use super::server;
use crate::server::App;
use crate::server::config::ServerConfig;
use crate::server::rpc::rpc_router;
use anyhow::{Context, Result};
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

/// Serves gRPC until the server stops, if the settings say where: under TLS where there is a certificate.
///
/// It is HTTP/2 alone. A client that says nothing is idle as one of TLS is; one that is there answers the pings, and
/// keeps its connection, and a stream on which nothing happens for a while.
pub fn start(
    app: &App,
    door: &Door,
    handle: &Handle<SocketAddr>,
    certified: Option<RustlsConfig>,
) -> Result<()> {
    let Some(address) = app.config.grpc.address()? else {
        return Ok(());
    };
    let listener = TcpListener::bind(address)
        .with_context(|| format!("cannot listen on {address}, which grpc.addr names"))?;
    listener.set_nonblocking(true).context("cannot listen")?;
    let config = &app.config.server;
    let door = door.under_tls(config);
    let service = rpc_router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    tracing::info!("gRPC is on {}", listener.local_addr()?);
    match certified {
        Some(certified) => {
            let acceptor = RustlsAcceptor::new(certified)
                .handshake_timeout(Duration::from_secs(config.header_timeout_seconds))
                .acceptor(door);
            let server = server(listener, acceptor, config, handle.clone())?;
            tokio::spawn(said(pinging(server, config).serve(service)));
        }
        None => {
            let server = server(listener, door, config, handle.clone())?;
            tokio::spawn(said(pinging(server, config).serve(service)));
        }
    }
    Ok(())
}

/// Pings clients before they could be taken for idle.
fn pinging<A>(mut server: Server<SocketAddr, A>, config: &ServerConfig) -> Server<SocketAddr, A> {
    let interval = Duration::from_secs(config.header_timeout_seconds);
    let http2 = server.http_builder();
    http2
        .http2()
        .keep_alive_interval(interval)
        .keep_alive_timeout(interval);
    server.http2_only()
}

async fn said(serving: impl Future<Output = std::io::Result<()>>) {
    if let Err(error) = serving.await {
        tracing::error!(error.cause = %error, "gRPC is no longer served");
    }
}
