//! Applies messages about stock.

use super::message::Message;
use super::store::InboxMessage;
use super::verdict::Applied;
use crate::catalog::{LARGEST, ProductKey, StockChange, adjust_within, find_product};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::Conn;

/// Changes the product's stock. A change that would take more than is available waits for more.
pub async fn adjust_stock(
    conn: &mut Conn,
    incoming: &mut InboxMessage,
    message: &Message,
    key: &str,
    now: Timestamp,
) -> Result<Applied, AppError> {
    let Message::StockAdjusted { change, reason, .. } = message else {
        return Err(AppError::internal());
    };
    let change = match StockChange::new(*change, reason) {
        Ok(change) => change,
        Err(error) => {
            let faults: Vec<_> = error.errors.into_values().collect();
            return Ok(Applied::Park(faults.join(" ")));
        }
    };
    let product = match ProductKey::read(key) {
        Some(key) => find_product(conn, &key).await?,
        None => None,
    };
    let Some(product) = product else {
        return Ok(Applied::Unknown(t!(
            "events-no-such-product",
            product = key
        )));
    };
    // With its subject known, the message is found by the product's events.
    incoming.subject = format!("product-{}", product.id);
    if adjust_within(conn, product.id, &change, now).await? {
        return Ok(Applied::Done(t!("events-applied-stock").to_owned()));
    }
    if product.stock + change.by() > LARGEST {
        return Ok(Applied::Park(
            t!("events-verdict-stock-too-large").to_owned(),
        ));
    }
    Ok(Applied::Wait(t!(
        "events-verdict-stock-short",
        count = product.available(),
        product = product.name.shown()
    )))
}
