//! Rendering pages: the context each one gets, and how one that cannot be shown says so.

use super::cookies::cookie;
use super::forms::FLASH_COOKIE;
use super::{cookies, forms, security};
use crate::error::{AppError, Kind};
use crate::i18n::{self, t};
use crate::server::{App, current, deadline};
use crate::ui::{ErrorPage, Flash, Kept, LeftOpen, Refusal, Theme};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::future::Future;
use std::sync::Arc;

/// The number of pages rendered at the same time; further ones wait, within their deadline. A
/// thousand half-rendered pages only evict each other from the processor's caches: taking turns,
/// a server under such a load renders a third more of them.
pub const PAGES_AT_ONCE: usize = 32;

/// The route that shows an error that has no page of its own. Requested from outside: 404.
pub const ERROR_PATH: &str = "/error";

/// The error a page is to show.
#[derive(Clone)]
pub struct Shown(pub AppError);

/// The address the person requested, if the page shown is another one.
#[derive(Clone)]
pub struct Asked(pub Uri);

/// A secret that a page shows only this once.
#[derive(Clone)]
pub struct Revealed(pub String);

/// The facts of the request that the frame around a page shows.
#[derive(Clone, Default)]
pub struct Framing {
    pub theme: Theme,
    /// True if single-key shortcuts are on; they can be switched off.
    pub single_keys: bool,
    /// The path and query of the page, as in the address bar.
    pub path: String,
    /// The text in the search field.
    pub search: String,
    pub flash: Option<Flash>,
}

/// Renders the page at the request's path: as a whole, so that the status can be right.
///
/// A browser also sends the empty fields of a filter. They say nothing, and an address is there
/// to be read and shared: the browser is redirected to the one without them.
pub async fn render(State(app): State<App>, request: Request) -> Response {
    if let Some(path) = without_empty_fields(&request) {
        return Redirect::to(&path).into_response();
    }
    // Never closed; if it were, a page would be better than none.
    let _turn = Arc::clone(&app.page_turns).acquire_owned().await.ok();
    let extensions = request.extensions();
    let refusal = extensions.get::<Refusal>().cloned();
    let kept = extensions.get::<Kept>().cloned();
    let shown = extensions.get::<Shown>().cloned();
    let revealed = extensions.get::<Revealed>().cloned();
    let left_open = extensions.get::<LeftOpen>().copied();
    let framing = framing(&request);
    let carried_flash = framing.flash.is_some();
    let (shell, options) = (app.shell, app.leptos.clone());
    let context = move || {
        provide_context(app.clone());
        provide_context(framing.clone());
        if let Some(refusal) = &refusal {
            provide_context(refusal.clone());
        }
        if let Some(kept) = &kept {
            provide_context(kept.clone());
        }
        if let Some(shown) = &shown {
            provide_context(shown.clone());
        }
        if let Some(left_open) = left_open {
            provide_context(left_open);
        }
        if let Some(revealed) = &revealed {
            provide_context(revealed.clone());
        }
    };
    let document = move || shell(options.clone());
    let page = leptos_axum::render_app_async_with_context(context, document)(request).await;
    let mut response = page.into_response();
    // Back requests the page again: a person sees the current state, and nothing once signed out.
    let kept_by_nobody = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, kept_by_nobody);
    if carried_flash {
        cookies::set(&mut response, &cookies::build(FLASH_COOKIE, "", 0));
    }
    response
}

/// Answers a form with the page at `path`, which shows the secret: in this response alone, in no
/// cookie and no address. The response is not stored.
pub async fn reveal(app: App, mut parts: Parts, path: &str, secret: Revealed) -> Response {
    let Ok(uri) = path.parse() else {
        return AppError::internal().into_response();
    };
    (parts.method, parts.uri) = (Method::GET, uri);
    parts.extensions.insert(secret);
    render(State(app), Request::from_parts(parts, Body::empty())).await
}

/// Renders the error page by itself; only `super::errors` has something to show on it.
pub async fn render_error(State(app): State<App>, request: Request) -> Response {
    if request.extensions().get::<Shown>().is_none() {
        return AppError::not_found("page").into_response();
    }
    render(State(app), request).await
}

/// Returns true if the page was asked for by itself, and not to show what became of something else.
pub fn is_first_hand(request: &Request) -> bool {
    let extensions = request.extensions();
    extensions.get::<Asked>().is_none()
        && extensions.get::<Shown>().is_none()
        && extensions.get::<Refusal>().is_none()
        && extensions.get::<Kept>().is_none()
}

/// Returns the page's address without empty fields, if it has any and is the person's own.
fn without_empty_fields(request: &Request) -> Option<String> {
    let query = request.uri().query().filter(|_| is_first_hand(request))?;
    let filled: Vec<&str> = query
        .split('&')
        .filter(|field| !field.is_empty() && !field.ends_with('='))
        .collect();
    let path = request.uri().path();
    let address = match filled.join("&") {
        left if left == query => return None,
        left if left.is_empty() => path.to_owned(),
        left => format!("{path}?{left}"),
    };
    (request.method() == Method::GET).then(|| forms::next_or(&address, "/"))
}

pub fn framing(request: &Request) -> Framing {
    let uri = request
        .extensions()
        .get::<Asked>()
        .map_or(request.uri(), |asked| &asked.0);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let query = uri.query().unwrap_or_default();
    let search = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "q");
    Framing {
        theme: cookie(request.headers(), "theme")
            .and_then(Theme::from_word)
            .unwrap_or_default(),
        single_keys: cookie(request.headers(), "single_keys") != Some("off"),
        path: path.to_owned(),
        search: search
            .filter(|_| uri.path() == "/products")
            .map(|(_, text)| text.into_owned())
            .unwrap_or_default(),
        flash: cookie(request.headers(), FLASH_COOKIE).and_then(read_flash),
    }
}

fn read_flash(value: &str) -> Option<Flash> {
    let (json, _) = form_urlencoded::parse(value.as_bytes()).next()?;
    serde_json::from_str(&json).ok()
}

/// Returns the sign-in address that leads back to the page the person was on.
pub fn sign_in_path(parts: &Parts) -> String {
    let from = if parts.method.is_safe() {
        Some(parts.uri.clone())
    } else {
        forms::same_site_referer(parts)
    };
    let next = from
        .and_then(|uri| uri.path_and_query().map(ToString::to_string))
        .unwrap_or_default();
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("next", &next);
    format!("/login?{}", query.finish())
}

/// Returns the application state, in a page or a server function.
pub fn app() -> App {
    expect_context()
}

/// Returns the cursor in the page's address; empty for the beginning of the list.
pub fn asked_cursor() -> String {
    let cursor = use_query_map().get_untracked().get("cursor");
    cursor.unwrap_or_default()
}

/// Runs the work as part of the current request, with its trace id, language and deadline: Leptos
/// runs what has to wait in a task of its own, which knows none of them.
pub fn in_this_request<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let (trace_id, language) = (current::trace_id(), i18n::current());
    // On the heap: a page's work is large, and each scope would hold another copy on the stack.
    let work = i18n::within(language, current::within(trace_id, Box::pin(work)));
    deadline::within(deadline::present(), work)
}

/// Renders a page that has to query the database first. An error becomes the error page, with its
/// status; an unauthenticated request is redirected to the sign-in page.
pub fn page<V: IntoView + 'static>(
    work: impl Future<Output = Result<V, AppError>> + Send + 'static,
) -> impl IntoView {
    let response = use_context::<ResponseOptions>().unwrap_or_default();
    let parts = use_context::<Parts>();
    let work = in_this_request(async move {
        work.await
            .map_err(|error| refuse(error, &response, parts.as_ref()))
            .map_or_else(IntoAny::into_any, IntoAny::into_any)
    });
    view! {
        <Suspense>
            {Suspend::new(work)}
        </Suspense>
    }
}

fn refuse(
    error: AppError,
    response: &ResponseOptions,
    parts: Option<&Parts>,
) -> impl IntoView + use<> {
    response.set_status(
        StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
    );
    if let Some(parts) = parts.filter(|_| error.kind == Kind::Unauthenticated) {
        response.set_status(StatusCode::SEE_OTHER);
        if let Ok(to) = HeaderValue::from_str(&sign_in_path(parts)) {
            response.insert_header(header::LOCATION, to);
        }
    }
    let trace_id = crate::server::trace_id();
    view! {
        <Title text=t!("ui-error-title") />
        <ErrorPage error trace_id />
    }
}

/// Lets the page's inline scripts run, and no others.
pub fn set_content_security_policy() {
    let (Some(response), Some(nonce)) =
        (use_context::<ResponseOptions>(), leptos::nonce::use_nonce())
    else {
        return;
    };
    if let Ok(policy) = HeaderValue::from_str(&security::content_security_policy(&format!(
        "'nonce-{nonce}'"
    ))) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderMap;
    use proptest::prelude::*;

    fn sent(line: &str) -> HeaderMap {
        let value = HeaderValue::from_bytes(line.as_bytes()).expect("a header");
        HeaderMap::from_iter([(header::COOKIE, value)])
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let headers = sent("a=1; flash=x=y; theme=dark;single_keys=off; =z; b");
        assert_eq!(cookie(&headers, "flash"), Some("x=y"));
        assert_eq!(cookie(&headers, "single_keys"), Some("off"));
        for none in ["b", "keys", "fla", ""] {
            assert_ne!(cookie(&headers, none), Some("off"), "{none}");
            assert!(
                cookie(&headers, none).is_none_or(|value| value == "z"),
                "{none}"
            );
        }
    }

    proptest! {
        #[test]
        fn what_was_set_is_what_is_read(
            text in "\\PC{0,40}|[\\x00-\\x1f;=\"%+ ]{0,20}",
            others in prop::collection::vec("[!-:<-~]{0,12}", 0..4),
        ) {
            let flash = Flash::good(text.clone()).with_undo("/tasks/1/delete", "Undo");
            let json = serde_json::to_string(&flash).expect("serialises");
            let value: String = form_urlencoded::byte_serialize(json.as_bytes()).collect();
            let others: Vec<_> = others.iter().filter(|other| !other.starts_with("flash=")).collect();
            let mut pairs: Vec<String> = others.iter().map(|other| (*other).clone()).collect();
            pairs.insert(pairs.len() / 2, format!("{FLASH_COOKIE}={value}"));
            let headers = sent(&pairs.join("; "));
            let read = cookie(&headers, FLASH_COOKIE).and_then(read_flash);
            prop_assert_eq!(read, Some(flash));
        }

        #[test]
        fn any_cookie_at_all_is_read(line in "[ -~]{0,80}", bytes in prop::collection::vec(0x80_u8.., 0..9)) {
            let headers = sent(&line);
            let _ = cookie(&headers, FLASH_COOKIE).and_then(read_flash);
            let _ = cookie(&headers, "theme").and_then(Theme::from_word);
            let value = HeaderValue::from_bytes(&bytes).expect("a header");
            let headers = HeaderMap::from_iter([(header::COOKIE, value)]);
            prop_assert_eq!(cookie(&headers, FLASH_COOKIE), None);
        }
    }
}
