//! The owner of a request's cart: a person, or a visitor who has its cookie.

use crate::accounts::{Viewer, hash_of, viewer};
use crate::server::{App, app, cookies};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use leptos::prelude::use_context;

/// How long a cart is kept that nobody writes in, and the cookie that leads to it.
pub const DAYS_KEPT: i64 = 30;

/// What a visitor's cookie holds. The database knows only its hash.
#[derive(Clone, PartialEq, Eq)]
pub struct CartToken(String);

impl CartToken {
    /// 128 random bits.
    pub fn new() -> Self {
        Self(format!("{:032x}", rand::random::<u128>()))
    }

    /// From the cookie. What we never gave out leads to nothing and is not looked up.
    pub fn read(app: &App, headers: &HeaderMap) -> Option<Self> {
        let value = cookies::cookie(headers, &cookies::guarded_name(app, "cart"))?;
        let ours = value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        ours.then(|| Self(value.to_owned()))
    }

    pub fn hash(&self) -> String {
        hash_of(&self.0)
    }

    /// The header that makes the browser keep it, from now on for as long as the cart is kept.
    pub fn set_cookie(&self, app: &App) -> Option<HeaderValue> {
        cookie_header(app, &self.0, DAYS_KEPT * 86_400)
    }
}

/// The header that makes the browser forget it.
pub fn clear_cookie(app: &App) -> Option<HeaderValue> {
    cookie_header(app, "", 0)
}

fn cookie_header(app: &App, value: &str, seconds: i64) -> Option<HeaderValue> {
    let name = cookies::guarded_name(app, "cart");
    cookies::header_of(&cookies::build(name, value, seconds))
}

/// Who has the cart. Somebody signed in has their own, whatever cookie they carry.
#[derive(Clone, PartialEq, Eq)]
pub enum CartOwner {
    Person(i64),
    Visitor(CartToken),
    /// A visitor who has put nothing in a cart yet.
    Nobody,
}

impl CartOwner {
    fn new(app: &App, viewer: &Viewer, headers: &HeaderMap) -> Self {
        match (&viewer.user, CartToken::read(app, headers)) {
            (Some(user), _) => Self::Person(user.id),
            (None, Some(token)) => Self::Visitor(token),
            (None, None) => Self::Nobody,
        }
    }

    /// Whoever asks for the page, or calls the server function.
    pub fn current() -> Self {
        let headers = use_context::<Parts>().map(|parts| parts.headers);
        Self::new(&app(), &viewer(), &headers.unwrap_or_default())
    }
}

impl FromRequestParts<App> for CartOwner {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let Ok(viewer) = Viewer::from_request_parts(parts, app).await;
        Ok(Self::new(app, &viewer, &parts.headers))
    }
}
