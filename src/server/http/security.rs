//! The headers that every response carries, and the guard against other sites' forms.

use super::{cookies, cors};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::App;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use axum::response::Response;

/// Returns the policy for pages: our own files, and the inline scripts that `scripts` names by this
/// response's nonce or by their hashes.
pub fn content_security_policy(scripts: &str) -> String {
    [
        "default-src 'self'",
        &format!("script-src 'self' {scripts} 'wasm-unsafe-eval'"),
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
    .join("; ")
}

/// Returns the nonce that the policy names.
pub fn nonce_of(policy: &HeaderValue) -> Option<String> {
    let (_, rest) = policy.to_str().ok()?.split_once("'nonce-")?;
    rest.split_once('\'').map(|(nonce, _)| nonce.to_owned())
}

/// Gate: sets the fixed headers, unless the response has set its own.
pub async fn headers<F>(app: &App, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    const FIXED: [(HeaderName, &str); 6] = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ];
    // Unless declared public, a response is private and revalidated each time. For a known person
    // nothing is stored: signing out leaves nothing behind.
    let known = request.headers().contains_key(header::COOKIE)
        || request.headers().contains_key(header::AUTHORIZATION);
    let keep = if known {
        "no-store"
    } else {
        "private, no-cache"
    };
    let mut response = next(request).await;
    let headers = response.headers_mut();
    // The map grows once, here, for what is inserted here and after.
    headers.reserve(FIXED.len() + 6);
    for (name, value) in [(header::CACHE_CONTROL, keep)].into_iter().chain(FIXED) {
        let value = HeaderValue::from_static(value);
        headers.entry(name).or_insert(value);
    }
    if app.config.server.secure() {
        cookies::secure_all(headers);
        let value = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    response
}

/// Gate: a request that changes something and could ride on somebody's cookie must come from our
/// own pages, according to the browser's `Sec-Fetch-Site` or `Origin`. One without a cookie may come
/// from an origin that has leave to use the API.
pub fn same_origin(app: &App, request: &Request) -> Result<(), AppError> {
    let may = request.method().is_safe()
        || is_own(request.headers(), &app.config.server.public_url)
        || cors::is_by_leave(app, request);
    if may {
        return Ok(());
    }
    Err(AppError::forbidden(t!("server-other-site")))
}

fn is_own(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    if let Some(origin) = text(header::ORIGIN) {
        let authority = |uri: &str| {
            uri.parse::<Uri>()
                .ok()
                .and_then(|uri| uri.authority().cloned())
        };
        let from = authority(origin);
        let host = text(header::HOST).and_then(|host| host.parse().ok());
        return from.is_some() && (from == host || from == authority(public_url));
    }
    // Neither header: not a current browser. Without a cookie there is nothing to ride on.
    !headers.contains_key(header::COOKIE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        is_own(&headers.collect(), "https://guildhall.example")
    }

    #[test]
    fn another_sites_request_is_told_apart() {
        let host = ("host", "localhost:3000");
        let cookie = ("cookie", "session=1");
        assert!(own(&[host, cookie, ("sec-fetch-site", "same-origin")]));
        assert!(own(&[host, cookie, ("origin", "http://localhost:3000")]));
        assert!(own(&[
            host,
            cookie,
            ("origin", "https://guildhall.example")
        ]));
        assert!(own(&[host]), "a program with a token sends neither");
        assert!(!own(&[host, cookie]));
        assert!(!own(&[host, ("sec-fetch-site", "cross-site")]));
        assert!(!own(&[host, cookie, ("sec-fetch-site", "same-site")]));
        assert!(!own(&[host, cookie, ("origin", "null")]));
        assert!(!own(&[host, cookie, ("origin", "http://localhost:3001")]));
    }
}
