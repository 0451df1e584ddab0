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

/// What there is to know: `price_moved`, or what keeps the line from being ordered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum NoteKind {
    PriceMoved,
    TooFew,
    SoldOut,
    NotForSale,
}

/// Something to know about a line.
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
    /// What one costs now, in the currency's minor unit.
    price: i64,
    /// What one cost when it was last seen in the cart.
    seen_price: i64,
    /// How much of it can be had now.
    availability: StockLevel,
    /// How many those are. For staff alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    available: Option<i64>,
    /// Whether it is for sale.
    active: bool,
    /// Quantity times price; zero where it cannot be had.
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
    /// In the order they were put in.
    items: Vec<CartItemBody>,
    /// How many things are in it, whether or not they can be had.
    count: i64,
    /// What all that can be had costs, without delivery.
    subtotal: i64,
    currency: Currency,
    /// Whether all of it can be ordered as it is.
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

/// The visitor's cookie goes with the answer.
fn with_cookie(cookie: Option<HeaderValue>, mut response: Response) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Your cart, with the products as they are now. With a token it is yours, with the cookie a visitor's.
#[utoipa::path(get, path = "/cart", operation_id = "read_cart", tag = "cart", security(()), responses((status = 200, body = CartBody)))]
async fn read(
    State(app): State<App>,
    viewer: Viewer,
    owner: CartOwner,
) -> Result<Response, AppError> {
    let cart = read_cart(&app, &owner).await?;
    Ok(ok(CartBody::new(cart, &app, viewer.is_staff())))
}

/// Take everything out of your cart.
#[utoipa::path(delete, path = "/cart", operation_id = "empty_cart", tag = "cart", security(()), responses((status = 204, description = "It is empty")))]
async fn delete_all(State(app): State<App>, owner: CartOwner) -> Result<Response, AppError> {
    let written = remove_all(&app, owner).await?;
    Ok(with_cookie(written.set_cookie(&app), no_content()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Quantity {
    /// 0 to 999; 0 takes the product out.
    #[schema(minimum = 0, maximum = 999)]
    quantity: i64,
}

/// Set how many of a product are in your cart, at its present price. The same again changes nothing. A
/// visitor without a cart gets one, and the cookie that leads to it.
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

/// Take a product out of your cart.
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
