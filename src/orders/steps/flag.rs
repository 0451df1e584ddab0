//! Flags: a flagged order is held back until somebody has reviewed it.

use crate::accounts::User;
use crate::error::AppError;
use crate::i18n::t;
use crate::orders::history::{lock_order, no_such_order};
use crate::orders::order::{By, Order};
use crate::orders::{Event, check_reason, store};
use crate::server::idempotency::{Attempt, complete, reserve};
use crate::server::{App, IdempotencyKey};

/// Error code: the order cannot be flagged, or is not flagged.
const NOT_TO_FLAG: u16 = 3410;

/// Flags the order, once per idempotency key, so that it is neither packed nor shipped until cleared.
pub async fn flag_order(
    app: &App,
    user: &User,
    number: &str,
    version: Option<i64>,
    once: IdempotencyKey,
    reason: &str,
) -> Result<Order, AppError> {
    let reason = check_reason(reason).map_err(|fault| AppError::invalid("reason", fault))?;
    if reason.is_empty() {
        return Err(AppError::invalid("reason", t!("orders-flag-why")));
    }
    mark(app, user, number, version, once, Event::Flagged { reason }).await
}

/// Clears the flag, so that the order can go on; once per idempotency key.
pub async fn clear_order(
    app: &App,
    user: &User,
    number: &str,
    version: Option<i64>,
    once: IdempotencyKey,
) -> Result<Order, AppError> {
    mark(app, user, number, version, once, Event::Cleared {}).await
}

async fn mark(
    app: &App,
    user: &User,
    number: &str,
    version: Option<i64>,
    once: IdempotencyKey,
    event: Event,
) -> Result<Order, AppError> {
    if !Order::may_be_flagged_by(user) {
        return Err(no_such_order());
    }
    let (by, now) = (By::user(user), app.clock.now());
    let (number, user) = (number.to_owned(), user.id);
    let order = app
        .db
        .write_grouped(move |conn| {
            Box::pin(async move {
                let stands_for = ("order mark", &number, version, &event);
                let reserved = match reserve(conn, user, &once, &stands_for, now).await? {
                    Attempt::First(reserved) => reserved,
                    Attempt::Repeat(id) => return store::read_order(conn, id).await,
                };
                let mut order = lock_order(conn, &number).await?;
                if version.is_some_and(|version| version != order.state.version) {
                    return Err(AppError::stale("order"));
                }
                check(&order, &event)?;
                order.append(conn, event, &by, now).await?;
                complete(conn, reserved, order.id).await?;
                Ok(order)
            })
        })
        .await?;
    tracing::info!(
        order.number = order.number,
        order.flagged = order.state.flagged,
        "An order was flagged or cleared"
    );
    Ok(order)
}

fn check(order: &Order, event: &Event) -> Result<(), AppError> {
    let flags = matches!(event, Event::Flagged { .. });
    let message = match (flags, order.state.flagged) {
        (true, true) => t!("orders-flagged-already").to_owned(),
        (false, false) => t!("orders-flagged-not").to_owned(),
        (true, false) if !order.can_be_flagged() => {
            let status = order.state.status.label().to_lowercase();
            t!("orders-flag-too-late", state = status)
        }
        _ => return Ok(()),
    };
    Err(AppError::conflict(NOT_TO_FLAG, message))
}

impl Order {
    /// Returns true if `user` may flag and clear orders: staff only. `events/inbox/apply.rs` relies on it,
    /// taking a person's flag as the shop's own verdict on an order's risk.
    pub fn may_be_flagged_by(user: &User) -> bool {
        user.role.is_staff()
    }

    /// Returns true if the order is not flagged yet, and its stock is still reserved, not shipped.
    pub fn can_be_flagged(&self) -> bool {
        !self.state.flagged && self.state.status.reserves()
    }
}
