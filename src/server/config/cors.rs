//! The section `[cors]`: the websites whose scripts may use the JSON API.

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};
use url::Url;

/// The beginning of an entry for the subdomains of one domain, one level of them.
const SUBDOMAINS: &str = "https://*.";

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct CorsConfig {
    pub origins: Vec<String>,
}

impl CorsConfig {
    /// Returns true if an entry names the origin, which is written as browsers send it.
    pub fn allows(&self, origin: &str) -> bool {
        self.origins.iter().any(|named| is_of(origin, named))
    }

    pub(super) fn check(&self) -> Result<()> {
        self.origins.iter().try_for_each(|named| check(named))
    }
}

fn is_of(origin: &str, named: &str) -> bool {
    let Some(domain) = named.strip_prefix(SUBDOMAINS) else {
        return origin == named;
    };
    let host = origin.strip_prefix("https://");
    host.and_then(|host| host.split_once('.'))
        .is_some_and(|(label, rest)| !label.is_empty() && rest == domain)
}

/// Browsers write an origin in one way, and origins are compared as texts: one that is written in
/// another way would silently never match.
fn check(named: &str) -> Result<()> {
    ensure!(
        named != "*",
        "cors.origins must not hold \"*\": any website could then use the API from its visitors' browsers. \
         Name each origin, or the subdomains of a domain of yours: \"https://*.example.com\""
    );
    let domain = named.strip_prefix(SUBDOMAINS);
    let one = domain.map_or_else(|| named.to_owned(), |domain| format!("https://{domain}"));
    let url = Url::parse(&one).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    let written = url.map(|url| url.origin().ascii_serialization());
    ensure!(
        written.as_ref() == Some(&one) && !one.contains('*'),
        "cors.origins: {named:?} is not an origin as browsers send it, such as \"https://shop.example.com\" \
         or \"http://localhost:5173\": scheme, host and port, in lower case, with nothing after them"
    );
    ensure!(
        domain.is_none_or(|domain| domain.contains('.')),
        "cors.origins: {named:?} would allow every website under that ending: name a domain of yours"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cors(origins: &[&str]) -> CorsConfig {
        CorsConfig {
            origins: origins.iter().map(|&origin| origin.to_owned()).collect(),
        }
    }

    #[test]
    fn an_origin_is_allowed_if_it_is_named_or_one_level_below() {
        let named = cors(&[
            "https://shop.example.com",
            "http://localhost:5173",
            "https://*.example.org:8443",
        ]);
        named.check().expect("origins");
        for origin in [
            "https://shop.example.com",
            "http://localhost:5173",
            "https://a.example.org:8443",
        ] {
            assert!(named.allows(origin), "{origin}");
        }
        for origin in [
            "http://shop.example.com",
            "https://shop.example.com:444",
            "https://shop.example.com.evil.example",
            "http://localhost",
            "https://example.org:8443",
            "https://.example.org:8443",
            "https://a.b.example.org:8443",
            "https://a.example.org",
            "http://a.example.org:8443",
            "https://evil-example.org:8443",
            "https://*.example.org:8443.evil.example",
            "null",
            "",
        ] {
            assert!(!named.allows(origin), "{origin}");
        }
        assert!(!cors(&[]).allows("https://shop.example.com"));
    }

    #[test]
    fn an_entry_that_could_never_match_or_would_match_anything_is_refused() {
        let complaint = |named| {
            let refused = cors(&[named]).check().expect_err(named);
            format!("{refused:#}")
        };
        assert!(complaint("*").contains("Name each origin"));
        assert!(complaint("https://*.com").contains("every website under that ending"));
        for named in [
            "",
            "null",
            "shop.example.com",
            "ftp://shop.example.com",
            "https://shop.example.com/",
            "https://Shop.example.com",
            "https://shop.example.com:443",
            "https://user@shop.example.com",
            "http://*.example.com",
            "https://*",
            "https://*.*.example.com",
            "https://shop.*.com",
        ] {
            assert!(complaint(named).contains("as browsers send it"), "{named}");
        }
    }
}
