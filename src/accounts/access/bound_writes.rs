//! Bounds on the requests that change something, per address and per person.

use super::Viewer;
use crate::error::AppError;
use crate::server::limits::Who;
use crate::server::{App, ClientIp, forms};
use axum::extract::Request;

/// Gate, after authentication: bounds the requests that change something. Returns the request, unless
/// it is one too many.
pub async fn bound_writes(app: &App, request: Request) -> Result<Request, AppError> {
    if request.method().is_safe() {
        return Ok(request);
    }
    let address = ClientIp::read(app, request.headers(), request.extensions());
    let viewer = request.extensions().get();
    match app.limits.check(buckets(address, viewer)) {
        Ok(()) => Ok(request),
        Err(error) => {
            forms::keep_typed(request).await;
            Err(error)
        }
    }
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
