//! The forms on the pages of orders.

use super::checkout::{NewOrder, place_order, read_address, read_seen};
use super::history::find_order;
use super::order::Order;
use super::steps::{Command, clear_order, flag_order, perform};
use super::{RefundTo, ReturnedLine, Step, checkout, list};
use crate::accounts::{Person, User};
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::money::Money;
use crate::server::forms::{Fields, form_below};
use crate::server::{App, IdempotencyKey, Path, Posted, Query, done};
use crate::ui::Flash;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

pub fn router() -> Router<App> {
    Router::new()
        .route("/checkout", post(checkout_form))
        .route("/orders/{number}/{step}", form_below(step_form))
        .merge(checkout::form_router())
        .merge(list::form_router())
}

/// The query parameters with which a checkout button overrides the form's fields.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Instead {
    payment: Option<String>,
}

async fn checkout_form(
    State(app): State<App>,
    Person(user): Person,
    Query(instead): Query<Instead>,
    Posted(fields): Posted<Fields>,
) -> Result<Response, AppError> {
    let payment = instead.payment.as_deref();
    let input = NewOrder {
        items: None,
        address: read_address(&fields),
        delivery: fields.text("delivery").to_owned(),
        payment: payment.unwrap_or(fields.text("payment")).to_owned(),
        seen: read_seen(fields.text("seen")),
    };
    let once = IdempotencyKey::from_field(fields.text("idempotency_key"));
    let order = place_order(&app, &user, user.id, once, input).await?;
    Ok(done(&format!("{}/thanks", order.path()), None))
}

async fn step_form(
    State(app): State<App>,
    Person(user): Person,
    Path((number, step)): Path<(String, String)>,
    Posted(fields): Posted<Fields>,
) -> Result<Response, AppError> {
    let once = IdempotencyKey::from_field(fields.text("idempotency_key"));
    let version = fields.text("version").parse().ok();
    let (order, said) = match step.as_str() {
        "flag" => {
            let reason = fields.text("reason");
            let order = flag_order(&app, &user, &number, version, once, reason).await?;
            let said = t!("orders-done-flag", number = &order.number);
            (order, said)
        }
        "clear" => {
            let order = clear_order(&app, &user, &number, version, once).await?;
            let said = t!("orders-done-clear", number = &order.number);
            (order, said)
        }
        word => {
            let step: Step = word.parse().map_err(|_| AppError::not_found("step"))?;
            let command = read_command(&app, &user, &number, step, &fields).await?;
            let order = perform(&app, &user, &number, step, once, command).await?;
            let said = done_words(step, &order.number);
            (order, said)
        }
    };
    Ok(done(&order.path(), Flash::good(said)))
}

fn done_words(step: Step, number: &str) -> String {
    match step {
        Step::Pay => t!("orders-done-pay", number = number),
        Step::Pack => t!("orders-done-pack", number = number),
        Step::Ship => t!("orders-done-ship", number = number),
        Step::Deliver => t!("orders-done-deliver", number = number),
        Step::Cancel => t!("orders-done-cancel", number = number),
        Step::Expire => t!("orders-done-expire", number = number),
        Step::Return => t!("orders-done-return", number = number),
        Step::Refund => t!("orders-done-refund", number = number),
    }
}

/// Reads the step's form fields. Looks the order up first, so that nobody who may not see it learns anything.
async fn read_command(
    app: &App,
    user: &User,
    number: &str,
    step: Step,
    fields: &Fields,
) -> Result<Command, AppError> {
    let mut conn = app.db.read().await?;
    let order = find_order(&mut conn, user, number).await?;
    drop(conn);
    let mut command = Command {
        reason: fields.text("reason").to_owned(),
        version: fields.text("version").parse().ok(),
        ..Command::default()
    };
    match step {
        Step::Ship => {
            command.carrier = fields.text("carrier").to_owned();
            command.tracking = fields.text("tracking").to_owned();
        }
        Step::Return => {
            command.items = Some(read_returned(fields)?);
            command.restock = Some(fields.has("restock"));
        }
        Step::Refund => read_refund(&mut command, &order, fields)?,
        _ => {}
    }
    Ok(command)
}

/// Reads the quantities by product from the fields `quantity.12` and so on. An empty field counts as 0.
fn read_returned(fields: &Fields) -> Result<Vec<ReturnedLine>, AppError> {
    let mut faults = Faults::default();
    let mut items = Vec::new();
    for (product, quantity) in fields.beginning("quantity.") {
        let field = format!("quantity.{product}");
        let quantity = match quantity.trim() {
            "" => Ok(0),
            text => text
                .parse::<i64>()
                .map_err(|_| t!("orders-return-how-many")),
        };
        let (Ok(product_id), Some(quantity)) = (product.parse(), faults.check(&field, quantity))
        else {
            continue;
        };
        items.push(ReturnedLine {
            product_id,
            quantity,
        });
    }
    faults.finish().map(|()| items)
}

fn read_refund(command: &mut Command, order: &Order, fields: &Fields) -> Result<(), AppError> {
    let mut faults = Faults::default();
    let amount = Money::parse(fields.text("amount"), order.state.currency);
    command.amount = faults.check("amount", amount).map(|money| money.minor);
    command.to = faults.check(
        "to",
        match fields.text("to") {
            "" | "wallet" => Ok(RefundTo::Wallet),
            "bank" => Ok(RefundTo::Bank),
            _ => {
                let words = RefundTo::ALL.map(RefundTo::as_str).join(", ");
                Err(t!("orders-choose-one-of", words = words))
            }
        },
    );
    faults.finish()
}
