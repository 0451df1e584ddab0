//! The built files: `/pkg` (script, WebAssembly, styles) under hashed names, and `public/` beside it.
//!
//! They are compressed when built, kept for ever where the name changes with the content, and
//! answered with 304 and parts of a file on request.

use crate::error::AppError;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use leptos::config::LeptosOptions;
use tower_http::services::ServeDir;

/// `/pkg/…`; nothing else is under it.
pub fn pkg<S: Clone + Send + Sync + 'static>(options: &LeptosOptions) -> Router<S> {
    let folder = format!("{}/{}", options.site_root, options.site_pkg_dir);
    // In development the names may stay the same while the content changes.
    let keep = if options.hash_files {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let files = Router::new()
        .fallback_service(files(&folder))
        .layer(from_fn(async move |request: Request, next: Next| {
            kept(next.run(request).await, keep)
        }));
    Router::new().nest(&format!("/{}", options.site_pkg_dir), files)
}

/// What is in `public/`, and 404 for every address that nothing answers to.
pub fn public<S: Clone + Send + Sync + 'static>(options: &LeptosOptions) -> Router<S> {
    Router::new()
        .fallback_service(files(&options.site_root))
        .layer(from_fn(async |request: Request, next: Next| {
            // A picture's address with its hash in the query is another address when it changes.
            let hashed = request
                .uri()
                .query()
                .is_some_and(|query| query.starts_with("v="));
            let keep = if hashed {
                "public, max-age=31536000, immutable"
            } else {
                "public, max-age=3600"
            };
            kept(next.run(request).await, keep)
        }))
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
        StatusCode::METHOD_NOT_ALLOWED => AppError::method_not_allowed().into_response(),
        status => {
            if status.is_success() || status == StatusCode::NOT_MODIFIED {
                response
                    .headers_mut()
                    .insert(header::CACHE_CONTROL, HeaderValue::from_static(how_long));
            }
            response
        }
    }
}
