//! The cart's forms, on its own page and wherever something can be added to it.

use super::owner::CartOwner;
use super::store::CartItem;
use super::writes::{
    Clicked, Price, Written, accept_prices, add_product, remove_product, restore_product,
    set_quantity,
};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::forms::{form, same_site_referer};
use crate::server::{App, IdempotencyKey, Path, Posted, Query, done};
use crate::ui::Flash;
use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::Response;
use serde::Deserialize;

const CART: &str = "/cart";

pub fn router() -> Router<App> {
    Router::new()
        .route("/cart/items", form(CART, add_form))
        .route("/cart/items/{product_id}", form(CART, set_form))
        .route("/cart/items/{product_id}/remove", form(CART, remove_form))
        .route("/cart/items/{product_id}/restore", form(CART, restore_form))
        .route("/cart/seen", form(CART, seen_form))
}

/// Builds the response after a change, with its message and the visitor's cookie.
fn answer(app: &App, written: &Written, path: &str, flash: impl Into<Option<Flash>>) -> Response {
    let mut response = done(path, flash);
    if let Some(cookie) = written.set_cookie(app) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Parses a quantity as typed.
fn read_quantity(text: &str) -> Result<i64, AppError> {
    let wrong = |_| AppError::invalid("quantity", t!("cart-whole-number"));
    text.trim().parse().map_err(wrong)
}

#[derive(Deserialize)]
struct AddForm {
    product_id: i64,
    quantity: Option<String>,
    #[serde(default)]
    idempotency_key: String,
}

/// Redirects back to where the product was added from: people often want more than one thing.
async fn add_form(
    State(app): State<App>,
    owner: CartOwner,
    parts: Parts,
    Posted(form): Posted<AddForm>,
) -> Result<Response, AppError> {
    let quantity = form.quantity.as_deref().map_or(Ok(1), read_quantity)?;
    let once = IdempotencyKey::from_field(&form.idempotency_key);
    let product = form.product_id;
    let written = add_product(&app, owner, Clicked::Form(once), product, quantity).await?;
    let back = same_site_referer(&parts).map_or_else(|| CART.to_owned(), |uri| uri.to_string());
    let said = t!("cart-added", product = written.name_of(product));
    Ok(answer(&app, &written, &back, Flash::good(said)))
}

#[derive(Deserialize)]
struct SetForm {
    quantity: String,
}

async fn set_form(
    State(app): State<App>,
    owner: CartOwner,
    Path(product): Path<i64>,
    Posted(form): Posted<SetForm>,
) -> Result<Response, AppError> {
    match read_quantity(&form.quantity)? {
        0 => remove(&app, owner, product).await,
        quantity => {
            let written = set_quantity(&app, owner, product, quantity, Price::AsSeen).await?;
            let said = t!(
                "cart-quantity-set",
                product = written.name_of(product),
                quantity = quantity
            );
            Ok(answer(&app, &written, CART, Flash::good(said)))
        }
    }
}

async fn remove_form(
    State(app): State<App>,
    owner: CartOwner,
    Path(product): Path<i64>,
) -> Result<Response, AppError> {
    remove(&app, owner, product).await
}

/// Removes the product. The message carries all that is needed to restore it as it was.
async fn remove(app: &App, owner: CartOwner, product: i64) -> Result<Response, AppError> {
    let (written, removed) = remove_product(app, owner, product).await?;
    let flash = removed.map(|line| {
        let back = format!(
            "/cart/items/{product}/restore?quantity={}&seen={}&added={}",
            line.quantity,
            line.seen_price,
            line.added_at.micros()
        );
        let said = t!("cart-removed", product = line.name.shown());
        Flash::good(said).with_undo(back, t!("cart-undo"))
    });
    Ok(answer(app, &written, CART, flash))
}

#[derive(Deserialize)]
struct Removed {
    quantity: i64,
    seen: i64,
    added: i64,
}

async fn restore_form(
    State(app): State<App>,
    owner: CartOwner,
    Path(product): Path<i64>,
    Query(removed): Query<Removed>,
) -> Result<Response, AppError> {
    let item = CartItem {
        product_id: product,
        quantity: removed.quantity,
        seen_price: removed.seen,
        added_at: Timestamp(removed.added),
    };
    let written = restore_product(&app, owner, item).await?;
    let said = t!("cart-restored", product = written.name_of(product));
    Ok(answer(&app, &written, CART, Flash::good(said)))
}

/// Accepts new prices. Each field `seen` holds a product's id and the price shown for it: `12:19900`.
async fn seen_form(
    State(app): State<App>,
    owner: CartOwner,
    Posted(fields): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let seen = fields.iter().filter(|(name, _)| name == "seen");
    let seen = seen.filter_map(|(_, value)| {
        let (product, price) = value.split_once(':')?;
        Some((product.parse().ok()?, price.parse().ok()?))
    });
    let written = accept_prices(&app, owner, seen.collect()).await?;
    let said = Flash::good(t!("cart-prices-seen"));
    Ok(answer(&app, &written, CART, said))
}
