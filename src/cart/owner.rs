//! The owner of a request's cart: a person, or a visitor identified by a cookie.

use crate::accounts::{Viewer, hash_of, viewer};
use crate::server::{App, app, cookies};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use leptos::prelude::use_context;

/// The name of a visitor's cookie, before what guards it.
pub const CART_COOKIE: &str = "cart";

/// The number of days that a cart and its cookie are kept after the last write.
pub const DAYS_KEPT: i64 = 30;

/// The value of a visitor's cookie. The database stores only its hash.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CartToken(String);

impl CartToken {
    /// Creates a token of 128 random bits.
    pub fn new() -> Self {
        Self(format!("{:032x}", rand::random::<u128>()))
    }

    /// Reads the token from the cookie. `None`, without a query, if it is not of the form we issue.
    pub fn read(app: &App, headers: &HeaderMap) -> Option<Self> {
        let value = cookies::cookie(headers, &cookies::guarded_name(app, CART_COOKIE))?;
        let ours = value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        ours.then(|| Self(value.to_owned()))
    }

    pub fn hash(&self) -> String {
        hash_of(&self.0)
    }

    /// Returns the header that sets the cookie, for `DAYS_KEPT` days from now.
    pub fn set_cookie(&self, app: &App) -> Option<HeaderValue> {
        cookie_header(app, &self.0, DAYS_KEPT * 86_400)
    }
}

/// Returns the header that deletes the cookie.
pub fn clear_cookie(app: &App) -> Option<HeaderValue> {
    cookie_header(app, "", 0)
}

fn cookie_header(app: &App, value: &str, seconds: i64) -> Option<HeaderValue> {
    let name = cookies::guarded_name(app, CART_COOKIE);
    cookies::header_of(&cookies::build(name, value, seconds))
}

/// The owner of a cart. A signed-in person has their own, whatever cookie they carry.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum CartOwner {
    Person(i64),
    Visitor(CartToken),
    /// A visitor who has not added anything yet.
    Nobody,
}

impl CartOwner {
    pub fn new(app: &App, viewer: &Viewer, headers: &HeaderMap) -> Self {
        match (&viewer.user, CartToken::read(app, headers)) {
            (Some(user), _) => Self::Person(user.id),
            (None, Some(token)) => Self::Visitor(token),
            (None, None) => Self::Nobody,
        }
    }

    /// Returns the owner for the current page request or server function call.
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
