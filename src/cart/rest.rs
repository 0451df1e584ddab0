//! `/api/v1/cart`: a person's cart for a program with their token, the visitor's for one with the cookie.

use super::contents::{Cart, CartLine, read_cart};
use super::owner::CartOwner;
use super::rules::LineState;
use super::writes::{Price, remove_all, remove_product, set_quantity};
use crate::accounts::Viewer;
use crate::catalog::StockLevel;
use crate::error::AppError;
use crate::i18n::{Translations, t};
use crate::money::{Currency, Money};
use crate::server::{App, Json, Path, no_content, ok};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read, delete_all))
        .routes(routes!(put_item, delete_item))
}

/// The kind of a note: `price_moved`, or the reason the line cannot be ordered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum NoteKind {
    PriceMoved,
    TooFew,
    SoldOut,
    NotForSale,
}

/// A note about a line.
#[derive(Serialize, ToSchema)]
struct NoteBody {
    kind: NoteKind,
    message: String,
}

/// A product in a cart.
#[derive(Serialize, ToSchema)]
struct CartItemBody {
    product_id: i64,
    slug: String,
    name: String,
    #[schema(value_type = std::collections::HashMap<String, String>)]
    name_translations: Translations,
    image_url: Option<String>,
    quantity: i64,
    /// The current unit price, in the currency's minor unit.
    price: i64,
    /// The unit price when it was last seen in the cart.
    seen_price: i64,
    /// The current availability.
    availability: StockLevel,
    /// The quantity available. Staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    available: Option<i64>,
    /// True if the product is for sale.
    active: bool,
    /// Quantity times price; zero if unavailable.
    total: i64,
    notes: Vec<NoteBody>,
}

impl CartItemBody {
    fn new(line: CartLine, app: &App, currency: Currency, staff: bool) -> Self {
        let counts = line.state().counts();
        Self {
            total: if counts { line.total() } else { 0 },
            notes: notes(&line, currency),
            product_id: line.product_id,
            slug: line.slug,
            name: line.name.first,
            name_translations: line.name.translations,
            image_url: line.picture.map(|picture| picture.small_url(&app.files)),
            quantity: line.quantity,
            price: line.price,
            seen_price: line.seen_price,
            availability: StockLevel::of(line.available),
            available: staff.then(|| line.available.max(0)),
            active: line.active,
        }
    }
}

fn notes(line: &CartLine, currency: Currency) -> Vec<NoteBody> {
    let trouble = line.trouble().and_then(|message| {
        let kind = match line.state() {
            LineState::Good => return None,
            LineState::TooFew => NoteKind::TooFew,
            LineState::SoldOut => NoteKind::SoldOut,
            LineState::NotForSale => NoteKind::NotForSale,
        };
        Some(NoteBody { kind, message })
    });
    let moved = line.has_moved().then(|| {
        let [was, now] = [line.seen_price, line.price].map(|minor| Money::new(minor, currency));
        NoteBody {
            kind: NoteKind::PriceMoved,
            message: t!(
                "cart-line-price-moved",
                was = was.to_string(),
                now = now.to_string()
            ),
        }
    });
    trouble.into_iter().chain(moved).collect()
}

/// A cart. Amounts are in the currency's minor unit.
#[derive(Serialize, ToSchema)]
struct CartBody {
    /// In the order they were added.
    items: Vec<CartItemBody>,
    /// The number of items in the cart, available or not.
    count: i64,
    /// The sum of all lines of which at least one item is available, without delivery.
    subtotal: i64,
    currency: Currency,
    /// True if all of it can be ordered as it is.
    orderable: bool,
}

impl CartBody {
    fn new(cart: Cart, app: &App, staff: bool) -> Self {
        let currency = cart.currency;
        Self {
            count: cart.count(),
            subtotal: cart.subtotal().minor,
            orderable: cart.is_orderable(),
            items: cart
                .lines
                .into_iter()
                .map(|line| CartItemBody::new(line, app, currency, staff))
                .collect(),
            currency,
        }
    }
}

/// Adds the visitor's cookie to the response.
fn with_cookie(cookie: Option<HeaderValue>, mut response: Response) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Your cart, with the products as they are now: yours with a token, a visitor's with the cookie.
#[utoipa::path(get, path = "/cart", operation_id = "read_cart", tag = "cart", security(()), responses((status = 200, body = CartBody)))]
async fn read(
    State(app): State<App>,
    viewer: Viewer,
    owner: CartOwner,
) -> Result<Response, AppError> {
    let cart = read_cart(&app, &owner).await?;
    Ok(ok(CartBody::new(cart, &app, viewer.is_staff())))
}

/// Remove everything from your cart.
#[utoipa::path(delete, path = "/cart", operation_id = "empty_cart", tag = "cart", security(()), responses((status = 204, description = "It is empty")))]
async fn delete_all(State(app): State<App>, owner: CartOwner) -> Result<Response, AppError> {
    let written = remove_all(&app, owner).await?;
    Ok(with_cookie(written.set_cookie(&app), no_content()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Quantity {
    /// 0 to 999; 0 removes the product.
    #[schema(minimum = 0, maximum = 999)]
    quantity: i64,
}

/// Set the quantity of a product in your cart, at its current price. A repeated request changes
/// nothing. A visitor without a cart gets one, with its cookie.
#[utoipa::path(put, path = "/cart/items/{product_id}", operation_id = "put_cart_item", tag = "cart", security(()), request_body = Quantity,
    params(("product_id" = i64, Path)),
    responses((status = 200, body = CartBody), (status = 404, description = "No such product"),
              (status = 409, description = "3401 too few left, 3408 the cart is full, 3409 not for sale"),
              (status = 422, description = "A field is at fault")))]
async fn put_item(
    State(app): State<App>,
    viewer: Viewer,
    owner: CartOwner,
    Path(product): Path<i64>,
    Json(Quantity { quantity }): Json<Quantity>,
) -> Result<Response, AppError> {
    let written = set_quantity(&app, owner, product, quantity, Price::Now).await?;
    let cookie = written.set_cookie(&app);
    let body = CartBody::new(written.cart, &app, viewer.is_staff());
    Ok(with_cookie(cookie, ok(body)))
}

/// Remove a product from your cart.
#[utoipa::path(delete, path = "/cart/items/{product_id}", operation_id = "delete_cart_item", tag = "cart", security(()), params(("product_id" = i64, Path)),
    responses((status = 204, description = "Not in the cart, now or before")))]
async fn delete_item(
    State(app): State<App>,
    owner: CartOwner,
    Path(product): Path<i64>,
) -> Result<Response, AppError> {
    let (written, _) = remove_product(&app, owner, product).await?;
    Ok(with_cookie(written.set_cookie(&app), no_content()))
}
