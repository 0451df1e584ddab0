//! HTTP requests: rate, errors and duration by route, and those in flight.

use super::handles::registered;
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use leptos::server_fn::axum::server_fn_paths;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// The upper bounds in seconds. The alert rules count on 0.25.
const BUCKETS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// The template that a request's path matched: never the path itself, of which there is no end.
#[derive(Clone, Debug)]
pub enum Route {
    Template(MatchedPath),
    /// The path of a server function, all of which share one template.
    Function(&'static str),
    /// A file of `public/`, or nothing that exists.
    Other,
}

impl Route {
    pub fn of(request: &Request) -> Self {
        static FUNCTIONS: LazyLock<HashSet<&str>> =
            LazyLock::new(|| server_fn_paths().map(|(path, _)| path).collect());
        match request.extensions().get::<MatchedPath>() {
            Some(template) if template.as_str().starts_with("/fn/") => FUNCTIONS
                .get(request.uri().path())
                .map_or(Self::Other, |path| Self::Function(path)),
            Some(template) => Self::Template(template.clone()),
            None => Self::Other,
        }
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::Template(template) => template.as_str(),
            Self::Function(path) => path,
            Self::Other => "other",
        }
    }
}

impl PartialEq for Route {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Route {}

impl Hash for Route {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl EncodeLabelValue for Route {
    fn encode(&self, encoder: &mut LabelValueEncoder) -> fmt::Result {
        self.as_str().encode(encoder)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    route: Route,
    method: &'static str,
    status: &'static str,
}

/// The meter of all requests.
pub struct Requests {
    durations: Family<Labels, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    abandoned: Counter,
}

impl Requests {
    pub(super) fn register(registry: &mut Registry) -> Self {
        // Named here, since each closure has a type of its own.
        let make: fn() -> Histogram = || Histogram::new(BUCKETS);
        let durations = Family::new_with_constructor(make);
        registry.register_with_unit(
            "http_request_duration",
            "Time until the head of the answer, by route template, method and class of status",
            Unit::Seconds,
            durations.clone(),
        );
        Self {
            durations,
            in_flight: registered(
                registry,
                "http_requests_in_flight",
                "Requests that are being answered",
            ),
            abandoned: registered(
                registry,
                "http_requests_abandoned",
                "Requests whose client hung up before the answer",
            ),
        }
    }

    /// Counts the request as in flight until the result is dropped.
    pub fn begin(&self, method: &Method) -> InFlight<'_> {
        self.in_flight.inc();
        InFlight {
            requests: self,
            method: method_label(method),
            began: Instant::now(),
            answered: false,
        }
    }
}

/// A request in flight.
pub struct InFlight<'a> {
    requests: &'a Requests,
    method: &'static str,
    began: Instant,
    answered: bool,
}

impl InFlight<'_> {
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// Records the answer, and returns how long it took.
    pub fn answered(mut self, route: Option<Route>, status: StatusCode) -> Duration {
        let took = self.began.elapsed();
        self.answered = true;
        let labels = Labels {
            route: route.unwrap_or(Route::Other),
            method: self.method,
            status: status_class(status),
        };
        let durations = self.requests.durations.get_or_create(&labels);
        durations.observe(took.as_secs_f64());
        took
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.requests.in_flight.dec();
        if !self.answered {
            self.requests.abandoned.inc();
        }
    }
}

/// Clients make up methods of their own; those share one label.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn status_class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
