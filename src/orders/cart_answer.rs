//! What the cart's islands are told, and what goes with it to the browser.

use super::cart_writing::Written;
use super::{CartAnswer, CartCount};
use crate::error::{AppError, Kind};
use crate::server::App;
use crate::server::forms::{DROP_PREFETCHED, is_about_the_input};
use axum::http::{HeaderName, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// How many things there are now, and what to say. A refusal is an answer as well: the island takes
/// back what it showed ahead of it, and says why.
pub fn answer(
    app: &App,
    written: Result<Written, AppError>,
    said: impl FnOnce(&Written) -> String,
) -> Result<CartAnswer, AppError> {
    let written = match written {
        Ok(written) => written,
        Err(error) if is_about_the_input(&error) || error.kind == Kind::NotFound => {
            return Ok(Err(words(error)));
        }
        Err(error) => return Err(error),
    };
    if let Some(response) = use_context::<ResponseOptions>() {
        response.append_header(HeaderName::from_static("clear-site-data"), DROP_PREFETCHED);
        if let Some(cookie) = written.set_cookie(app) {
            response.append_header(header::SET_COOKIE, cookie);
        }
    }
    Ok(Ok(CartCount {
        count: written.cart.count(),
        at: app.clock.now().micros(),
        said: said(&written),
    }))
}

/// The refusal as one text: what is wrong, and with a field what to do about it.
fn words(error: AppError) -> String {
    let advice = error.errors.into_values();
    let message = Some(error.message).filter(|_| error.kind != Kind::Invalid);
    let all: Vec<String> = message.into_iter().chain(advice).collect();
    all.join(" ")
}
