//! Changes of the stock: adjustments, reservations, shipments, returns, each with its reason.

use super::store::{
    StockAdjustment, StockLevel, change_stock, create_stock_adjustment, find_stock_adjustment,
};
use crate::accounts::User;
use crate::catalog::product::{Product, read_product};
use crate::catalog::rules::{check_reason, check_stock, check_stock_change, parse_stock_change};
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::outbox::record;
use crate::server::idempotency::{Attempt, complete, reserve};
use crate::server::{App, Conn, IdempotencyKey, Subject};
use serde_json::json;

/// A stock change that is valid in itself.
#[derive(Debug)]
pub struct StockChange {
    change: i64,
    reason: String,
}

impl StockChange {
    pub fn new(change: i64, reason: &str) -> Result<Self, AppError> {
        Self::of(check_stock_change(change), reason)
    }

    /// Parses a change as typed.
    pub fn parse(change: &str, reason: &str) -> Result<Self, AppError> {
        Self::of(parse_stock_change(change), reason)
    }

    /// Returns the amount of the change.
    pub const fn by(&self) -> i64 {
        self.change
    }

    fn of(change: Result<i64, &'static str>, reason: &str) -> Result<Self, AppError> {
        let mut faults = Faults::default();
        let change = faults.check("change", change);
        let reason = faults.check("reason", check_reason(reason));
        faults.finish()?;
        Ok(Self {
            change: change.unwrap_or_default(),
            reason: reason.unwrap_or_default(),
        })
    }
}

/// Changes the stock and logs it, once per idempotency key. It never goes below zero.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn adjust_stock(
    app: &App,
    actor: &User,
    key: &str,
    once: &IdempotencyKey,
    StockChange { change, reason }: StockChange,
) -> Result<(Product, StockAdjustment), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let product = read_product(&mut tx, key).await?.id;
    let stands_for = ("stock", product, change, &reason);
    let reserved = match reserve(&mut tx, actor.id, once, &stands_for, now).await? {
        Attempt::First(reserved) => reserved,
        Attempt::Repeat(id) => return read_adjusted(&mut tx, key, id).await,
    };
    let Some(level) = change_stock(&mut tx, product, change, 0, now).await? else {
        return Err(out_of_bounds(&mut tx, key, change).await?);
    };
    let id = log_change(
        &mut tx,
        product,
        Some(actor.id),
        change,
        level,
        &reason,
        now,
    )
    .await?;
    complete(&mut tx, reserved, id).await?;
    let adjusted = read_adjusted(&mut tx, key, id).await?;
    tx.commit_change(Subject::Catalogue).await?;
    tracing::info!(
        product.id = product,
        stock.change = change,
        user.id = actor.id,
        "A stock was adjusted"
    );
    Ok(adjusted)
}

/// Changes the stock within the caller's transaction, for another program. Returns false, with no
/// change, if less than open orders reserve would remain, or more than the maximum.
pub async fn adjust_within(
    conn: &mut Conn,
    product: i64,
    StockChange { change, reason }: &StockChange,
    now: Timestamp,
) -> Result<bool, AppError> {
    let Some(level) = change_stock(conn, product, *change, 0, now).await? else {
        return Ok(false);
    };
    log_change(conn, product, None, *change, level, reason, now).await?;
    Ok(true)
}

/// Returns the reason the stock cannot change by this amount.
async fn out_of_bounds(conn: &mut Conn, key: &str, change: i64) -> Result<AppError, AppError> {
    let product = read_product(conn, key).await?;
    Ok(match check_stock(product.stock + change) {
        Err(fault) if change > 0 => AppError::invalid("change", fault),
        _ => AppError::invalid("change", too_few(&product)),
    })
}

fn too_few(product: &Product) -> String {
    match (product.stock, product.reserved) {
        (stock, 0) => t!("catalog-stock-only", count = stock),
        (stock, reserved) => {
            t!(
                "catalog-stock-only-reserved",
                count = stock,
                reserved = reserved
            )
        }
    }
}

/// Sets the available quantity to the number counted, and logs the difference.
pub async fn set_stock(
    conn: &mut Conn,
    actor: &User,
    product: &Product,
    counted: i64,
    now: Timestamp,
) -> Result<(), AppError> {
    let difference = counted - product.available();
    if difference != 0 {
        let level = change_stock(conn, product.id, difference, 0, now).await?;
        let level = level.ok_or_else(|| AppError::invalid("stock", too_few(product)))?;
        let reason = t!("catalog-stock-counted");
        let actor = Some(actor.id);
        log_change(conn, product.id, actor, difference, level, reason, now).await?;
    }
    Ok(())
}

/// Records a change of the quantity on hand: in the log, and as an event.
pub async fn log_change(
    conn: &mut Conn,
    product: i64,
    actor: Option<i64>,
    change: i64,
    level: StockLevel,
    reason: &str,
    now: Timestamp,
) -> Result<i64, AppError> {
    let changed = (change, level.on_hand);
    let id = create_stock_adjustment(conn, product, actor, changed, reason, now).await?;
    publish(conn, "stock.adjusted", product, change, level, now).await?;
    Ok(id)
}

async fn publish(
    conn: &mut Conn,
    topic: &'static str,
    product: i64,
    quantity: i64,
    level: StockLevel,
    now: Timestamp,
) -> Result<(), AppError> {
    let data = json!({
        "product_id": product,
        "quantity": quantity,
        "on_hand": level.on_hand,
        "reserved": level.reserved,
    });
    record(conn, topic, &format!("product-{product}"), &data, now).await
}

/// Reserves stock for an order. `None`, with no change, if too little can be sold.
pub async fn reserve_stock(
    conn: &mut Conn,
    product: i64,
    quantity: i64,
    now: Timestamp,
) -> Result<Option<StockLevel>, AppError> {
    let level = change_stock(conn, product, 0, quantity, now).await?;
    if let Some(level) = level {
        publish(conn, "stock.reserved", product, quantity, level, now).await?;
    }
    Ok(level)
}

/// Releases an order's reservation.
pub async fn release_stock(
    conn: &mut Conn,
    product: i64,
    quantity: i64,
    now: Timestamp,
) -> Result<(), AppError> {
    let level = change_stock(conn, product, 0, -quantity, now).await?;
    let level = level.ok_or_else(AppError::internal)?;
    publish(conn, "stock.released", product, quantity, level, now).await
}

/// Ships an order's reserved stock.
pub async fn ship_stock(
    conn: &mut Conn,
    product: i64,
    quantity: i64,
    now: Timestamp,
) -> Result<(), AppError> {
    let level = change_stock(conn, product, -quantity, -quantity, now).await?;
    let level = level.ok_or_else(AppError::internal)?;
    publish(conn, "stock.shipped", product, quantity, level, now).await
}

/// Adds returned stock, with the reason in the log.
pub async fn restock(
    conn: &mut Conn,
    product: i64,
    quantity: i64,
    reason: &str,
    actor: Option<i64>,
    now: Timestamp,
) -> Result<(), AppError> {
    let level = change_stock(conn, product, quantity, 0, now).await?;
    let full = || AppError::invalid("quantity", t!("catalog-stock-full"));
    let level = level.ok_or_else(full)?;
    log_change(conn, product, actor, quantity, level, reason, now).await?;
    Ok(())
}

/// Reads the current product, and the entry of its log with this id.
async fn read_adjusted(
    conn: &mut Conn,
    key: &str,
    id: i64,
) -> Result<(Product, StockAdjustment), AppError> {
    let product = read_product(conn, key).await?;
    let adjustment = find_stock_adjustment(conn, id).await?;
    Ok((product, adjustment.ok_or_else(AppError::internal)?))
}
