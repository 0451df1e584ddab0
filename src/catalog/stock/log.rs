//! All changes to a product's stock: what staff counted, and what was shipped with an order.

use super::store::list_stock_adjustments;
use crate::catalog::product::Product;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{App, Conn, Work};
use sqlx::FromRow;

/// The reason for a stock change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// In the words of whoever changed it.
    Said(String),
    /// Shipped with the order of this number.
    Shipped(String),
}

/// A change of a product's stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockChangeLine {
    pub at: Timestamp,
    pub change: i64,
    /// The quantity on hand afterwards.
    pub on_hand: i64,
    pub why: Why,
    pub actor: String,
}

/// A quantity of a product that was shipped with an order.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Shipment {
    pub number: String,
    pub quantity: i64,
    /// The person who shipped it.
    pub actor: String,
    pub at: Timestamp,
}

/// Lists a product's shipments, the latest first. They belong to the orders, which are above the
/// catalogue: so the application's state passes it in.
pub type ListShipments = for<'c> fn(&'c mut Conn, i64, i64) -> Work<'c, Vec<Shipment>>;

/// Returns the latest changes, the newest first. The product is read from the same state of the
/// database, so the quantity on hand after each can be counted back from it.
pub async fn list_stock_changes(
    app: &App,
    conn: &mut Conn,
    product: &Product,
    limit: i64,
) -> Result<Vec<StockChangeLine>, AppError> {
    let adjusted = list_stock_adjustments(conn, product.id, None, limit).await?;
    let shipped = (app.list_shipments)(conn, product.id, limit).await?;
    let adjusted = adjusted.into_iter().map(|entry| StockChangeLine {
        at: entry.at,
        change: entry.change,
        on_hand: entry.on_hand,
        why: Why::Said(entry.reason),
        actor: entry.actor.unwrap_or_else(|| "Guildhall".to_owned()),
    });
    let shipped = shipped.into_iter().map(|shipment| StockChangeLine {
        at: shipment.at,
        change: -shipment.quantity,
        on_hand: 0,
        why: Why::Shipped(shipment.number),
        actor: shipment.actor,
    });
    let mut all: Vec<StockChangeLine> = adjusted.chain(shipped).collect();
    // Stable: adjustments of the same instant stay in their order.
    all.sort_by_key(|line| std::cmp::Reverse(line.at));
    all.truncate(usize::try_from(limit).unwrap_or_default());
    let mut on_hand = product.stock;
    for line in &mut all {
        line.on_hand = on_hand;
        on_hand -= line.change;
    }
    Ok(all)
}
