//! The client of a request: its address, and its own name for itself.

use crate::server::App;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The address the request comes from: the peer, or what the trusted proxies in front report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientIp(pub IpAddr);

impl ClientIp {
    /// Returns the client of the request with these headers and extensions.
    pub fn read(app: &App, headers: &HeaderMap, extensions: &Extensions) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(Ipv4Addr::LOCALHOST.into(), |peer| peer.0.ip());
        let trusted = app.config.server.trusted_proxies;
        Self(behind_proxies(peer, headers, trusted))
    }

    /// Returns the network of one subscriber, and counted as one: an IPv4 address, or the 64 bits
    /// of an IPv6 network, in which everybody may take a new address for each request.
    pub fn network(self) -> Self {
        Self(leading(self.0, 64))
    }

    /// Returns the 48 bits around that, which a provider may give to one customer; `None` for IPv4.
    pub fn wide_network(self) -> Option<Self> {
        self.0.is_ipv6().then(|| Self(leading(self.0, 48)))
    }
}

fn leading(address: IpAddr, bits: u32) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => {
            let rest = u128::BITS - bits;
            Ipv6Addr::from_bits(six.to_bits() >> rest << rest).into()
        }
    }
}

impl FromRequestParts<App> for ClientIp {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        Ok(Self::read(app, &parts.headers, &parts.extensions))
    }
}

/// Finds the client behind the trusted proxies: each appends the address it saw, so the client is
/// that many entries from the right. Entries before it may be anything, and change nothing.
fn behind_proxies(peer: IpAddr, headers: &HeaderMap, trusted: usize) -> IpAddr {
    let peer = peer.to_canonical();
    let Some(from_right) = trusted.checked_sub(1) else {
        return peer;
    };
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let mut entries = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    entries
        .nth(from_right)
        .and_then(|entry| read_address(std::str::from_utf8(entry).ok()?))
        .unwrap_or(peer)
}

/// Parses an address as proxies write it: with or without a port, brackets or quotes. An
/// IPv4-mapped IPv6 address becomes the IPv4 address.
fn read_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let quoted = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    let text = quoted.unwrap_or(text).trim();
    let bare = match text.strip_prefix('[') {
        Some(rest) => {
            let (inside, port) = rest.split_once(']')?;
            let sound = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
            sound.then_some(inside)?
        }
        // More than one colon means a bare IPv6 address.
        None => match text.split_once(':') {
            Some((address, port)) if is_port(port) => address,
            _ => text,
        },
    };
    // The zone of a link-local address names a network interface of the proxy.
    let bare = bare.split_once('%').map_or(bare, |(address, _)| address);
    let address: IpAddr = bare.parse().ok()?;
    Some(address.to_canonical())
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok()
}

/// The `User-Agent`, the client's own name for itself, cut to 300 characters.
#[derive(Clone, Debug, Default)]
pub struct UserAgent(pub String);

impl<S: Send + Sync> FromRequestParts<S> for UserAgent {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let value = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok());
        Ok(Self(value.unwrap_or_default().chars().take(300).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    fn seen(lines: &[&[u8]], trusted: usize) -> String {
        let peer: IpAddr = "10.0.0.1".parse().expect("an address");
        let lines = lines.iter().map(|line| {
            let value = HeaderValue::from_bytes(line).expect("a header");
            (HeaderName::from_static("x-forwarded-for"), value)
        });
        let mut headers = HeaderMap::new();
        lines.for_each(|(name, value)| _ = headers.append(name, value));
        behind_proxies(peer, &headers, trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let list: [&[u8]; 1] = [b"6.6.6.6, 203.0.113.7"];
        assert_eq!(seen(&list, 0), "10.0.0.1");
        assert_eq!(seen(&list, 1), "203.0.113.7");
        assert_eq!(seen(&list, 2), "6.6.6.6");
        assert_eq!(
            seen(&list, 3),
            "10.0.0.1",
            "fewer entries than proxies: somebody came past them"
        );
        assert_eq!(seen(&[b"6.6.6.6", b"203.0.113.7"], 1), "203.0.113.7");
        assert_eq!(seen(&[b"\xff\xfe, 203.0.113.7"], 1), "203.0.113.7");
        assert_eq!(seen(&[b"203.0.113.7:51111"], 1), "203.0.113.7");
    }

    #[test]
    fn an_address_is_read_however_a_proxy_writes_it() {
        for (written, read) in [
            ("203.0.113.7", "203.0.113.7"),
            (" 203.0.113.7:51111 ", "203.0.113.7"),
            ("\"203.0.113.7:51111\"", "203.0.113.7"),
            ("2001:DB8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("\"[2001:db8::1]:443\"", "2001:db8::1"),
            ("[fe80::1%eth0]:80", "fe80::1"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("[::ffff:cb00:7107]:9", "203.0.113.7"),
        ] {
            let address = read_address(written).expect(written);
            assert_eq!(address.to_string(), read, "{written}");
        }
        for written in [
            "",
            "unknown",
            "_hidden",
            "203.0.113.7:",
            "203.0.113.7:99999",
            "203.0.113.7:80:80",
            "[2001:db8::1",
            "[2001:db8::1]443",
            "[]",
            "\"",
            "203.0.113",
            "203.0.113.07x",
        ] {
            assert_eq!(read_address(written), None, "{written}");
        }
    }

    #[test]
    fn an_ipv6_network_is_one_place() {
        let read = |text| ClientIp(read_address(text).expect("an address"));
        let (one, two) = (read("2001:db8:1:2::1"), read("2001:db8:1:2:ffff::9"));
        assert_eq!(one.network(), two.network());
        let beside = read("2001:db8:1:3::1");
        assert_ne!(one.network(), beside.network());
        assert_eq!(one.wide_network(), beside.wide_network());
        assert_ne!(one.wide_network(), read("2001:db8:2:2::1").wide_network());
        let four = read("203.0.113.7");
        assert_eq!((four.network(), four.wide_network()), (four, None));
    }

    proptest! {
        #[test]
        fn what_is_written_is_what_is_read(bits in any::<u128>(), four in any::<u32>(), port in any::<u16>()) {
            let six = IpAddr::from(Ipv6Addr::from_bits(bits)).to_canonical();
            let four = IpAddr::from(Ipv4Addr::from_bits(four));
            for address in [six, four] {
                let with_port = SocketAddr::new(address, port).to_string();
                for written in [
                    address.to_string(),
                    with_port.clone(),
                    format!("\"{with_port}\""),
                    format!(" {address}\t"),
                    format!("[{address}]"),
                ] {
                    prop_assert_eq!(read_address(&written), Some(address), "{}", written);
                }
            }
            if let IpAddr::V4(four) = four {
                let dressed = four.to_ipv6_mapped().to_string();
                prop_assert_eq!(read_address(&dressed), Some(IpAddr::V4(four)));
            }
        }

        /// Whatever a client puts before it, the proxy's entry counts.
        #[test]
        fn what_a_client_writes_moves_nothing(before in "[ -~]{0,40}", four in any::<u32>()) {
            let four = Ipv4Addr::from_bits(four).to_string();
            let line = format!("{before},{four}");
            prop_assert_eq!(seen(&[line.as_bytes()], 1), four.clone());
            prop_assert_eq!(seen(&[before.as_bytes(), four.as_bytes()], 1), four);
        }

        #[test]
        fn any_text_at_all_is_read(text in any::<String>()) {
            let _ = read_address(&text);
        }
    }
}
