//! A client of https that trusts one certificate, and says which versions of HTTP it speaks.

use crate::support::eventually::in_time;
use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request, Response, StatusCode, Version};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

/// The name that certificates of the tests are for.
const NAME: &str = "guildhall.test";

/// A certificate that signs itself, and its key.
pub struct Certificate {
    der: CertificateDer<'static>,
    pub pem: String,
    pub key: String,
}

impl Certificate {
    pub fn make() -> Self {
        Self::make_for(NAME)
    }

    /// For a host by name, or an address.
    pub fn make_for(host: &str) -> Self {
        let made = rcgen::generate_simple_self_signed([host.to_owned()]).expect("a certificate");
        Self {
            pem: made.cert.pem(),
            key: made.key_pair.serialize_pem(),
            der: made.cert.into(),
        }
    }

    /// Puts it where a server looks for it.
    pub fn put(&self, folder: &Path) {
        std::fs::write(folder.join("key.pem"), &self.key).expect("a file");
        std::fs::write(folder.join("certificate.pem"), &self.pem).expect("a file");
    }
}

/// The versions of HTTP that a client offers, as ALPN names them.
pub const BOTH: [&str; 2] = ["h2", "http/1.1"];

/// A connection after its handshake.
pub type Connection = TlsStream<TcpStream>;

/// Connects and trusts this certificate alone.
pub async fn connect(
    address: SocketAddr,
    trusted: &Certificate,
    versions: &[&str],
) -> io::Result<Connection> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.der.clone()).expect("a root");
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = versions
        .iter()
        .map(|name| name.as_bytes().to_vec())
        .collect();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from(NAME).expect("a name");
    in_time(TlsConnector::from(Arc::new(config)).connect(name, stream)).await
}

/// A response to one request, read to its end.
#[derive(Debug)]
pub struct Told {
    pub version: Version,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

/// Sends one request, on a connection of its own and in the version of HTTP that the handshake agrees on.
pub async fn ask(
    address: SocketAddr,
    trusted: &Certificate,
    versions: &[&str],
    request: Request<Body>,
) -> Told {
    let connection = connect(address, trusted, versions).await;
    let connection = connection.expect("a handshake");
    let response = if connection.get_ref().1.alpn_protocol() == Some(b"h2") {
        speak_2(connection).await.send_request(request).await
    } else {
        let handshake = http1::handshake(TokioIo::new(connection)).await;
        let (mut sender, connection) = handshake.expect("a connection");
        tokio::spawn(connection);
        sender.send_request(request).await
    };
    read(response.expect("an answer")).await
}

/// Begins HTTP/2 on a connection.
pub async fn speak_2(connection: Connection) -> http2::SendRequest<Body> {
    let handshake = http2::handshake(TokioExecutor::new(), TokioIo::new(connection)).await;
    let (sender, connection) = handshake.expect("a connection");
    tokio::spawn(connection);
    sender
}

pub async fn read(response: Response<Incoming>) -> Told {
    let (parts, body) = response.into_parts();
    let body = in_time(body.collect()).await.expect("a body");
    Told {
        version: parts.version,
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8_lossy(&body.to_bytes()).into_owned(),
    }
}

/// A request for an address of the server; before HTTP/2 it names the host beside it.
pub fn request(method: &str, path: &str, versions: &[&str]) -> Builder {
    let builder = Request::builder().method(method);
    match versions.contains(&"h2") {
        true => builder.uri(format!("https://{NAME}{path}")),
        false => builder.uri(path).header("host", NAME),
    }
}

/// The simplest request of HTTP/2.
pub fn livez() -> Request<Body> {
    let livez = request("GET", "/livez", &BOTH).body(Body::empty());
    livez.expect("a request")
}
