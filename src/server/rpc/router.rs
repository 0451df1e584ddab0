//! The router of the services, and the gates around it.

use super::proto::DESCRIPTORS;
use super::status::{kind_of, late, status_of};
use crate::accounts;
use crate::error::AppError;
use crate::ops;
use crate::server::deadline::{OnlyReads, Passed};
use crate::server::http::negotiate_language;
use crate::server::router::{class_of, panicked};
use crate::server::telemetry::Route;
use crate::server::{App, current, deadline, overload, trace};
use crate::trials;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use prost::Message;
use prost_types::method_options::IdempotencyLevel;
use prost_types::{FileDescriptorSet, MethodOptions};
use std::collections::HashMap;
use std::sync::LazyLock;
use tonic::Status;
use tonic::service::Routes;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;

/// The services' names, and their methods: whether one only reads, by its path.
struct Interface {
    services: Vec<String>,
    methods: HashMap<String, bool>,
}

static INTERFACE: LazyLock<Interface> = LazyLock::new(|| {
    let set = FileDescriptorSet::decode(DESCRIPTORS).unwrap_or_default();
    let (mut services, mut methods) = (Vec::new(), HashMap::new());
    for file in &set.file {
        for service in &file.service {
            let name = format!("{}.{}", file.package(), service.name());
            for method in &service.method {
                let level = method
                    .options
                    .as_ref()
                    .map(MethodOptions::idempotency_level);
                let only_reads = level == Some(IdempotencyLevel::NoSideEffects);
                methods.insert(format!("/{name}/{}", method.name()), only_reads);
            }
            services.push(name);
        }
    }
    Interface { services, methods }
});

/// The beginning of the paths of `grpc.health.v1`, which pass as `/livez` does.
const HEALTH: &str = "/grpc.health.v1.Health/";

/// Returns the services as a service of its own.
pub fn rpc_router(app: App) -> Router {
    let routes = trials::rpc::add_services(Routes::default(), &app);
    let routes = reflected(routes).add_service(ops::health_service(&app, &INTERFACE.services));
    routes.into_axum_router().layer((
        from_fn_with_state(app.clone(), pass),
        CatchPanicLayer::custom(panicked),
        from_fn_with_state(app, admit),
        from_fn(tell_http),
    ))
}

/// Adds the services that describe all of them, in the version that is and the one that older clients ask for.
fn reflected(routes: Routes) -> Routes {
    let describe = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_types::pb::FILE_DESCRIPTOR_SET)
    };
    let now = describe().build_v1().expect("descriptors of protoc's");
    let before = describe().build_v1alpha().expect("descriptors of protoc's");
    routes.add_service(now).add_service(before)
}

/// Middleware: the gates around everything, from the outside in.
async fn pass(State(app): State<App>, mut request: Request, next: Next) -> Response {
    // Browsers do not come here, and what they would send with every request must not open anything.
    request.headers_mut().remove(header::COOKIE);
    let within_time = async |mut request: Request| {
        let known = INTERFACE.methods.get_key_value(request.uri().path());
        current::set_route(|| match known {
            Some((path, _)) => Route::Function(path),
            None => Route::of(&request),
        });
        if known.is_some_and(|(_, only_reads)| *only_reads) {
            request.extensions_mut().insert(OnlyReads);
        }
        deadline::enforce(&app, request, |request| next.run(request)).await
    };
    let response = trace::follow(&app, request, |request| {
        negotiate_language(&app, request, within_time)
    });
    told_in_grpc(Box::pin(response).await)
}

/// Middleware: who it is, and whether they may send this now.
async fn admit(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with(HEALTH) {
        return next.run(request).await;
    }
    let answer = async |request: Request| {
        let (request, _) = accounts::bound_requests(&app, request).await;
        let request = match request {
            Ok(request) => request,
            Err(refusal) => return refusal.into_response(),
        };
        let class = class_of(&request);
        let span = tracing::debug_span!("handler", otel.name = request.uri().path());
        let next = async |request| next.run(request).instrument(span).await;
        overload::bound(&app, class, request, next).await
    };
    accounts::authenticate(&app, request, answer).await
}

/// Middleware: gives a refusal in gRPC the status that it has in HTTP.
async fn tell_http(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(status) = response.extensions().get::<Status>() {
        let status = StatusCode::from_u16(kind_of(status.code()).status());
        *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    }
    response
}

/// Gives an answer the form of gRPC: a refusal by a gate is a status, and all of them are 200.
fn told_in_grpc(mut response: Response) -> Response {
    if let Some(error) = response.extensions().get::<AppError>() {
        let is_late = response.extensions().get::<Passed>().is_some();
        let status = match is_late {
            true => late(error),
            false => status_of(error),
        };
        let mut told: Response = status.into_http();
        for name in ["x-request-id", "traceparent"] {
            if let Some(value) = response.headers_mut().remove(name) {
                told.headers_mut().insert(name, value);
            }
        }
        return told;
    }
    let kind = response.headers().get(header::CONTENT_TYPE);
    if kind
        .map(HeaderValue::as_bytes)
        .is_some_and(|kind| kind.starts_with(b"application/grpc"))
    {
        *response.status_mut() = StatusCode::OK;
    }
    response
}
