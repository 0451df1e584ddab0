//! The floor: one axum route that answers a word. `bin/bench` measures every request against it.

use axum::Router;
use axum::routing::get;
use std::env::args;
use tokio::net::TcpListener;

/// Serves at the address given, `127.0.0.1:3999` without one.
#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = args().nth(1).unwrap_or("127.0.0.1:3999".to_owned());
    let routes = Router::new().route("/", get(async || "ok"));
    axum::serve(TcpListener::bind(address).await?, routes).await
}
