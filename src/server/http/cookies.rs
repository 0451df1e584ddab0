//! Cookies, built in one way: for our own pages only, and under https never sent in the clear.

use crate::server::App;
use axum::http::header::Entry;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

/// Builds a cookie for the whole site, out of reach of scripts and of other sites' forms. It
/// expires after `seconds`; 0 expires it at once.
pub fn build(name: impl Into<String>, value: impl Into<String>, seconds: i64) -> Cookie<'static> {
    Cookie::build((name.into(), value.into()))
        .path("/")
        .max_age(Duration::seconds(seconds))
        .http_only(true)
        .same_site(SameSite::Lax)
        .build()
}

/// Returns the name of a cookie that grants access: under https its prefix keeps other hosts, and
/// pages that came in the clear, from setting one in its place (RFC 6265bis, section 4.1.3.2).
pub fn guarded_name(app: &App, name: &str) -> String {
    let prefix = if app.config.server.secure() {
        "__Host-"
    } else {
        ""
    };
    format!("{prefix}{name}")
}

/// Returns the value of the `Set-Cookie` header.
pub fn header_of(cookie: &Cookie) -> Option<HeaderValue> {
    HeaderValue::from_str(&cookie.to_string()).ok()
}

pub fn set(response: &mut Response, cookie: &Cookie) {
    if let Some(value) = header_of(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Makes every cookie in the response `Secure`, whoever set it. Called for each response under https.
pub fn secure_all(headers: &mut HeaderMap) {
    let Entry::Occupied(mut cookies) = headers.entry(header::SET_COOKIE) else {
        return;
    };
    for cookie in cookies.iter_mut() {
        let Ok(text) = cookie.to_str() else { continue };
        let mut attributes = text.split(';').skip(1);
        if attributes.any(|word| word.trim().eq_ignore_ascii_case("secure")) {
            continue;
        }
        if let Ok(secured) = HeaderValue::from_str(&format!("{text}; Secure")) {
            *cookie = secured;
        }
    }
}

/// Returns the names of the request's cookies; what is not a cookie counts as one without a name.
pub fn names(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(header::COOKIE).iter();
    let pairs = lines.flat_map(|line| line.to_str().unwrap_or("=").split(';'));
    pairs.map(|pair| pair.split_once('=').map_or("", |(name, _)| name.trim()))
}

/// Returns the value of the request's cookie with this name.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_cookie_is_made_secure_once() {
        let mut headers = HeaderMap::new();
        for cookie in ["a=secure; Path=/", "b=2; Path=/; secure", "c="] {
            headers.append(header::SET_COOKIE, HeaderValue::from_static(cookie));
        }
        secure_all(&mut headers);
        let cookies: Vec<_> = headers.get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(
            cookies,
            [
                "a=secure; Path=/; Secure",
                "b=2; Path=/; secure",
                "c=; Secure"
            ]
        );
        secure_all(&mut HeaderMap::new());
    }

    proptest! {
        #[test]
        fn what_is_set_is_what_comes_back(
            name in "[a-z_]{1,12}", value in "[A-Za-z0-9%+._~-]{0,80}", others in "[ -:<-~]{0,40}",
        ) {
            let cookie = build(name.as_str(), value.as_str(), 60);
            let header = header_of(&cookie).expect("a header");
            let set = header.to_str().expect("text").to_owned();
            let pair = set.split(';').next().expect("name and value");
            let sent = HeaderValue::from_str(&format!("{others}; {pair}; {others}")).expect("a header");
            let headers = HeaderMap::from_iter([(header::COOKIE, sent)]);
            prop_assert_eq!(super::cookie(&headers, &name), Some(value.as_str()));
        }

        #[test]
        fn no_header_makes_the_reader_fail(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                let headers = HeaderMap::from_iter([(header::COOKIE, value)]);
                let _ = cookie(&headers, "session");
            }
        }
    }
}
