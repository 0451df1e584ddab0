//! What comes in and goes out, and why.

use super::change::read_product;
use super::product::Product;
use super::rules::{check_reason, parse_stock_change};
use super::store::{self, StockAdjustment};
use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::server::{App, Conn};
use serde::Deserialize;

/// A change of stock, as typed.
#[derive(Debug, Deserialize)]
pub struct StockInput {
    pub change: String,
    pub reason: String,
}

/// Changes the stock and logs it. It never goes below zero.
pub async fn adjust_stock(
    app: &App,
    actor: &User,
    key: &str,
    input: StockInput,
) -> Result<Product, AppError> {
    let mut faults = Faults::default();
    let change = faults.check("change", parse_stock_change(&input.change));
    let reason = faults.check("reason", check_reason(&input.reason));
    faults.finish()?;
    let (change, reason) = (change.unwrap_or_default(), reason.unwrap_or_default());

    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let mut product = read_product(&mut tx, key).await?;
    let Some(on_hand) = store::change_stock(&mut tx, product.id, change, now).await? else {
        let product = read_product(&mut tx, key).await?;
        let fault = format!("There are only {} on hand.", product.stock);
        return Err(AppError::invalid("change", fault));
    };
    log_stock(
        &mut tx,
        product.id,
        Some(actor.id),
        (change, on_hand),
        &reason,
        now,
    )
    .await?;
    app.shop.commit(tx).await?;
    product.stock = on_hand;
    tracing::info!(
        product.id,
        stock.change = change,
        user.id = actor.id,
        "A stock was adjusted"
    );
    Ok(product)
}

/// Writes a change, and what is on hand after it, to the log.
pub async fn log_stock(
    conn: &mut Conn,
    product: i64,
    actor: Option<i64>,
    (change, on_hand): (i64, i64),
    reason: &str,
    at: Timestamp,
) -> Result<(), AppError> {
    let entry = StockAdjustment {
        change,
        on_hand,
        reason: reason.to_owned(),
        actor: None,
        at,
    };
    Ok(store::create_stock_adjustment(conn, product, actor, &entry).await?)
}
