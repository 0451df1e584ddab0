//! Gives each request its trace: taken from the caller's `traceparent` or generated, on every log
//! line the request causes, and sent back as `x-request-id`.
//!
//! Format: W3C Trace Context, level 1, section 3.2.

use super::config::LogConfig;
use super::security_log::{SecurityEvent, note};
use super::telemetry::traces::{self, SpanPoint};
use super::telemetry::{InFlight, UnderWay};
use super::{App, ClientIp, current};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use std::time::Duration;
use tracing::Instrument;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost gate: names the request, times it and logs how it ended.
pub async fn follow<F>(app: &App, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let ClientIp(address) = ClientIp::read(app, request.headers(), request.extensions());
    let caller = caller_of(&request);
    let span = tracing::info_span!(
        "request",
        trace_id = %caller.trace_id,
        http.method = %request.method(),
        http.path = %request.uri().path(),
        client.address = %address,
        user.id = tracing::field::Empty,
    );
    traces::begin_request(&span, &caller, request.method(), request.uri());
    let trace_id = caller.trace_id;
    let in_flight = app.metrics.requests.begin(request.method());
    let under_way = UnderWay::begin(in_flight.method(), &trace_id);
    let answer = answer(&app.config.log, in_flight, next(request)).instrument(span);
    let mut response = current::scope(trace_id.clone(), address, under_way, answer).await;
    let parent = format!("00-{trace_id}-{:016x}-01", rand::random::<u64>());
    for (name, value) in [(REQUEST_ID, trace_id), (TRACEPARENT, parent)] {
        let value = HeaderValue::from_str(&value).expect("hexadecimal digits and dashes");
        response.headers_mut().insert(name, value);
    }
    response
}

/// The outermost gate of what is refused at once: names it and counts it.
pub async fn name<F>(app: &App, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let in_flight = app.metrics.requests.begin(request.method());
    let trace_id = caller_of(&request).trace_id;
    let mut response = current::within(trace_id.clone(), next(request)).await;
    let value = HeaderValue::from_str(&trace_id).expect("hexadecimal digits");
    response.headers_mut().insert(REQUEST_ID, value);
    in_flight.answered(None, response.status());
    response
}

/// Returns the caller's place in its trace, or the beginning of a new one.
fn caller_of(request: &Request) -> SpanPoint {
    incoming(request.headers()).unwrap_or_else(|| SpanPoint {
        trace_id: format!("{:032x}", rand::random::<u128>()),
        span_id: String::new(),
    })
}

/// Answers the request, measures it, and logs the lines that are about the whole of it.
async fn answer(
    config: &LogConfig,
    in_flight: InFlight<'_>,
    work: impl Future<Output = Response>,
) -> Response {
    let mut response = work.await;
    if let Some(age) = current::stale_for() {
        tell_stale(&mut response, age);
    }
    let route = current::route();
    traces::end_request(route.as_ref(), response.status(), current::user());
    let took = in_flight.answered(route, response.status());
    match response.status() {
        StatusCode::FORBIDDEN => note(SecurityEvent::Refused, current::user(), ""),
        StatusCode::TOO_MANY_REQUESTS => note(SecurityEvent::Throttled, current::user(), ""),
        _ => {}
    }
    if config.wants(response.status(), took) {
        tracing::info!(
            http.status = response.status().as_u16(),
            duration_us = took.as_micros() as u64,
            "Request answered"
        );
    }
    response
}

/// Tells programs that the answer is from before the database went away (RFC 9211, section 2.4: the freshness
/// that is left, in seconds).
fn tell_stale(response: &mut Response, age: Duration) {
    let seconds = age.as_secs().max(1);
    let status = format!("guildhall; hit; ttl=-{seconds}; detail=database-away");
    if let Ok(status) = HeaderValue::try_from(status) {
        response.headers_mut().insert("cache-status", status);
    }
}

/// Returns the caller's place in its trace, if its header is sound.
fn incoming(headers: &HeaderMap) -> Option<SpanPoint> {
    SpanPoint::read(headers.get(&TRACEPARENT)?.to_str().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id_of(header: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(
            TRACEPARENT,
            HeaderValue::from_str(header).expect("a header"),
        );
        incoming(&headers).map(|caller| caller.trace_id)
    }

    #[test]
    fn only_a_well_formed_traceparent_is_believed() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(
            id_of(&format!("00-{trace}-00f067aa0ba902b7-01")).as_deref(),
            Some(trace)
        );
        for header in [
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f35-00f067aa0ba902b7-01",
            "nonsense",
        ] {
            assert_eq!(id_of(header), None, "{header}");
        }
    }

    proptest! {
        #[test]
        fn an_id_is_what_w3c_says_or_none(header in "[0-9a-fA-F]{0,2}-?[0-9a-fA-F]{0,33}-?[0-9a-f]{0,17}-?[0-9a-f]{0,3}|[ -~]{0,60}") {
            if let Some(id) = id_of(&header) {
                prop_assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{}", id);
            }
        }
    }
}
