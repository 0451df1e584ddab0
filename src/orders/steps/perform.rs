//! Taking an order's steps: their effects on stock and ledger. `orders/rules.rs` says who may take them.

use super::stock;
use crate::accounts::User;
use crate::catalog::restock;
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::ledger::Purchase;
use crate::money::Money;
use crate::orders::history::{lock_order, no_such_order};
use crate::orders::order::{By, Order};
use crate::orders::{
    Actor, Event, Payment, RefundTo, ReturnedLine, Status, Step, check_reason, store,
};
use crate::server::idempotency::{Attempt, complete, reserve};
use crate::server::{App, Conn, IdempotencyKey};
use serde::{Deserialize, Serialize};

/// Error code: the step is not possible from the order's current status.
pub const ILLEGAL_STEP: u16 = 3404;

/// The input of a step. Leave out the fields that do not belong to the step.
#[derive(Clone, Debug, Default, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Command {
    /// The reason for a cancellation, return or refund. At most 200 characters.
    #[schema(max_length = 200)]
    pub reason: String,
    /// The carrier of the parcel. At most 200 characters.
    #[schema(max_length = 200)]
    pub carrier: String,
    /// The carrier's tracking number.
    #[schema(max_length = 200)]
    pub tracking: String,
    /// The items returned.
    #[serde(deserialize_with = "crate::server::some_objects")]
    pub items: Option<Vec<ReturnedLine>>,
    /// True (the default) if the returned items can be sold again.
    pub restock: Option<bool>,
    /// The amount to refund, in minor units.
    #[schema(minimum = 1)]
    pub amount: Option<i64>,
    /// Instead of `items` or `amount`: returns all items still out, or refunds all that is left.
    pub all: bool,
    /// The destination of a refund: `wallet` (the default) or `bank`.
    pub to: Option<RefundTo>,
    /// The version of the order that this is based on. 409 if it is given and no longer current.
    pub version: Option<i64>,
}

impl Command {
    fn check(mut self) -> Result<Self, AppError> {
        let mut faults = Faults::default();
        let mut line =
            |field, text: &str| faults.check(field, check_reason(text)).unwrap_or_default();
        self.reason = line("reason", &self.reason);
        self.carrier = line("carrier", &self.carrier);
        self.tracking = line("tracking", &self.tracking);
        if self.amount.is_some_and(|amount| amount <= 0) {
            faults.check("amount", Err::<(), _>(t!("orders-refund-nothing")));
        }
        faults.finish().map(|()| self)
    }

    /// Returns the `part` that a return or refund moves, or `None` if all was asked for. An error unless
    /// exactly one of the two was given.
    fn part_of<'a, T>(
        &self,
        part: Option<&'a T>,
        field: &str,
        missing: &str,
    ) -> Result<Option<&'a T>, AppError> {
        if part.is_some() == self.all {
            return Err(AppError::invalid(field, missing));
        }
        Ok(part)
    }
}

/// Takes the step on order `number`, once per idempotency key.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn perform(
    app: &App,
    user: &User,
    number: &str,
    step: Step,
    once: IdempotencyKey,
    command: Command,
) -> Result<Order, AppError> {
    let command = command.check()?;
    let (user, by, now) = (user.clone(), By::user(user), app.clock.now());
    let number = number.to_owned();
    let order = app
        .db
        .write_grouped(move |conn| {
            Box::pin(async move {
                let stands_for = ("order step", &number, step, &command);
                let reserved = match reserve(conn, user.id, &once, &stands_for, now).await? {
                    Attempt::First(reserved) => reserved,
                    Attempt::Repeat(id) => return store::read_order(conn, id).await,
                };
                let mut order = lock_order(conn, &number).await?;
                if !order.is_open_to(&user) {
                    return Err(no_such_order());
                }
                perform_within(conn, &mut order, step, &command, &by, now).await?;
                complete(conn, reserved, order.id).await?;
                Ok(order)
            })
        })
        .await?;
    tracing::info!(
        order.number = order.number,
        order.step = step.as_str(),
        "Order step taken"
    );
    Ok(order)
}

/// Takes the step within the caller's transaction. The caller has locked the order.
pub async fn perform_within(
    conn: &mut Conn,
    order: &mut Order,
    step: Step,
    command: &Command,
    by: &By,
    now: Timestamp,
) -> Result<(), AppError> {
    check_step(order, step, command, by)?;
    match step {
        Step::Pay => pay(conn, order, by, now).await,
        Step::Pack => pack(conn, order, by, now).await,
        Step::Ship => ship(conn, order, command, by, now).await,
        Step::Deliver => order.append(conn, Event::Delivered {}, by, now).await,
        Step::Cancel => cancel(conn, order, command, by, now).await,
        Step::Expire => {
            stock::release(conn, order, now).await?;
            order.append(conn, Event::Expired {}, by, now).await
        }
        Step::Return => take_back(conn, order, command, by, now).await,
        Step::Refund => {
            let missing = t!("orders-refund-missing");
            let part = command.part_of(command.amount.as_ref(), "amount", missing)?;
            let amount = part.map_or_else(|| order.state.refundable(), |amount| *amount);
            refund(conn, order, amount, command, by, now).await
        }
    }
}

fn check_step(order: &Order, step: Step, command: &Command, by: &By) -> Result<(), AppError> {
    if command
        .version
        .is_some_and(|version| version != order.state.version)
    {
        return Err(AppError::stale("order"));
    }
    let status = order.state.status;
    if step.leads(status, by.role).is_some() {
        // A parcel that the carrier already has can no longer be held back, flagged or not.
        let has_left = step == Step::Ship && by.role == Actor::System;
        let outcome = if has_left { Ok(()) } else { order.allows(step) };
        return outcome.map_err(|error| AppError {
            message: t!(
                "orders-refused-next",
                refusal = error.message,
                next = next_steps(order, by)
            ),
            ..error
        });
    }
    if by.role == Actor::Customer && step.leads(status, Actor::Staff).is_some() {
        return Err(AppError::forbidden(t!("orders-staff-only")));
    }
    let next = next_steps(order, by);
    let (status, step) = (status.label().to_lowercase(), step.label().to_lowercase());
    let message = t!(
        "orders-refused-step",
        state = status,
        step = step,
        next = next
    );
    Err(AppError::conflict(ILLEGAL_STEP, message))
}

/// Describes the steps that are possible instead.
fn next_steps(order: &Order, by: &By) -> String {
    let mut possible = Step::possible(order.state.status, by.role);
    possible.retain(|step| order.allows(*step).is_ok());
    if possible.is_empty() {
        return t!("orders-steps-none").to_owned();
    }
    let steps = possible.into_iter().map(|step| step.label().to_lowercase());
    let steps = steps.collect::<Vec<_>>().join(t!("orders-comma"));
    t!("orders-steps-possible", steps = steps)
}

fn purchase<'a>(order: &'a Order, by: &By, now: Timestamp) -> Purchase<'a> {
    Purchase {
        number: &order.number,
        customer: order.state.customer_id,
        currency: order.state.currency,
        actor: by.user_id,
        now,
    }
}

/// Holds the price in the customer's wallet, which makes the order paid.
pub async fn set_aside(
    conn: &mut Conn,
    order: &mut Order,
    by: &By,
    now: Timestamp,
) -> Result<(), AppError> {
    let amount = order.state.total();
    purchase(order, by, now).hold(conn, amount).await?;
    let paid = Event::Paid {
        by: Payment::Wallet,
        amount,
    };
    order.append(conn, paid, by, now).await
}

/// Pays the order: customers from the wallet; staff and the bank's messages report money received, which goes
/// through the wallet as well.
async fn pay(conn: &mut Conn, order: &mut Order, by: &By, now: Timestamp) -> Result<(), AppError> {
    if by.role == Actor::Customer {
        return set_aside(conn, order, by, now).await;
    }
    let amount = order.state.total();
    let purchase = purchase(order, by, now);
    purchase.pay_in(conn, amount).await?;
    purchase.hold(conn, amount).await?;
    let paid = Event::Paid {
        by: Payment::Invoice,
        amount,
    };
    order.append(conn, paid, by, now).await
}

async fn pack(conn: &mut Conn, order: &mut Order, by: &By, now: Timestamp) -> Result<(), AppError> {
    let captured = order.state.held;
    purchase(order, by, now).capture(conn, captured).await?;
    order
        .append(conn, Event::Packed { captured }, by, now)
        .await
}

async fn ship(
    conn: &mut Conn,
    order: &mut Order,
    command: &Command,
    by: &By,
    now: Timestamp,
) -> Result<(), AppError> {
    stock::ship(conn, order, now).await?;
    let shipped = Event::Shipped {
        carrier: command.carrier.clone(),
        tracking: command.tracking.clone(),
    };
    order.append(conn, shipped, by, now).await
}

/// Releases the stock, and returns the money, whether still held or already captured.
async fn cancel(
    conn: &mut Conn,
    order: &mut Order,
    command: &Command,
    by: &By,
    now: Timestamp,
) -> Result<(), AppError> {
    stock::release(conn, order, now).await?;
    purchase(order, by, now)
        .void(conn, order.state.held)
        .await?;
    let cancelled = Event::Cancelled {
        reason: command.reason.clone(),
    };
    order.append(conn, cancelled, by, now).await?;
    match order.state.refundable() {
        0 => Ok(()),
        rest => give_back(conn, order, rest, command, by, now).await,
    }
}

async fn take_back(
    conn: &mut Conn,
    order: &mut Order,
    command: &Command,
    by: &By,
    now: Timestamp,
) -> Result<(), AppError> {
    let items = returned_lines(order, command)?;
    let restocked = command.restock.unwrap_or(true);
    if restocked {
        let reason = t!("orders-return-stock-reason", number = &order.number);
        for item in &items {
            let ReturnedLine {
                product_id,
                quantity,
            } = *item;
            restock(conn, product_id, quantity, &reason, by.user_id, now).await?;
        }
    }
    let returned = Event::Returned {
        items,
        restocked,
        reason: command.reason.clone(),
    };
    order.append(conn, returned, by, now).await
}

/// Returns the lines to take back, in order of product id: no more of each than is still out.
fn returned_lines(order: &Order, command: &Command) -> Result<Vec<ReturnedLine>, AppError> {
    let out = order.state.items.iter().map(|line| ReturnedLine {
        product_id: line.product_id,
        quantity: line.quantity - line.returned,
    });
    let mut out: Vec<ReturnedLine> = out.filter(|line| line.quantity > 0).collect();
    out.sort_unstable_by_key(|line| line.product_id);
    let missing = t!("orders-return-missing");
    let Some(asked) = command.part_of(command.items.as_ref(), "items", missing)? else {
        return Ok(out);
    };
    let mut back: Vec<ReturnedLine> = Vec::new();
    for item in asked.iter().filter(|item| item.quantity != 0) {
        match back
            .iter_mut()
            .find(|line| line.product_id == item.product_id)
        {
            Some(line) => line.quantity = line.quantity.saturating_add(item.quantity),
            None => back.push(item.clone()),
        }
    }
    back.sort_unstable_by_key(|line| line.product_id);
    let fits = |item: &ReturnedLine| {
        let line = out.iter().find(|line| line.product_id == item.product_id);
        line.is_some_and(|line| (1..=line.quantity).contains(&item.quantity))
    };
    let sound = asked.iter().all(|item| item.quantity >= 0);
    if !sound || back.is_empty() || !back.iter().all(fits) {
        let message = t!("orders-return-wrong");
        return Err(AppError::invalid("items", message));
    }
    Ok(back)
}

async fn refund(
    conn: &mut Conn,
    order: &mut Order,
    amount: i64,
    command: &Command,
    by: &By,
    now: Timestamp,
) -> Result<(), AppError> {
    let left = order.state.refundable();
    if amount > left {
        let left = Money::new(left, order.state.currency).to_string();
        let message = t!("orders-refund-too-much", most = left);
        return Err(AppError::invalid("amount", message));
    }
    if amount == left && order.state.status == Status::Packed {
        let message = t!("orders-refund-cancel-instead");
        return Err(AppError::conflict(ILLEGAL_STEP, message));
    }
    give_back(conn, order, amount, command, by, now).await
}

async fn give_back(
    conn: &mut Conn,
    order: &mut Order,
    amount: i64,
    command: &Command,
    by: &By,
    now: Timestamp,
) -> Result<(), AppError> {
    let to = command.to.unwrap_or(RefundTo::Wallet);
    let step = order.state.version + 1;
    let by_bank = to == RefundTo::Bank;
    purchase(order, by, now)
        .refund(conn, amount, by_bank, step)
        .await?;
    let refunded = Event::Refunded {
        amount,
        to,
        reason: command.reason.clone(),
    };
    order.append(conn, refunded, by, now).await
}
