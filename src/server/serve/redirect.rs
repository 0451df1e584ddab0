//! Redirects from http to https, for those who type an address without a scheme.

use axum::Router;
use axum::http::Uri;
use axum::response::Redirect;

/// Answers every request with the same address under the public URL, never under the `Host` that the request
/// names, which anybody can make up.
pub fn router(public_url: &str) -> Router {
    let base = public_url.trim_end_matches('/').to_owned();
    Router::new().fallback(async move |uri: Uri| {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let path = if path.starts_with('/') { path } else { "/" };
        Redirect::permanent(&format!("{base}{path}"))
    })
}
