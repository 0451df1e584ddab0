//! Bounds on the requests of an address, a person and a program.

use super::Viewer;
use crate::error::AppError;
use crate::server::limits::{Allowance, RouteClass, Who};
use crate::server::{App, ClientIp, forms, only_reads};
use axum::extract::Request;

/// Gate, after authentication. Returns the request, unless it is one too many, and what may still follow it.
pub async fn bound_requests(
    app: &App,
    request: Request,
) -> (Result<Request, AppError>, Option<Allowance>) {
    let class = match only_reads(&request) {
        true => RouteClass::Reads,
        false => RouteClass::Writes,
    };
    let address = ClientIp::read(app, request.headers(), request.extensions());
    let viewer = request.extensions().get();
    let allowance = app
        .limits
        .check(&app.config.limits, class, buckets(address, viewer));
    match allowance.and_then(|allowance| allowance.refusal()) {
        None => (Ok(request), allowance),
        Some(error) => {
            forms::keep_typed(request).await;
            (Err(error), allowance)
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
    let token = viewer.and_then(|viewer| viewer.family).map(Who::Token);
    [Some(Who::ClientIp(address.network())), token, person]
        .into_iter()
        .flatten()
}
