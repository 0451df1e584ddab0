//! Destinations of webhooks: public addresses only, never our own network.
//!
//! Otherwise whoever may register a webhook could have the server send requests to what only it can
//! reach (SSRF): itself, the database, a cloud's metadata service.

use crate::i18n::t;
use ipnet::IpNet;
use reqwest::Url;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::LazyLock;
use url::Host;

/// The requirements for a destination.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// True to accept non-public addresses, and http: for development, and for those whose
    /// subscribers are on the same network.
    pub allow_private: bool,
    /// True to require https.
    pub https_only: bool,
}

/// Parses a subscriber's URL, or returns what is wrong with it. The address behind a name is
/// checked when it is resolved, at every delivery.
pub fn check_url(text: &str, terms: Terms) -> Result<Url, String> {
    const LONGEST: usize = 500;
    let text = text.trim();
    let example = t!("events-webhook-address-example");
    if text.len() > LONGEST {
        return Err(t!("events-webhook-address-long", most = LONGEST));
    }
    let url: Url = text.parse().map_err(|_| example.to_owned())?;
    let Some(host) = url.host() else {
        return Err(example.to_owned());
    };
    match url.scheme() {
        "https" => {}
        "http" if terms.allow_private || !terms.https_only => {}
        "http" => return Err(t!("events-webhook-address-https").to_owned()),
        _ => return Err(example.to_owned()),
    }
    if !url.username().is_empty() || url.password().is_some() {
        let message = t!("events-webhook-address-password");
        return Err(message.to_owned());
    }
    if url.fragment().is_some() {
        return Err(t!("events-webhook-address-fragment").to_owned());
    }
    match literal(&host) {
        Some(ip) if !terms.allow_private && !is_public(ip) => {
            Err(t!("events-webhook-private").to_owned())
        }
        _ => Ok(url),
    }
}

fn literal(host: &Host<&str>) -> Option<IpAddr> {
    match host {
        Host::Ipv4(ip) => Some(IpAddr::V4(*ip)),
        Host::Ipv6(ip) => Some(IpAddr::V6(*ip)),
        Host::Domain(_) => None,
    }
}

/// Non-public addresses: the IANA's special-purpose blocks (RFC 6890 and its registries), multicast
/// and reserved ones.
static SPECIAL: LazyLock<Vec<IpNet>> = LazyLock::new(|| {
    let blocks = [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        // All but global unicast, which is 2000::/3.
        "::/3",
        "4000::/2",
        "8000::/1",
        // Teredo, benchmarks, ORCHID and the rest of the IETF's own.
        "2001::/23",
        "2001:db8::/32",
        // 6to4: a tunnel to an IPv4 address.
        "2002::/16",
        "3fff::/20",
    ];
    blocks.map(block).into()
});

/// The NAT64 prefix, through which a network without IPv4 reaches it.
static NAT64: LazyLock<IpNet> = LazyLock::new(|| block("64:ff9b::/96"));

fn block(text: &str) -> IpNet {
    text.parse().expect("a block")
}

/// Returns true if the address is on the public internet. One that embeds an IPv4 address is as
/// public as that one, unless it is a tunnel.
pub fn is_public(ip: IpAddr) -> bool {
    let ip = match ip.to_canonical() {
        IpAddr::V6(outer) if NAT64.contains(&ip) => {
            IpAddr::V4(Ipv4Addr::from_bits(outer.to_bits() as u32))
        }
        ip => ip,
    };
    !SPECIAL.iter().any(|block| block.contains(&ip))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRICT: Terms = Terms {
        allow_private: false,
        https_only: true,
    };
    const AT_HOME: Terms = Terms {
        allow_private: true,
        https_only: true,
    };

    #[test]
    fn addresses_within_the_house_are_not_public() {
        for ip in [
            "0.0.0.0",
            "0.1.2.3",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.168.1.1",
            "198.19.0.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff:fff::1",
            "4000::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(ip.parse().expect("an address")), "{ip}");
        }
    }

    #[test]
    fn addresses_of_the_internet_are() {
        for ip in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.255.255",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.255.255",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2001:200::1",
            "2606:4700:4700::1111",
            "2a00:1450:4001::1",
            "3fff:1000::1",
        ] {
            assert!(is_public(ip.parse().expect("an address")), "{ip}");
        }
    }

    #[test]
    fn an_address_in_disguise_is_seen_through() {
        for url in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:7f00:1]/",
            "https://169.254.169.254/latest/meta-data",
        ] {
            assert!(check_url(url, STRICT).is_err(), "{url}");
            assert!(check_url(url, AT_HOME).is_ok(), "{url}");
        }
    }

    #[test]
    fn a_url_is_plain_https() {
        assert!(check_url(" https://example.com/hooks?a=b ", STRICT).is_ok());
        for wrong in [
            "",
            "example.com",
            "ftp://example.com/",
            "file:///etc/passwd",
            "https://",
            "https://ada:secret@example.com/",
            "https://example.com/#part",
        ] {
            assert!(check_url(wrong, AT_HOME).is_err(), "{wrong}");
        }
        assert!(check_url("http://example.com/", STRICT).is_err());
        assert!(check_url("http://example.com/", AT_HOME).is_ok());
    }
}
