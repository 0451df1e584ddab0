//! What comes in and goes out, and why.

use super::change::read_product;
use super::product::Product;
use super::rules::{check_reason, check_stock, check_stock_change, parse_stock_change};
use super::stock_store::{
    StockAdjustment, change_stock, create_stock_adjustment, find_stock_adjustment,
};
use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::server::once::{Turn, claim, settle};
use crate::server::{App, Conn, Once};

/// A change of stock that makes sense by itself.
#[derive(Debug)]
pub struct StockChange {
    change: i64,
    reason: String,
}

impl StockChange {
    pub fn new(change: i64, reason: &str) -> Result<Self, AppError> {
        Self::of(check_stock_change(change), reason)
    }

    /// The same of what somebody typed.
    pub fn parse(change: &str, reason: &str) -> Result<Self, AppError> {
        Self::of(parse_stock_change(change), reason)
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

/// Changes the stock and logs it, once for each key. It never goes below zero.
pub async fn adjust_stock(
    app: &App,
    actor: &User,
    key: &str,
    once: &Once,
    StockChange { change, reason }: StockChange,
) -> Result<(Product, StockAdjustment), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let product = read_product(&mut tx, key).await?.id;
    let stands_for = ("stock", product, change, &reason);
    let claimed = match claim(&mut tx, actor.id, once, &stands_for, now).await? {
        Turn::First(claimed) => claimed,
        Turn::Again(id) => return read_adjusted(&mut tx, key, id).await,
    };
    let Some(on_hand) = change_stock(&mut tx, product, change, now).await? else {
        return Err(out_of_bounds(&mut tx, key, change).await?);
    };
    let id = create_stock_adjustment(&mut tx, product, actor.id, (change, on_hand), &reason, now)
        .await?;
    settle(&mut tx, claimed, id).await?;
    let adjusted = read_adjusted(&mut tx, key, id).await?;
    app.shop.commit(tx).await?;
    tracing::info!(
        product.id = product,
        stock.change = change,
        user.id = actor.id,
        "A stock was adjusted"
    );
    Ok(adjusted)
}

/// Why the stock cannot change by so many.
async fn out_of_bounds(conn: &mut Conn, key: &str, change: i64) -> Result<AppError, AppError> {
    let stock = read_product(conn, key).await?.stock;
    Ok(match check_stock(stock + change) {
        Err(fault) if change > 0 => AppError::invalid("change", fault),
        _ => AppError::invalid("change", format!("There are only {stock} on hand.")),
    })
}

/// Sets the stock to the number counted, and logs the difference.
pub async fn set_stock(
    conn: &mut Conn,
    actor: &User,
    product: &Product,
    counted: i64,
    now: Timestamp,
) -> Result<(), AppError> {
    let difference = counted - product.stock;
    if difference != 0 {
        change_stock(conn, product.id, difference, now).await?;
        let changed = (difference, counted);
        let reason = "Set to the number counted";
        create_stock_adjustment(conn, product.id, actor.id, changed, reason, now).await?;
    }
    Ok(())
}

/// The product as it is now, and the entry of its log with this id.
async fn read_adjusted(
    conn: &mut Conn,
    key: &str,
    id: i64,
) -> Result<(Product, StockAdjustment), AppError> {
    let product = read_product(conn, key).await?;
    let adjustment = find_stock_adjustment(conn, id).await?;
    Ok((product, adjustment.ok_or_else(AppError::internal)?))
}
