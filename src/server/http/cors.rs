//! The JSON API for scripts of other websites (CORS), where `[cors] origins` names them.
//!
//! They come with a token. Cookies are never theirs: no answer says `Access-Control-Allow-Credentials`, so
//! that a browser sends none, and a write that has one nevertheless is refused as from any other site.
//!
//! A gate of our own, and not tower-http's layer, which would be copied for every request to whatever address,
//! answers every `OPTIONS` itself, and lists the methods and headers to origins without leave as well.

use crate::server::App;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The only addresses that other origins get at.
const OPEN: &str = "/api/v1/";

/// The methods that the API has.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");

/// The headers of requests that the API reads and a browser asks about first.
const ASKED: HeaderValue = HeaderValue::from_static(
    "authorization, content-type, idempotency-key, if-none-match, traceparent",
);

/// The headers of responses that a script could not read otherwise.
const TOLD: HeaderValue = HeaderValue::from_static(
    "content-disposition, etag, link, location, ratelimit, ratelimit-policy, retry-after, traceparent, \
     x-request-id",
);

/// The seconds for which a browser need not ask again. None keeps an answer for longer than two hours.
const KEPT: HeaderValue = HeaderValue::from_static("7200");

/// Gate: answers the question that a browser asks before a request of another origin's script, before any
/// gate that costs, and gives the script leave to read the response.
pub async fn across_origins<F>(
    app: &App,
    request: Request,
    next: impl FnOnce(Request) -> F,
) -> Response
where
    F: Future<Output = Response>,
{
    if app.config.cors.origins.is_empty() || !request.uri().path().starts_with(OPEN) {
        return next(request).await;
    }
    let origin = named_origin(app, &request).cloned();
    let asks_first = request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match asks_first {
        true => StatusCode::NO_CONTENT.into_response(),
        false => next(request).await,
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    let Some(origin) = origin else {
        return response;
    };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if asks_first {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, ASKED);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, KEPT);
    } else {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, TOLD);
    }
    response
}

/// Returns true if the request comes from an origin with leave and could ride on nobody's cookie.
pub fn is_by_leave(app: &App, request: &Request) -> bool {
    request.uri().path().starts_with(OPEN)
        && !request.headers().contains_key(header::COOKIE)
        && named_origin(app, request).is_some()
}

fn named_origin<'a>(app: &App, request: &'a Request) -> Option<&'a HeaderValue> {
    let origin = request.headers().get(header::ORIGIN)?;
    let is_named = app.config.cors.allows(origin.to_str().ok()?);
    is_named.then_some(origin)
}
