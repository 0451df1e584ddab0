//! The current request, wherever its work runs: its trace id, its user and its address.

use std::net::IpAddr;
use std::sync::OnceLock;
use tracing::Span;

tokio::task_local! {
    static TRACE_ID: String;
    static ASKER: Asker;
}

/// The user of a request, once known, and the address it comes from.
struct Asker {
    address: IpAddr,
    user: OnceLock<i64>,
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

/// Runs the work that answers the request.
pub async fn scope<F: Future>(trace_id: String, address: IpAddr, work: F) -> F::Output {
    let asker = Asker {
        address,
        user: OnceLock::new(),
    };
    TRACE_ID.scope(trace_id, ASKER.scope(asker, work)).await
}

/// Runs the work as part of the request with this trace id, in whatever task.
pub async fn within<F: Future>(trace_id: String, work: F) -> F::Output {
    TRACE_ID.scope(trace_id, work).await
}
