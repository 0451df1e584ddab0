//! The addresses of Redis: several hosts with commas between, as in the URL of the database.

use crate::server::db::each_address;
use redis::{
    Client, ConnectionAddr, IntoConnectionInfo, ProtocolVersion, RedisResult, TlsCertificates,
};

/// An address, and its name for the log: without user and password.
#[derive(Clone, Debug)]
pub struct Address {
    pub client: Client,
    pub name: String,
}

/// Returns each address that the URL names. A name is looked up anew for each connection. With TLS the authorities in
/// `trusted`, a text in PEM, take the place of those that the system trusts.
pub fn addresses(url: &str, trusted: Option<&[u8]>) -> RedisResult<Vec<Address>> {
    let each = each_address(url);
    each.iter().map(|url| address(url, trusted)).collect()
}

fn address(url: &str, trusted: Option<&[u8]>) -> RedisResult<Address> {
    let info = url.into_connection_info()?;
    let name = match info.addr() {
        ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => {
            format!("{host}:{port}")
        }
        other => other.to_string(),
    };
    // By RESP3 one connection carries answers and messages alike.
    let settings = info.redis_settings().clone();
    let settings = settings.set_protocol(ProtocolVersion::RESP3);
    let info = info.set_redis_settings(settings);
    let client = match trusted {
        None => Client::open(info)?,
        Some(pem) => {
            let certificates = TlsCertificates {
                client_tls: None,
                root_cert: Some(pem.to_owned()),
            };
            Client::build_with_tls(info, certificates)?
        }
    };
    Ok(Address { client, name })
}
