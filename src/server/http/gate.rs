//! The first gate: rejects unsound HTTP requests, and addresses that can name nothing.

use crate::error::AppError;
use crate::i18n::t;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Version, header, uri::Authority};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// Gate: returns the refusal of a request without one readable `Host`. Two would let a proxy and this server
/// read the same request as for two sites (RFC 9112, section 3.2). HTTP/1.0 had none; HTTP/2 carries it
/// elsewhere.
pub fn refuse_other_than_one_host(request: &Request) -> Option<Response> {
    let fault = host(request.version(), request.headers()).err()?;
    let mut response = AppError::unreadable(fault).into_response();
    *response.status_mut() = StatusCode::BAD_REQUEST;
    Some(response)
}

/// Gate: gives a request of HTTP/2 the form of HTTP/1, which is all that is known behind it: what it is for in
/// `Host`, and an address without it. Two that differ are left for the next gate to refuse (RFC 9113, section 8.3.1).
pub fn name_host(request: &mut Request) {
    let Some(authority) = request.uri().authority().cloned() else {
        return;
    };
    if request.version() != Version::HTTP_2 {
        return;
    }
    let value = HeaderValue::try_from(authority.as_str());
    let value = value.expect("an authority is printable ASCII");
    if request.headers().get(header::HOST) != Some(&value) {
        request.headers_mut().append(header::HOST, value);
    }
    if let Some(path) = request.uri().path_and_query().cloned() {
        *request.uri_mut() = path.into();
    }
}

fn host(version: Version, headers: &HeaderMap) -> Result<(), &'static str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (_, Some(_)) => Err(t!("server-two-hosts")),
        (None, _) if version == Version::HTTP_11 => Err(t!("server-no-host")),
        (None, _) => Ok(()),
        (Some(host), _) => {
            let host = host.to_str().ok().and_then(|host| host.parse().ok());
            let sound = host.is_some_and(|host: Authority| !host.as_str().contains('@'));
            sound.then_some(()).ok_or(t!("server-bad-host"))
        }
    }
}

/// Gate: there is nothing at a path that is not text or holds a character that no name can hold.
pub fn readable_path(request: &Request) -> Result<(), AppError> {
    match readable(request.uri().path()) {
        Some(_) => Ok(()),
        None => Err(AppError::not_found("page")),
    }
}

/// Returns the percent-decoded path, if it is a text without control characters.
fn readable(path: &str) -> Option<Cow<'_, str>> {
    let text = percent_decode_str(path).decode_utf8().ok()?;
    (!text.contains(char::is_control)).then_some(text)
}

/// Returns true if the path may be a file's, and not a folder's: to a name longer than names can
/// be the system answers with an error of its own, and not with "no such file".
pub fn may_be_a_file(path: &str) -> bool {
    const LONGEST_NAME: usize = 255;
    const LONGEST_PATH: usize = 2_000;
    readable(path).is_some_and(|path| {
        let short = path.len() <= LONGEST_PATH;
        short && !path.ends_with('/') && path.split('/').all(|name| name.len() <= LONGEST_NAME)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn checked(version: Version, hosts: &[&'static str]) -> bool {
        let hosts = hosts.iter().map(|host| HeaderValue::from_static(host));
        let mut headers = HeaderMap::new();
        hosts.for_each(|value| _ = headers.append(header::HOST, value));
        host(version, &headers).is_ok()
    }

    #[test]
    fn a_request_names_one_host() {
        for one in [
            "guildhall.test",
            "localhost:3000",
            "[::1]:3000",
            "203.0.113.7",
        ] {
            assert!(checked(Version::HTTP_11, &[one]), "{one}");
            assert!(!checked(Version::HTTP_11, &[one, one]), "{one}");
            assert!(!checked(Version::HTTP_10, &[one, one]), "{one}");
        }
        assert!(!checked(Version::HTTP_11, &[]));
        assert!(checked(Version::HTTP_10, &[]));
        for wrong in ["", "a b", "a/b", "user@a", "a:b:c"] {
            assert!(!checked(Version::HTTP_11, &[wrong]), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_path_at_all_is_read(path in "(/|%[0-9a-fA-F]{2}|%|\\.|[a-z]|é){0,600}") {
            if may_be_a_file(&path) {
                let text = readable(&path).expect("a text");
                prop_assert!(!text.contains('\0'));
                prop_assert!(text.split('/').all(|name| name.len() <= 255));
            }
        }
    }
}
