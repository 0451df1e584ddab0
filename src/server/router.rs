//! Wires the slices together and puts every request through the same gates.

use super::http::{
    cookies, cors, documents, errors, forms, gate, negotiate_language, pages, security, statics,
};
use super::overload::{self, Class};
use super::telemetry::Route;
use super::{App, current, deadline, openapi, trace};
use crate::accounts::{self, SESSION_COOKIE, Viewer};
use crate::app::Pages;
use crate::cart;
use crate::catalog;
use crate::error::AppError;
use crate::events;
use crate::ledger;
use crate::ops;
use crate::orders;
use crate::tasks;
use crate::trials;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use leptos::prelude::provide_context;
use leptos_axum::LeptosRoutes;
use leptos_axum::generate_route_list_with_exclusions;
use tower::Layer;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tracing::{Instrument, Span};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// Pages registered by hand, because their addresses serve programs as well.
const BY_HAND: [&str; 2] = ["/products", "/products/{slug}"];

/// Returns the whole application as a service.
pub fn router(app: App) -> Router {
    router_with(app, Router::new())
}

/// Returns the same with more routes behind the same gates. The tests add one that panics.
pub fn router_with(app: App, more: Router<App>) -> Router {
    let server = &app.config.server;
    let (api, _) = documented().split_for_parts();
    let by_hand = BY_HAND.map(str::to_owned).to_vec();
    let routes = generate_route_list_with_exclusions(Pages, Some(by_hand))
        .into_iter()
        .filter(|route| app.in_development() || route.path() != "/ui")
        .collect::<Vec<_>>();
    let routed = Router::<App>::new()
        .leptos_routes_with_handler(routes, documents::serve)
        .route(pages::ERROR_PATH, get(pages::render_error))
        .route("/fn/{*name}", post(call_server_function))
        .route("/theme", forms::form("/", forms::set_theme))
        .route("/shortcuts", forms::form("/", forms::set_single_keys))
        .merge(accounts::forms::router().layer(from_fn_with_state(app.clone(), cart::bring_cart)))
        .merge(catalog::forms::router(server))
        .merge(catalog::simple_api::router())
        .merge(tasks::forms::router())
        .merge(trials::forms::router(server))
        .merge(ledger::forms::router())
        .merge(events::forms::router())
        .merge(events::confirm_router())
        .merge(orders::forms::router())
        .merge(cart::forms::router())
        .merge(api)
        .merge(more)
        .method_not_allowed_fallback(async || AppError::method_not_allowed())
        .layer(from_fn_with_state(app.clone(), admit))
        .merge(events::receive_router())
        .merge(ops::health::router())
        .merge(statics::pkg(&app.leptos))
        .fallback_service(statics::public::<()>(&app))
        .layer((
            CatchPanicLayer::custom(panicked),
            from_fn_with_state(app.clone(), within_time),
            RequestBodyLimitLayer::new(server.picture_limit_bytes.max(server.import_limit_bytes)),
            DefaultBodyLimit::max(server.body_limit_bytes),
        ))
        .with_state(app.clone());
    // Around the router and not on its routes: to show an error it requests another page from the router.
    let gates = (
        CompressionLayer::new().quality(CompressionLevel::Precise(4)),
        from_fn_with_state(app, pass),
    );
    Router::new().fallback_service(gates.layer(routed))
}

/// Returns `/metrics` as a service of its own: it has no part in the shop's, so that nothing in front of the
/// shop can show it to the world.
pub fn metrics_router(app: App) -> Router {
    // A profile takes as long as whoever asks for it wants.
    let profiling = ops::profiling::router(&app);
    ops::metrics::router()
        .layer((
            CompressionLayer::new(),
            from_fn_with_state(app.clone(), within_time),
        ))
        .merge(profiling)
        .with_state(app)
}

/// Middleware: the gates around everything, from the outside in.
///
/// One function calls those that belong together. For each request axum copies and boxes a layer with all
/// that is within it, so that the cost of layers is the square of their number.
async fn pass(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_crowded = !app.overload.has_place(Class::Visitor);
    let stranger = is_crowded.then(|| class_of_stranger(&request)).flatten();
    if stranger.is_some_and(|class| !app.overload.has_place(class)) {
        return overload::turn_away(&app, request).await;
    }
    // On the heap, for otherwise each gate around it would move as much as the largest of its states.
    let present = async |mut request: Request| {
        gate::name_host(&mut request);
        match gate::refuse_other_than_one_host(&request) {
            Some(refusal) => refusal,
            None => Box::pin(errors::present(request, next)).await,
        }
    };
    trace::follow(&app, request, |request| {
        security::headers(&app, request, |request| {
            cors::across_origins(&app, request, |request| {
                negotiate_language(&app, request, present)
            })
        })
    })
    .await
}

/// Middleware, around each route: its name for the metrics, the deadline, and the path that somebody asks for.
async fn within_time(State(app): State<App>, request: Request, next: Next) -> Response {
    current::set_route(|| Route::of(&request));
    let answer = async |request: Request| match gate::readable_path(&request) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    deadline::enforce(&app, request, answer).await
}

/// Middleware, around what people do: who it is, and whether they may send this now and from here.
async fn admit(State(app): State<App>, request: Request, next: Next) -> Response {
    let begin = async |request: Request| {
        security::same_origin(&app, &request)?;
        let class = class_of(&request);
        let next = async |request: Request| {
            let span = handler_span(&request);
            match forms::with_typed(request).await {
                Ok(request) => next.run(request).instrument(span).await,
                Err(error) => error.into_response(),
            }
        };
        Ok(overload::bound(&app, class, request, next).await)
    };
    let answer = async |request: Request| {
        let is_of_program = request.uri().path().starts_with("/api/");
        let (request, allowance) = accounts::bound_requests(&app, request).await;
        let answer = match request {
            Ok(request) => begin(request).await,
            Err(refusal) => Err(refusal),
        };
        let mut response = answer.unwrap_or_else(AppError::into_response);
        if let Some(allowance) = allowance.filter(|_| is_of_program) {
            allowance.tell(response.headers_mut());
        }
        response
    };
    accounts::authenticate(&app, request, answer).await
}

pub fn class_of(request: &Request) -> Class {
    let viewer = request.extensions().get::<Viewer>();
    match viewer.and_then(|viewer| viewer.user.as_ref()) {
        Some(user) if user.role.is_staff() => Class::Staff,
        Some(_) => Class::Person,
        None => class_of_nobody(request),
    }
}

fn class_of_nobody(request: &Request) -> Class {
    match deadline::only_reads(request) {
        true => Class::Visitor,
        false => Class::Person,
    }
}

/// Returns the class of a request whose head says that it comes from nobody, and takes a place; `None` where more
/// has to be looked at: who it is, whether it is a file, or whether another site's script may read the answer.
fn class_of_stranger(request: &Request) -> Option<Class> {
    /// The beginnings of addresses that take no place. Nor do files, which have a point in their names.
    const WITHOUT_PLACE: [&str; 5] = ["/livez", "/readyz", "/api/health", "/webhooks/", "/pkg/"];
    let (headers, path) = (request.headers(), request.uri().path());
    let is_known = headers.contains_key(header::AUTHORIZATION)
        || headers.contains_key(header::ORIGIN)
        || cookies::names(headers).any(|name| name.ends_with(SESSION_COOKIE));
    let takes_place = !path.contains('.') && !WITHOUT_PLACE.iter().any(|it| path.starts_with(it));
    (takes_place && !is_known).then(|| class_of_nobody(request))
}

/// Returns the span of what does what somebody asks for. What only shows something has none of its own: it would
/// say no more than the request's, and be most of what a kept page costs in traces.
fn handler_span(request: &Request) -> Span {
    if request.method().is_safe() {
        return Span::none();
    }
    let name = || {
        let route = Route::of(request);
        let kind = match route.as_str() {
            route if route.starts_with("/fn/") => "server function",
            route if route.starts_with("/api/") => "api",
            _ => "form",
        };
        format!("{kind} {}", route.as_str())
    };
    tracing::debug_span!("handler", otel.name = name())
}

/// Returns the JSON API with its description.
pub fn documented() -> OpenApiRouter<App> {
    #[derive(OpenApi)]
    #[openapi(info(title = "Guildhall", description = "The JSON API of Guildhall."))]
    struct Description;

    let mut router = OpenApiRouter::with_openapi(Description::openapi())
        .nest("/api/v1", accounts::rest::router())
        .nest("/api/v1", catalog::rest::router())
        .nest("/api/v1", tasks::rest::router())
        .nest("/api/v1", ledger::rest::router())
        .nest("/api/v1", trials::rest::router())
        .nest("/api/v1", cart::rest::router())
        .nest("/api/v1", orders::rest::router())
        .nest("/api/v1", ops::rest::router())
        .nest("/api/v1", events::rest::router());
    openapi::complete(router.get_openapi_mut());
    router
}

/// Reads the body here, where too large a one is refused as everywhere.
async fn call_server_function(
    State(app): State<App>,
    parts: Parts,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, AppError> {
    let request = Request::from_parts(parts, Body::from(body?));
    let context = move || provide_context(app.clone());
    let answer = leptos_axum::handle_server_fns_with_context(context, request).await;
    Ok(errors::with_status(answer.into_response()).await)
}

/// Handles a panic, which ends the request it happened in, and nothing else.
pub fn panicked(panic: Box<dyn std::any::Any + Send>) -> axum::http::Response<Body> {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(panic.message = message, "A request handler panicked");
    AppError::internal().into_response()
}
