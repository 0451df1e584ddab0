//! The built files: `/pkg` (script, WebAssembly, styles) under hashed names, and `public/` beside it.
//!
//! They are compressed at build time, cached for ever if the address changes with the content
//! (see [`super::files`]), and served with support for 304 and range requests.

use super::etag::has_tag;
use super::gate;
use crate::error::AppError;
use crate::server::App;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use leptos::config::LeptosOptions;
use tower_http::services::ServeDir;

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const FOR_AN_HOUR: &str = "public, max-age=3600";
const NOT_AT_ALL: &str = "no-cache";

/// Serves `/pkg/…`; nothing else is under it.
pub fn pkg<S: Clone + Send + Sync + 'static>(options: &LeptosOptions) -> Router<S> {
    let folder = format!("{}/{}", options.site_root, options.site_pkg_dir);
    // In development the names may stay the same while the content changes.
    let keep = if options.hash_files {
        FOR_EVER
    } else {
        NOT_AT_ALL
    };
    let files = Router::new()
        .fallback_service(files(&folder))
        .layer(from_fn(read_only))
        .layer(from_fn(async move |request: Request, next: Next| {
            kept(next.run(request).await, keep)
        }));
    Router::new().nest(&format!("/{}", options.site_pkg_dir), files)
}

/// Serves `public/`, and 404 for every address that nothing answers to.
pub fn public<S: Clone + Send + Sync + 'static>(app: &App) -> Router<S> {
    Router::new()
        .fallback_service(files(&app.leptos.site_root))
        .layer(from_fn(read_only))
        .layer(from_fn_with_state(app.clone(), revalidate))
}

/// Uses the hash of the content as the ETag. An address that carries it changes with the content;
/// one that carries another file's or an older hash is not cached, since a newer or older copy of
/// the server may have made it.
async fn revalidate(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let hash = app.files.hash(request.uri().path()).map(str::to_owned);
    let Some(hash) = hash else {
        return kept(next.run(request).await, FOR_AN_HOUR);
    };
    let asked = request
        .uri()
        .query()
        .and_then(|query| query.strip_prefix("v="));
    let keep = match asked {
        Some(asked) if asked == hash => FOR_EVER,
        Some(_) => NOT_AT_ALL,
        None => FOR_AN_HOUR,
    };
    // Weak: the same content, compressed or not.
    let tag = format!("W/\"{hash}\"");
    let mut response = if has_tag(request.headers(), &hash) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        // A client that sends another ETag has other content, whatever its date.
        if request.headers().contains_key(header::IF_NONE_MATCH) {
            request.headers_mut().remove(header::IF_MODIFIED_SINCE);
        }
        next.run(request).await
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    kept(response, keep)
}

/// Allows reading only; a missing file is a 404, whatever the method.
async fn read_only(mut request: Request, next: Next) -> Response {
    if !gate::may_be_a_file(request.uri().path()) {
        return AppError::not_found("page").into_response();
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    *request.method_mut() = Method::HEAD;
    let response = next.run(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        return response;
    }
    let allowed = [(header::ALLOW, "GET, HEAD")];
    (allowed, AppError::method_not_allowed()).into_response()
}

fn files(folder: &str) -> ServeDir {
    ServeDir::new(folder)
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false)
}

fn kept(mut response: Response, how_long: &'static str) -> Response {
    match response.status() {
        StatusCode::NOT_FOUND => AppError::not_found("page").into_response(),
        // The file service gives neither a reason nor a body.
        StatusCode::INTERNAL_SERVER_ERROR => {
            tracing::error!("A file could not be read");
            AppError::internal().into_response()
        }
        status => {
            if status.is_success() || status == StatusCode::NOT_MODIFIED {
                let headers = response.headers_mut();
                headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(how_long));
                // A cache in between stores the compressed copy beside the other.
                let encoding = HeaderValue::from_static("accept-encoding");
                headers.insert(header::VARY, encoding);
            }
            response
        }
    }
}
