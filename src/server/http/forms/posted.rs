//! Plain HTML forms: they post to an address of their own and return to a page.
//!
//! A refused form is answered with its page again, under the right status, with the input still
//! in it. That needs the input after the handler is done with it, which is what [`Typed`] carries
//! past it.

use crate::error::{AppError, Kind, WRONG_CREDENTIALS};
use crate::i18n::t;
use crate::server::http::cookies;
use crate::ui::Flash;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::handler::Handler;
use axum::http::header::Entry;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get};
use serde::de::DeserializeOwned;
use std::sync::{Arc, Mutex, PoisonError};
use url::{Position, Url};

/// The fields a form posted, kept in case it is refused.
#[derive(Clone, Default)]
pub struct Typed(Arc<Mutex<Vec<(String, String)>>>);

impl Typed {
    fn keep(&self, pairs: Vec<(String, String)>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = pairs;
    }

    pub fn take(&self) -> Vec<(String, String)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Keeps the input of a form that is refused before anybody reads it.
pub async fn keep_typed(request: Request) {
    let Some(typed) = typed_of(&request) else {
        return;
    };
    if let Ok(body) = Bytes::from_request(request, &()).await {
        typed.keep(form_urlencoded::parse(&body).into_owned().collect());
    }
}

/// Keeps the input of a form, and returns the request as it was: what a handler looks up before it reads the form
/// may fail. Left out is what no person types.
pub async fn with_typed(request: Request) -> Result<Request, AppError> {
    const LONGEST: u64 = 1 << 16;
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length: Option<u64> = length.and_then(|value| value.to_str().ok()?.parse().ok());
    let typed = typed_of(&request).filter(|_| length.is_some_and(|length| length <= LONGEST));
    let Some(typed) = typed else {
        return Ok(request);
    };
    let (parts, body) = request.into_parts();
    let body = Bytes::from_request(Request::new(body), &()).await?;
    typed.keep(form_urlencoded::parse(&body).into_owned().collect());
    Ok(Request::from_parts(parts, Body::from(body)))
}

fn typed_of(request: &Request) -> Option<Typed> {
    const FORM: &str = "application/x-www-form-urlencoded";
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let is_form = content_type.is_some_and(|value| value.as_bytes().starts_with(FORM.as_bytes()));
    let typed = request.extensions().get::<Typed>();
    typed.filter(|_| is_form).cloned()
}

/// A posted form. Its fields are mostly `String`s: `rules` says what is wrong with each.
pub struct Posted<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Posted<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let typed = request.extensions().get::<Typed>().cloned();
        let body = Bytes::from_request(request, state).await?;
        if let Some(typed) = typed {
            typed.keep(form_urlencoded::parse(&body).into_owned().collect());
        }
        serde_urlencoded::from_bytes(&body)
            .map(Self)
            .map_err(|error| {
                AppError::unreadable(t!("server-form-unreadable", cause = error.to_string()))
            })
    }
}

/// The page a form belongs to, used if the browser does not say which one it came from.
#[derive(Clone)]
struct Home(Uri);

/// Marks a form to be shown again with the input, though nothing is wrong with it.
#[derive(Clone)]
pub struct Again;

/// Shows the form's page again with the input: for a button that asks for room for more and does
/// nothing else.
pub fn again() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.extensions_mut().insert(Again);
    response
}

/// Returns the route of a form: POST acts, GET (a reload, a bookmark) redirects to `page`.
///
/// A form that posts to its own page's address is routed with plain `post`.
pub fn form<H, T, S>(page: &'static str, handler: H) -> MethodRouter<S>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    get(async move || Redirect::to(page))
        .post(handler)
        .layer(axum::middleware::map_response(
            move |mut response: Response| {
                let home = Home(Uri::from_static(page));
                response.extensions_mut().insert(home);
                std::future::ready(response)
            },
        ))
}

/// Returns the route of a form that belongs to the page one level up: `/orders/12/ship` to `/orders/12`.
pub fn form_below<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    form_under(one_up, handler)
}

/// Returns the route of one of several forms alike that belong to the page two levels up: `/subjects/7/sign/12` to
/// `/subjects/7`.
pub fn form_two_below<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    form_under(|path| one_up(one_up(path)), handler)
}

/// Returns the route of a form that belongs to the page which `page` finds in its address.
fn form_under<H, T, S>(page: fn(&str) -> &str, handler: H) -> MethodRouter<S>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    get(async move |uri: Uri| Redirect::to(page(uri.path())))
        .post(handler)
        .layer(axum::middleware::from_fn(
            move |request: Request, next: Next| async move {
                let home = page(request.uri().path()).parse().map(Home);
                let mut response = next.run(request).await;
                if let Ok(home) = home {
                    response.extensions_mut().insert(home);
                }
                response
            },
        ))
}

fn one_up(path: &str) -> &str {
    path.rsplit_once('/').map_or("/", |(above, _)| above)
}

/// Returns true if the person can correct the error where they made it.
pub fn is_about_the_input(error: &AppError) -> bool {
    let about_the_input = matches!(
        error.kind,
        Kind::Invalid | Kind::Conflict | Kind::TooMany | Kind::TooLarge | Kind::Unsupported
    );
    about_the_input || error.code == WRONG_CREDENTIALS
}

/// Returns the page that holds the posted form; `None` for any method but POST.
pub fn page_of(parts: &Parts, response: &Response) -> Option<Uri> {
    if parts.method != Method::POST {
        return None;
    }
    let home = response
        .extensions()
        .get::<Home>()
        .map(|home| home.0.clone());
    same_site_referer(parts)
        .or(home)
        .or_else(|| Some(parts.uri.clone()))
}

/// Returns the path and query of the referring page, if it is one of ours.
pub fn same_site_referer(parts: &Parts) -> Option<Uri> {
    let referer: Uri = parts
        .headers
        .get(header::REFERER)?
        .to_str()
        .ok()?
        .parse()
        .ok()?;
    let host = parts.headers.get(header::HOST)?.to_str().ok()?;
    if referer.authority()?.as_str() != host {
        return None;
    }
    referer.path_and_query()?.as_str().parse().ok()
}

/// Returns the path of `next` if it is on this site, and `otherwise` if not.
pub fn next_or(next: &str, otherwise: &str) -> String {
    local_path(next).unwrap_or_else(|| otherwise.to_owned())
}

/// Returns the path in `next` if it is on this site, never another site's address. It is read as
/// a browser reads it, which ignores tabs and line ends, takes `\` for `/`, and resolves `..`;
/// the result is what the browser would request, in characters allowed in a header.
fn local_path(next: &str) -> Option<String> {
    /// An arbitrary page as the base: its site does not affect a path on it.
    const HERE: &str = "https://here.invalid/page";
    let here = Url::parse(HERE).ok()?;
    let led = here.join(next).ok()?;
    // Parsed again by the browser it is sent to: a leading `//` would be another site's name.
    let local = next.starts_with('/')
        && led.origin() == here.origin()
        && led.username().is_empty()
        && led.password().is_none()
        && !led.path().starts_with("//");
    local.then(|| led[Position::BeforePath..].to_owned())
}

/// The cookie that carries a confirmation to the next page.
pub const FLASH_COOKIE: &str = "flash";

/// The value of `Clear-Site-Data` after a change: prefetched pages are out of date.
pub const DROP_PREFETCHED: HeaderValue = HeaderValue::from_static("\"prefetchCache\"");

/// The value of `Clear-Site-Data` at sign-out: Back must show nothing of the person's.
pub const DROP_PAGES: HeaderValue = HeaderValue::from_static("\"cache\", \"prefetchCache\"");

/// Redirects with 303 to `path`, where `flash` is shown once.
pub fn done(path: &str, flash: impl Into<Option<Flash>>) -> Response {
    let mut response = Redirect::to(path).into_response();
    response
        .headers_mut()
        .insert("clear-site-data", DROP_PREFETCHED);
    if let Some(flash) = flash.into() {
        set_flash(&mut response, flash);
    }
    response
}

fn set_flash(response: &mut Response, flash: Flash) {
    let json = serde_json::to_string(&flash).unwrap_or_default();
    let value: String = form_urlencoded::byte_serialize(json.as_bytes()).collect();
    cookies::set(response, &cookies::build(FLASH_COOKIE, value, 60));
    response.extensions_mut().insert(flash);
}

/// Adds `more` to the page that the response leads to, after what is to be said there already.
pub fn say_also(response: &mut Response, more: Flash) {
    let Some(first) = response.extensions_mut().remove::<Flash>() else {
        return set_flash(response, more);
    };
    if let Entry::Occupied(cookies) = response.headers_mut().entry(header::SET_COOKIE) {
        let prefix = format!("{FLASH_COOKIE}=");
        let (_, kept) = cookies.remove_entry_mult();
        let kept = kept.filter(|cookie| !cookie.as_bytes().starts_with(prefix.as_bytes()));
        let kept: Vec<_> = kept.collect();
        for cookie in kept {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    set_flash(
        response,
        Flash {
            text: format!("{} {}", first.text, more.text),
            undo: first.undo.or(more.undo),
            ..more
        },
    );
}

#[derive(serde::Deserialize)]
pub struct ThemeForm {
    theme: String,
    #[serde(default)]
    next: String,
}

/// `POST /theme`: remembers the colours for a year, and goes back.
pub async fn set_theme(Posted(form): Posted<ThemeForm>) -> Result<Response, AppError> {
    let theme = crate::ui::Theme::from_word(&form.theme)
        .ok_or_else(|| AppError::invalid("theme", t!("server-choose-theme")))?;
    let response = done(&next_or(&form.next, "/"), None);
    Ok(remember(response, "theme", theme.as_str()))
}

#[derive(serde::Deserialize)]
pub struct SingleKeysForm {
    single_keys: String,
    #[serde(default)]
    next: String,
}

/// `POST /shortcuts`: remembers for a year whether single-key shortcuts are on, and goes back.
pub async fn set_single_keys(Posted(form): Posted<SingleKeysForm>) -> Result<Response, AppError> {
    let said = match form.single_keys.as_str() {
        "on" => t!("server-single-keys-on"),
        "off" => t!("server-single-keys-off"),
        _ => return Err(AppError::invalid("single_keys", t!("server-choose-on-off"))),
    };
    let response = done(&next_or(&form.next, "/"), Flash::good(said));
    Ok(remember(response, "single_keys", &form.single_keys))
}

/// Remembers a person's choice for this browser, signed in or not. Scripts may change it.
pub fn remember(mut response: Response, name: &str, value: &str) -> Response {
    let mut cookie = cookies::build(name, value, 31_536_000);
    cookie.set_http_only(false);
    cookies::set(&mut response, &cookie);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn next_never_leads_off_the_site() {
        for (next, led) in [
            ("/", "/"),
            ("/tasks?q=a#b", "/tasks?q=a#b"),
            ("/products?q=键盘 a", "/products?q=%E9%94%AE%E7%9B%98%20a"),
            ("/orders/../cart", "/cart"),
            ("/a\tb\r\n", "/ab"),
            (
                "/tasks?q=http://evil.example",
                "/tasks?q=http://evil.example",
            ),
        ] {
            assert_eq!(local_path(next).as_deref(), Some(led), "{next:?}");
        }
        for next in [
            "https://evil.example",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\t\\evil.example",
            " //evil.example",
            "/..//evil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "/%2e%2e//evil.example",
            "/\\@evil.example",
            "//here.invalid@evil.example",
            "//user@here.invalid/",
            "javascript:alert(1)",
            "tasks",
            "",
        ] {
            assert_eq!(local_path(next), None, "{next:?}");
        }
        assert_eq!(next_or("//evil.example", "/tasks"), "/tasks");
    }

    proptest! {
        /// Whatever the input, a browser stays here, and the header can be written.
        #[test]
        fn next_stays_here_however_it_is_written(
            next in r"[/\\\t\r\n .:@%?#a-z0-9\x00-\x1f]{0,24}",
            site in "https?://[a-z]{1,9}\\.example(:8080)?/[a-z/]{0,9}",
        ) {
            let next = format!("/{next}");
            let led = next_or(&next, "/otherwise");
            let site = Url::parse(&site).expect("a site");
            let there = site.join(&led).expect("an address");
            prop_assert_eq!(there.origin(), site.origin());
            prop_assert_eq!(&there[Position::BeforePath..], led.as_str());
            prop_assert!(led.bytes().all(|byte| (0x21..0x7f).contains(&byte)), "{}", led);
            prop_assert_eq!(next_or(&led, "/otherwise"), led);
        }

        #[test]
        fn any_text_at_all_is_read(next in any::<String>()) {
            let led = next_or(&next, "/");
            prop_assert!(led.starts_with('/') && !led.starts_with("//"));
            prop_assert!(HeaderValue::from_str(&led).is_ok());
        }
    }
}
