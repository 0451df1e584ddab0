//! The addresses of Redis: several hosts with commas between, as in the URL of the database.

use crate::server::db::each_address;
use redis::{Client, ConnectionAddr, IntoConnectionInfo, ProtocolVersion, RedisResult};

/// An address, and its name for the log: without user and password.
#[derive(Clone, Debug)]
pub struct Address {
    pub client: Client,
    pub name: String,
}

/// Returns each address that the URL names. A name is looked up anew for each connection.
pub fn addresses(url: &str) -> RedisResult<Vec<Address>> {
    let each = each_address(url);
    each.iter().map(|url| address(url)).collect()
}

fn address(url: &str) -> RedisResult<Address> {
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
    let client = Client::open(info.set_redis_settings(settings))?;
    Ok(Address { client, name })
}
