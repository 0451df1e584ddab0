//! The response to the cart's island, with the headers that go to the browser with it.

use super::CartAnswer;
use super::owner::CartOwner;
use super::writes::{Clicked, Price, add_product, set_quantity};
use crate::error::{AppError, Kind};
use crate::i18n::t;
use crate::server::app;
use crate::server::forms::{DROP_PREFETCHED, is_about_the_input};
use axum::http::{HeaderName, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

pub async fn change(product: i64, quantity: i64, more: bool) -> Result<CartAnswer, AppError> {
    let (app, owner) = (app(), CartOwner::current());
    let written = if more {
        add_product(&app, owner, Clicked::InPlace, product, quantity).await
    } else {
        set_quantity(&app, owner, product, quantity, Price::AsSeen).await
    };
    let written = match written {
        Err(error) if is_about_the_input(&error) || error.kind == Kind::NotFound => {
            return Ok(CartAnswer {
                said: words(error),
                ..CartAnswer::default()
            });
        }
        written => written?,
    };
    if let Some(response) = use_context::<ResponseOptions>() {
        response.append_header(HeaderName::from_static("clear-site-data"), DROP_PREFETCHED);
        if let Some(cookie) = written.set_cookie(&app) {
            response.append_header(header::SET_COOKIE, cookie);
        }
    }
    let said = more.then(|| t!("cart-added", product = written.name_of(product)));
    Ok(CartAnswer {
        agreed: true,
        count: written.cart.count(),
        at: app.clock.now().micros(),
        said: said.unwrap_or_default(),
    })
}

/// Returns the refusal as one text: what is wrong, and with a field what to do about it.
pub fn words(error: AppError) -> String {
    let advice = error.errors.into_values();
    let message = Some(error.message).filter(|_| error.kind != Kind::Invalid);
    let all: Vec<String> = message.into_iter().chain(advice).collect();
    all.join(" ")
}
