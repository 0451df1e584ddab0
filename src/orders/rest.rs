//! `/api/v1/orders`.

use super::checkout::{NewOrder, place_order};
use super::history::{find_order, list_events};
use super::order::{Order, OrderEvent};
use super::steps::{Command, clear_order, flag_order, perform};
use super::{Address, Delivery, Event, Payment, Status, Step, store};
use crate::accounts::{Person, User};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::Translations;
use crate::money::Currency;
use crate::server::{
    App, Cursor, IdempotencyKey, Json, OptionalJson, PageOf, Path, Query, created, ok, page_size,
};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::schema::{Object, Type};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_orders, create_order))
        .routes(routes!(read_order))
        .routes(routes!(read_events))
        .routes(routes!(flag))
        .routes(routes!(clear))
        .routes(routes!(take_step))
}

/// An order line: one product.
#[derive(Serialize, ToSchema)]
struct LineBody {
    product_id: i64,
    /// The product's name when the order was placed.
    name: String,
    #[schema(value_type = std::collections::HashMap<String, String>)]
    name_translations: Translations,
    unit_price: i64,
    quantity: i64,
    /// The quantity returned.
    returned: i64,
    total: i64,
}

/// An order. Amounts are in the currency's minor unit.
#[derive(Serialize, ToSchema)]
struct OrderBody {
    number: String,
    /// `placed`, `paid`, `packed`, `shipped`, `delivered`, `cancelled`, `expired`, `returned` or
    /// `refunded`.
    status: Status,
    customer_id: i64,
    items: Vec<LineBody>,
    subtotal: i64,
    delivery_fee: i64,
    total: i64,
    /// The part of `total` that was captured.
    captured: i64,
    /// The part of `captured` that was refunded.
    refunded: i64,
    currency: Currency,
    delivery: Delivery,
    payment: Payment,
    address: Address,
    /// True if staff must review the order before it goes on.
    flagged: bool,
    /// The number of events in the order's history.
    version: i64,
    /// The steps you may take next.
    steps: Vec<Step>,
    placed_at: Timestamp,
    updated_at: Timestamp,
    /// The time at which its stock is released unless it is paid.
    expires_at: Option<Timestamp>,
}

impl OrderBody {
    fn new(order: Order, user: &User) -> Self {
        let steps = order.steps_for(user);
        let state = order.state;
        let (subtotal, total) = (state.subtotal(), state.total());
        let line = |line: super::Line| LineBody {
            total: line.total(),
            product_id: line.product_id,
            name: line.name.first,
            name_translations: line.name.translations,
            unit_price: line.unit_price,
            quantity: line.quantity,
            returned: line.returned,
        };
        Self {
            number: order.number,
            status: state.status,
            customer_id: state.customer_id,
            items: state.items.into_iter().map(line).collect(),
            subtotal,
            delivery_fee: state.delivery_fee,
            total,
            captured: state.captured,
            refunded: state.refunded,
            currency: state.currency,
            delivery: state.delivery,
            payment: state.payment,
            address: state.address,
            flagged: state.flagged,
            version: state.version,
            steps,
            placed_at: state.placed_at,
            updated_at: state.updated_at,
            expires_at: state.expires_at,
        }
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct OrderPage {
    /// The page size, 1 to 100; 50 by default.
    limit: Option<i64>,
    /// The `next_cursor` of the previous page.
    cursor: String,
}

/// Lists orders, newest first. Staff see all orders, customers their own.
#[utoipa::path(get, path = "/orders", tag = "orders", params(OrderPage),
    responses((status = 200, body = PageOf<OrderBody>), (status = 401, description = "Nobody is signed in")))]
async fn list_orders(
    State(app): State<App>,
    Person(user): Person,
    Query(query): Query<OrderPage>,
) -> Result<Response, AppError> {
    let before = Cursor::before(&query.cursor)?;
    let size = page_size(query.limit);
    let customer = (!user.role.is_staff()).then_some(user.id);
    let mut conn = app.db.read().await?;
    let orders = store::list_orders(&mut conn, customer, before, size + 1).await?;
    let page = PageOf::from_rows(orders, size, |last| Cursor::new([&last.id]));
    Ok(ok(page.map(|order| OrderBody::new(order, &user))))
}

/// Places an order for `items`, or for your cart if absent.
/// With an `Idempotency-Key`, a repeated request returns the order placed by the first.
#[utoipa::path(post, path = "/orders", tag = "orders", request_body = NewOrder,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = OrderBody),
              (status = 409, description = "3401 out of stock, 3402 a price moved, 3403 the cart is empty, 3101 too little in the wallet"),
              (status = 422, description = "A field is at fault")))]
async fn create_order(
    State(app): State<App>,
    Person(user): Person,
    once: IdempotencyKey,
    Json(input): Json<NewOrder>,
) -> Result<Response, AppError> {
    let order = place_order(&app, &user, user.id, once, input).await?;
    let location = format!("/api/v1/orders/{}", order.number);
    Ok(created(&location, OrderBody::new(order, &user)))
}

/// Returns an order by its number.
#[utoipa::path(get, path = "/orders/{number}", tag = "orders", params(("number" = String, Path)),
    responses((status = 200, body = OrderBody), (status = 404, description = "No such order, or not yours")))]
async fn read_order(
    State(app): State<App>,
    Person(user): Person,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let order = find_order(&mut conn, &user, &number).await?;
    Ok(ok(OrderBody::new(order, &user)))
}

/// An event in an order's history.
#[derive(Serialize, ToSchema)]
struct EventBody {
    seq: i64,
    #[schema(schema_with = event_kinds)]
    kind: &'static str,
    #[schema(value_type = Object)]
    data: Value,
    actor: String,
    /// The trace ID of the originating request.
    trace_id: String,
    at: Timestamp,
}

fn event_kinds() -> Object {
    let words = Object::builder().schema_type(Type::String);
    words.enum_values(Some(Event::KINDS)).build()
}

impl From<OrderEvent> for EventBody {
    fn from(written: OrderEvent) -> Self {
        let kind = written.event.kind();
        let mut event = serde_json::to_value(written.event).unwrap_or_default();
        Self {
            seq: written.seq,
            kind,
            data: event["data"].take(),
            actor: written.actor,
            trace_id: written.trace_id,
            at: written.at,
        }
    }
}

/// Lists an order's events, oldest first.
#[utoipa::path(get, path = "/orders/{number}/events", tag = "orders", params(("number" = String, Path)),
    responses((status = 200, body = PageOf<EventBody>), (status = 404, description = "No such order, or not yours")))]
async fn read_events(
    State(app): State<App>,
    Person(user): Person,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let order = find_order(&mut conn, &user, &number).await?;
    let events = list_events(&mut conn, order.id).await?;
    let events = events.into_iter().map(EventBody::from).collect();
    Ok(ok(PageOf::whole(events)))
}

/// Takes a step with an order: `pay`, `pack`, `ship`, `deliver`, `cancel`, `return` or `refund`.
#[utoipa::path(post, path = "/orders/{number}/{step}", tag = "orders", request_body = Command,
    params(("number" = String, Path), ("step" = Step, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = OrderBody), (status = 403, description = "Staff only"),
              (status = 404, description = "No such order, or not yours"),
              (status = 409, description = "3404 not from where it is, 3406 flagged, 3407 nothing left, 3101 too little in the wallet"),
              (status = 422, description = "A field is at fault")))]
async fn take_step(
    State(app): State<App>,
    Person(user): Person,
    once: IdempotencyKey,
    Path((number, step)): Path<(String, String)>,
    OptionalJson(command): OptionalJson<Command>,
) -> Result<Response, AppError> {
    let step: Step = step.parse().map_err(|_| AppError::not_found("step"))?;
    let order = perform(&app, &user, &number, step, once, command).await?;
    Ok(ok(OrderBody::new(order, &user)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Flag {
    /// The reason why the order is held back.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
    /// The version of the order that this is based on. 409 if it is given and no longer current.
    version: Option<i64>,
}

/// Flags an order: it is neither packed nor shipped until the flag is cleared. Staff only.
#[utoipa::path(post, path = "/orders/{number}/flag", tag = "orders", request_body = Flag,
    params(("number" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = OrderBody), (status = 404, description = "No such order, or you are not staff"),
              (status = 409, description = "3410 flagged already, or too late to hold it back"),
              (status = 422, description = "A field is at fault")))]
async fn flag(
    State(app): State<App>,
    Person(user): Person,
    once: IdempotencyKey,
    Path(number): Path<String>,
    Json(Flag { reason, version }): Json<Flag>,
) -> Result<Response, AppError> {
    let order = flag_order(&app, &user, &number, version, once, &reason).await?;
    Ok(ok(OrderBody::new(order, &user)))
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct Clear {
    /// The version of the order that this is based on. 409 if it is given and no longer current.
    version: Option<i64>,
}

/// Clears an order's flag, so that the order can go on. Staff only.
#[utoipa::path(post, path = "/orders/{number}/clear", tag = "orders", request_body = Clear,
    params(("number" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = OrderBody), (status = 404, description = "No such order, or you are not staff"),
              (status = 409, description = "3410 not flagged"), (status = 422, description = "A field is at fault")))]
async fn clear(
    State(app): State<App>,
    Person(user): Person,
    once: IdempotencyKey,
    Path(number): Path<String>,
    OptionalJson(Clear { version }): OptionalJson<Clear>,
) -> Result<Response, AppError> {
    let order = clear_order(&app, &user, &number, version, once).await?;
    Ok(ok(OrderBody::new(order, &user)))
}
