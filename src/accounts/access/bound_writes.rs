//! Bounds on the requests that change something, per address and per person.

use super::Viewer;
use crate::server::limits::Who;
use crate::server::{App, ClientIp, forms};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Middleware, after authentication: bounds the requests that change something.
pub async fn bound_writes(
    State(app): State<App>,
    address: ClientIp,
    request: Request,
    next: Next,
) -> Response {
    if !request.method().is_safe() {
        let viewer = request.extensions().get();
        if let Err(error) = app.limits.check(buckets(address, viewer)) {
            forms::keep_typed(request).await;
            return error.into_response();
        }
    }
    next.run(request).await
}

/// The address comes first: a client that signs in by the thousand has no account to count for.
fn buckets(address: ClientIp, viewer: Option<&Viewer>) -> impl Iterator<Item = Who> {
    let user = viewer.and_then(|viewer| viewer.user.as_ref());
    let person = user.map(|user| match user.role.is_staff() {
        true => Who::Staff(user.id),
        false => Who::Person(user.id),
    });
    [Some(Who::ClientIp(address.network())), person]
        .into_iter()
        .flatten()
}
