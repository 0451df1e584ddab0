//! The present request, wherever its work is done: its trace id, and who makes it from where.

use std::net::IpAddr;
use std::sync::OnceLock;
use tracing::Span;

tokio::task_local! {
    static TRACE_ID: String;
    static ASKER: Asker;
}

/// Who makes a request, once that is known, and from where.
struct Asker {
    address: IpAddr,
    user: OnceLock<i64>,
}

/// The present request's trace id; empty outside one.
pub fn trace_id() -> String {
    TRACE_ID.try_with(Clone::clone).unwrap_or_default()
}

/// Where the present request comes from; nothing outside one.
pub fn address() -> Option<IpAddr> {
    ASKER.try_with(|asker| asker.address).ok()
}

/// Who makes the present request.
pub fn user() -> Option<i64> {
    let known = ASKER.try_with(|asker| asker.user.get().copied());
    known.ok().flatten()
}

/// It is known now who makes the present request: from here on its log lines say so.
pub fn set_user(id: i64) {
    let first = ASKER.try_with(|asker| asker.user.set(id).is_ok());
    if first == Ok(true) {
        Span::current().record("user.id", id);
    }
}

/// Does the work that answers the request.
pub async fn scope<F: Future>(trace_id: String, address: IpAddr, work: F) -> F::Output {
    let asker = Asker {
        address,
        user: OnceLock::new(),
    };
    TRACE_ID.scope(trace_id, ASKER.scope(asker, work)).await
}

/// Does the work as a part of the request with this trace id, wherever it is done.
pub async fn within<F: Future>(trace_id: String, work: F) -> F::Output {
    TRACE_ID.scope(trace_id, work).await
}
