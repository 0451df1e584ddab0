//! The current request, wherever its work runs: its trace id, its user, its address and its route.

use super::telemetry::{Route, UnderWay};
use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;
use tracing::Span;

tokio::task_local! {
    static TRACE_ID: String;
    static ASKER: Asker;
}

/// The user and the route of a request, once known, and the address it comes from.
struct Asker {
    address: IpAddr,
    user: OnceLock<i64>,
    route: OnceLock<Route>,
    stale: OnceLock<Duration>,
    under_way: UnderWay,
}

/// Returns the current request's trace id; empty outside one.
pub fn trace_id() -> String {
    TRACE_ID.try_with(Clone::clone).unwrap_or_default()
}

/// Returns the address the current request comes from; `None` outside one.
pub fn address() -> Option<IpAddr> {
    ASKER.try_with(|asker| asker.address).ok()
}

/// Returns the id of the user making the current request, if known.
pub fn user() -> Option<i64> {
    let known = ASKER.try_with(|asker| asker.user.get().copied());
    known.ok().flatten()
}

/// Records the user of the current request, once known: from here on its log lines name them.
pub fn set_user(id: i64) {
    let first = ASKER.try_with(|asker| asker.user.set(id).is_ok());
    if first == Ok(true) {
        Span::current().record("user.id", id);
    }
}

/// Returns the route of the current request, once known.
pub fn route() -> Option<Route> {
    let known = ASKER.try_with(|asker| asker.route.get().cloned());
    known.ok().flatten()
}

/// Records the route of the current request. The first counts: another leads to the page that shows an error.
pub fn set_route(route: impl FnOnce() -> Route) {
    // Outside a request there is nothing to record it in.
    let _ = ASKER.try_with(|asker| {
        let route = asker.route.get_or_init(route);
        asker.under_way.name(route.as_str());
    });
}

/// Records that the answer is made of what was so this long ago, since the database is away.
pub fn note_stale(age: Duration) {
    // Outside a request nobody is to be told.
    let _ = ASKER.try_with(|asker| asker.stale.set(age).is_ok());
}

/// Returns the age of what the current request's answer is made of, if that is stale.
pub fn stale_for() -> Option<Duration> {
    let noted = ASKER.try_with(|asker| asker.stale.get().copied());
    noted.ok().flatten()
}

/// Runs the work that answers the request.
pub async fn scope<F: Future>(
    trace_id: String,
    address: IpAddr,
    under_way: UnderWay,
    work: F,
) -> F::Output {
    let asker = Asker {
        address,
        user: OnceLock::new(),
        route: OnceLock::new(),
        stale: OnceLock::new(),
        under_way,
    };
    TRACE_ID.scope(trace_id, ASKER.scope(asker, work)).await
}

/// Runs the work as part of the request with this trace id, in whatever task.
pub async fn within<F: Future>(trace_id: String, work: F) -> F::Output {
    TRACE_ID.scope(trace_id, work).await
}
