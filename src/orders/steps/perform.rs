//! Taking a step of an order: what each does to stock and books. `orders/rules.rs` says who may.

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

/// The order cannot take this step from where it is.
pub const ILLEGAL_STEP: u16 = 3404;

/// A step with what goes with it. What does not belong to the step is left out.
#[derive(Clone, Debug, Default, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Command {
    /// Why: of a cancellation, a return, a refund. At most 200 characters.
    #[schema(max_length = 200)]
    pub reason: String,
    /// Who carries the parcel. At most 200 characters.
    #[schema(max_length = 200)]
    pub carrier: String,
    /// What the carrier calls it.
    #[schema(max_length = 200)]
    pub tracking: String,
    /// What comes back.
    #[serde(deserialize_with = "crate::server::some_objects")]
    pub items: Option<Vec<ReturnedLine>>,
    /// Whether what comes back can be sold again; yes where absent.
    pub restock: Option<bool>,
    /// How much goes back, in minor units.
    #[schema(minimum = 1)]
    pub amount: Option<i64>,
    /// Instead of `items` or `amount`: all that is still out comes back, all that is left goes back.
    pub all: bool,
    /// `wallet` or `bank`; the wallet where absent.
    pub to: Option<RefundTo>,
    /// The order's version that this starts from. Where it is given and no longer the present one: 409.
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

    /// What a return or a refund moves: `part` of it, or nothing where all was asked for. Where neither is
    /// said, something was forgotten.
    fn part_of<'a, T>(
        &self,
        part: &'a Option<T>,
        field: &str,
        missing: &str,
    ) -> Result<Option<&'a T>, AppError> {
        if part.is_some() == self.all {
            return Err(AppError::invalid(field, missing));
        }
        Ok(part.as_ref())
    }
}

/// Takes the step with the order `number`, once for each key.
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

/// Takes the step within a transaction of the caller's, who has locked the order.
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
            let part = command.part_of(&command.amount, "amount", missing)?;
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
        // A parcel that the carrier has cannot be held back any more, flagged or not.
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

/// What can be done with the order instead.
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

/// Sets the price aside in the customer's wallet, with which the order is paid.
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

/// A customer pays from the wallet. Staff and the bank's messages say that the money came in: it goes
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

/// Gives stock and money back, wherever they are by now.
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

/// What comes back, in the order of the products' ids: no more of each than is still out.
fn returned_lines(order: &Order, command: &Command) -> Result<Vec<ReturnedLine>, AppError> {
    let out = order.state.items.iter().map(|line| ReturnedLine {
        product_id: line.product_id,
        quantity: line.quantity - line.returned,
    });
    let mut out: Vec<ReturnedLine> = out.filter(|line| line.quantity > 0).collect();
    out.sort_unstable_by_key(|line| line.product_id);
    let missing = t!("orders-return-missing");
    let Some(asked) = command.part_of(&command.items, "items", missing)? else {
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
