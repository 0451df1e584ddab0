//! Overload: the number of requests in progress at once, and who is turned away when it is reached.
//!
//! A server that begins everything it is asked finishes nothing in time. Here the number in progress is bounded
//! ([`Bound`]), by how long requests take; beyond it the answer is 503 with `Retry-After`, before any work is
//! begun. Visitors may fill only a part of the places, and people who are signed in a larger one, so that staff
//! can go on packing and sending what the others ordered. Health checks, files and other systems' messages
//! take no place at all.
//!
//! Of those who are certainly visitors, since nothing in their request says otherwise, nobody is looked for while
//! their places are taken: they are turned away before all other gates ([`turn_away`]).

mod bound;

pub use bound::Bound;

use super::http::{errors, negotiate_language, pages, security};
use super::{App, trace};
use crate::error::AppError;
use crate::server::config::LimitsConfig;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use std::time::Instant;

/// The worth of a request when not all can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Visitor,
    /// Somebody signed in, or whoever sends something: a form took more effort than a click.
    Person,
    Staff,
}

impl Class {
    /// The part of the places that requests of this class may fill, in per cent.
    const fn share(self) -> usize {
        match self {
            Self::Visitor => 70,
            Self::Person => 85,
            Self::Staff => 100,
        }
    }
}

/// The places of one server.
pub struct Overload {
    bound: Bound,
    began: Instant,
}

/// A request's place, given back when it has been answered, or was given up.
struct Place<'a> {
    overload: &'a Overload,
    since: Instant,
}

impl Overload {
    pub fn new(limits: &LimitsConfig) -> Self {
        Self {
            bound: Bound::new(limits.requests_in_progress, limits.latency()),
            began: Instant::now(),
        }
    }

    /// Goes by these settings from here on.
    pub fn adjust(&self, limits: &LimitsConfig) {
        let most = limits.requests_in_progress;
        self.bound.adjust(most, limits.latency());
    }

    fn enter(&self, class: Class) -> Option<Place<'_>> {
        self.bound.enter(class.share()).then(|| Place {
            overload: self,
            since: Instant::now(),
        })
    }

    /// Returns true if a request of this class could be begun now.
    pub fn has_place(&self, class: Class) -> bool {
        self.bound.has_place(class.share())
    }

    /// Returns the number of requests in progress, and the number that there may be.
    pub fn in_progress(&self) -> (usize, usize) {
        (self.bound.in_progress(), self.bound.limit())
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let overload = self.overload;
        overload
            .bound
            .leave(self.since.elapsed(), overload.began.elapsed());
    }
}

/// Gate, after authentication: begins the request if there is a place for it.
pub async fn bound<F>(
    app: &App,
    class: Class,
    request: Request,
    next: impl FnOnce(Request) -> F,
) -> Response
where
    F: Future<Output = Response>,
{
    // The page that shows the outcome of a request which had its place takes no other.
    if !pages::is_first_hand(&request) {
        return next(request).await;
    }
    let Some(_place) = app.overload.enter(class) else {
        app.metrics.refusals.overload.inc();
        return AppError::overloaded().into_response();
    };
    next(request).await
}

/// The answer in the place of all gates, to a request for which there is no place: with a name and the headers of
/// any answer, counted, and neither logged nor traced. A flood of them leaves the processors to the others.
pub async fn turn_away(app: &App, request: Request) -> Response {
    app.overload.bound.note_refused();
    app.metrics.refusals.overload.inc();
    trace::name(app, request, async |request| {
        security::headers(app, request, async |request| {
            let refuse = async |request| errors::overloaded(&request);
            negotiate_language(app, request, refuse).await
        })
        .await
    })
    .await
}
