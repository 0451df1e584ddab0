//! Whole pages of the shop, kept for a moment for everybody who sees them alike.
//!
//! A page for visitors is rendered once, and sent as it is, compressed once as well. Its inline scripts may run
//! because the policy names their hashes, where other pages name a nonce. For people with a cart or an account
//! the page is rendered once for their kind of reader, with what is their own left open ([`crate::ui::Own`]), and filled for
//! each of them. It is rendered for a person without a name, so that nothing of the first one who asks can be
//! in it. Who has a message waiting gets a page that is rendered for them.

mod coding;
mod document;

pub use document::{Document, OwnParts};

use super::audience::wants_page;
use super::cookies;
use super::pages::{self, framing};
use crate::error::AppError;
use crate::i18n::{self, Language, t};
use crate::server::{App, current};
use crate::ui::{LeftOpen, Theme};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use coding::Coding;
use futures_util::future::BoxFuture;
use std::time::Duration;

/// The longest address whose page is kept.
const LONGEST_ADDRESS: usize = 512;

/// The cookies that choose how pages look.
pub const CHOICES: [&str; 3] = ["theme", "language", "single_keys"];

/// A kind of reader that pages are kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Visitors without a cart.
    Nobody,
    /// Visitors with one.
    Shopper,
    /// People with an account, and no more rights than to shop.
    Customer,
    Staff,
    /// Staff who manage accounts too.
    Admin,
}

impl Audience {
    /// Returns true if its pages may hold what is for staff only.
    const fn is_staff(self) -> bool {
        matches!(self, Self::Staff | Self::Admin)
    }
}

/// The readers of pages, as the slices know them. The composition root hands it in.
#[derive(Clone, Copy)]
pub struct Readers {
    /// Returns the kind of reader who asks, if pages are kept for it.
    pub audience: fn(&App, &Request) -> Option<Audience>,
    /// Returns true if nobody knows who asks, since the database is away.
    pub is_unidentified: fn(&Request) -> bool,
    /// Makes the request one of this kind of reader, and of nobody in particular.
    pub anonymise: fn(&mut Parts, Audience),
    /// Renders what is left open for the reader who asks.
    pub own_parts: fn(App, Parts) -> BoxFuture<'static, OwnParts>,
}

/// Everything that kept pages differ by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DocumentKey {
    address: String,
    audience: Audience,
    language: Language,
    theme: Theme,
    single_keys: bool,
}

impl DocumentKey {
    /// Returns the key of the page that the request asks for; `None` if it is one of somebody's own.
    fn of(app: &App, request: &Request) -> Option<Self> {
        let address = request.uri().path_and_query()?.as_str();
        let is_kept = app.files.stylesheet().is_some()
            && request.method().is_safe()
            && address.len() <= LONGEST_ADDRESS
            && is_public(request.uri().path())
            && pages::is_first_hand(request);
        let audience = is_kept.then(|| (app.readers.audience)(app, request))??;
        let framing = framing(request);
        Some(Self {
            address: address.to_owned(),
            audience,
            language: i18n::current(),
            theme: framing.theme,
            single_keys: framing.single_keys,
        })
    }
}

/// Returns true if the request may be answered with a page from before the database went away.
pub fn may_outlast(request: &Request) -> bool {
    let headers = request.headers();
    request.method().is_safe()
        && is_public(request.uri().path())
        && wants_page(headers)
        && !headers.contains_key(AUTHORIZATION)
}

/// Returns true if the page is the same for all readers of a kind. Those where a product is made or edited are
/// not: each has a form of its own.
fn is_public(path: &str) -> bool {
    match path.strip_prefix("/products/") {
        Some(product) => product != "new" && !product.contains('/'),
        None => matches!(path, "/" | "/products" | "/login" | "/register"),
    }
}

/// Answers with the page at the request's path: the kept one, or one rendered for this request.
pub async fn serve(State(app): State<App>, request: Request) -> Response {
    match DocumentKey::of(&app, &request) {
        None => render(app, request).await,
        Some(key) if key.audience == Audience::Nobody => serve_kept(app, key, request).await,
        Some(key) => serve_filled(app, key, request).await,
    }
}

/// On the heap: a page takes far more room than what leads to it.
async fn render(app: App, request: Request) -> Response {
    Box::pin(pages::render(State(app), request)).await
}

/// Renders the page only where none is kept. Those who ask at once for the same share one.
async fn serve_kept(app: App, key: DocumentKey, request: Request) -> Response {
    let coding = Coding::accepted(request.headers());
    let nameless = (app.readers.is_unidentified)(&request).then_some(Duration::ZERO);
    let mut request = Some(request);
    let mut unkept = None;
    let keep = async || {
        let Some(request) = request.take() else {
            return Ok(None);
        };
        read(render(app.clone(), request).await, &mut unkept).await
    };
    if let Ok(Some(document)) = app.shop.documents.get(key, keep).await {
        // Who is not known for want of the database gets the notice, however young the page is.
        return match current::stale_for().or(nameless) {
            Some(age) => document.answer_stale(age),
            None => document.answer(coding),
        };
    }
    match (unkept, request) {
        (Some(response), _) => response,
        // Somebody asked at the same time, and got what is not for everybody.
        (None, Some(request)) => render(app, request).await,
        (None, None) => AppError::internal().into_response(),
    }
}

/// Fills the page that is kept for this kind of reader. If none can be kept, renders it for the one who asks.
async fn serve_filled(app: App, key: DocumentKey, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let audience = key.audience;
    let keep = async || {
        let mut parts = parts.clone();
        keep_choices(&mut parts.headers);
        (app.readers.anonymise)(&mut parts, audience);
        parts.extensions.insert(LeftOpen);
        let request = Request::from_parts(parts, Body::empty());
        read(render(app.clone(), request).await, &mut None).await
    };
    let documents = match audience.is_staff() {
        true => &app.shop.staff_documents,
        false => &app.shop.documents,
    };
    match documents.get(key, keep).await {
        Ok(Some(document)) if document.can_be_filled() => {
            let own = (app.readers.own_parts)(app, parts).await;
            document.fill(&own, current::stale_for())
        }
        _ => render(app, Request::from_parts(parts, body)).await,
    }
}

/// Reads the page to keep; what is none is left in `unkept`. That it could not be made now says nothing of the
/// page: it is an error, for which the last one is given.
async fn read(
    response: Response,
    unkept: &mut Option<Response>,
) -> Result<Option<Document>, AppError> {
    match Document::read(response).await {
        Ok(document) => Ok(Some(document)),
        Err(response) if response.status() == StatusCode::SERVICE_UNAVAILABLE => {
            *unkept = Some(response);
            Err(AppError::unavailable(t!("server-busy")))
        }
        Err(response) => {
            *unkept = Some(response);
            Ok(None)
        }
    }
}

/// Leaves out all cookies but those that choose how pages look.
fn keep_choices(headers: &mut HeaderMap) {
    let choices = CHOICES.into_iter().filter_map(|name| {
        let value = cookies::cookie(headers, name)?;
        Some(format!("{name}={value}"))
    });
    let choices = choices.collect::<Vec<_>>().join("; ");
    headers.remove(COOKIE);
    if let Ok(choices) = HeaderValue::try_from(choices) {
        headers.insert(COOKIE, choices);
    }
}
