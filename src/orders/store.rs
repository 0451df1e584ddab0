//! SQL for orders, their lines and their history.

use super::order::{Order, OrderEvent};
use super::{Address, Delivery, Line, OrderState, Payment, Status};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::Multilingual;
use crate::money::Currency;
use crate::order_number::OrderNumber;
use crate::server::{
    Conn, execute, fetch_all, fetch_one, fetch_optional, fetch_scalar, fetch_scalars,
    stored_as_word,
};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, FromRow};
use std::collections::HashMap;

stored_as_word!(Delivery, Payment, Status);

pub const ORDER: &str = "id, number, customer_id, status, payment, delivery, currency, address, \
     delivery_fee, held, captured, refunded, flagged, version, placed_at, updated_at, expires_at";

#[derive(FromRow)]
pub struct OrderRow {
    id: i64,
    number: String,
    customer_id: i64,
    status: Status,
    payment: Payment,
    delivery: Delivery,
    currency: Currency,
    address: String,
    delivery_fee: i64,
    held: i64,
    captured: i64,
    refunded: i64,
    flagged: bool,
    version: i64,
    placed_at: Timestamp,
    updated_at: Timestamp,
    expires_at: Option<Timestamp>,
}

impl OrderRow {
    fn with(self, items: Vec<Line>) -> Result<Order, AppError> {
        let address: Address = serde_json::from_str(&self.address).map_err(unreadable)?;
        let state = OrderState {
            customer_id: self.customer_id,
            status: self.status,
            items,
            currency: self.currency,
            delivery: self.delivery,
            delivery_fee: self.delivery_fee,
            payment: self.payment,
            address,
            held: self.held,
            captured: self.captured,
            refunded: self.refunded,
            flagged: self.flagged,
            version: self.version,
            placed_at: self.placed_at,
            updated_at: self.updated_at,
            expires_at: self.expires_at,
        };
        Ok(Order {
            id: self.id,
            number: self.number,
            state,
        })
    }
}

fn unreadable(error: serde_json::Error) -> AppError {
    tracing::error!(error.cause = %error, "What is written of an order cannot be read");
    AppError::internal()
}

macro_rules! order_query {
    ($rest:expr) => {
        AssertSqlSafe(format!("SELECT {ORDER} FROM orders {}", $rest))
    };
}

/// Inserts a new order without its lines, and returns its id.
pub async fn create_order(
    conn: &mut Conn,
    number: OrderNumber,
    state: &OrderState,
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO orders (number, year, ordinal, customer_id, status, payment, delivery,
             currency, address, subtotal, delivery_fee, total, version, placed_at,
             updated_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15)
         RETURNING id",
        number.to_string(),
        number.year,
        number.ordinal,
        state.customer_id,
        state.status,
        state.payment,
        state.delivery,
        state.currency,
        json!(state.address).to_string(),
        state.subtotal(),
        state.delivery_fee,
        state.total(),
        state.version,
        state.placed_at,
        state.expires_at
    )
}

pub async fn create_items(conn: &mut Conn, order: i64, items: &[Line]) -> sqlx::Result<()> {
    for (position, line) in (1_i64..).zip(items) {
        execute!(
            conn,
            "INSERT INTO order_items (order_id, position, product_id, name, name_translations,
                                      unit_price, quantity)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            order,
            position,
            line.product_id,
            &line.name.first,
            &line.name.translations,
            line.unit_price,
            line.quantity
        )?;
    }
    Ok(())
}

/// Updates the order's row to its state after the last event.
pub async fn update_order(conn: &mut Conn, order: &Order) -> sqlx::Result<()> {
    let state = &order.state;
    execute!(
        conn,
        "UPDATE orders SET status = $1, held = $2, captured = $3, refunded = $4,
             flagged = $5, version = $6, updated_at = $7, expires_at = $8
         WHERE id = $9",
        state.status,
        state.held,
        state.captured,
        state.refunded,
        state.flagged,
        state.version,
        state.updated_at,
        state.expires_at,
        order.id
    )
}

/// Updates the returned quantity of each line.
pub async fn update_returned(conn: &mut Conn, order: &Order) -> sqlx::Result<()> {
    for line in &order.state.items {
        execute!(
            conn,
            "UPDATE order_items SET returned = $1 WHERE order_id = $2 AND product_id = $3",
            line.returned,
            order.id,
            line.product_id
        )?;
    }
    Ok(())
}

/// Locks and returns the order with this number until the transaction ends; `None` if there is none.
pub async fn lock_order(conn: &mut Conn, number: &str) -> Result<Option<Order>, AppError> {
    let lock = conn.pick("", "FOR UPDATE");
    read_one(
        conn,
        order_query!(format!("WHERE number = $1 {lock}")),
        number,
    )
    .await
}

pub async fn find_order(conn: &mut Conn, number: &str) -> Result<Option<Order>, AppError> {
    read_one(conn, order_query!("WHERE number = $1"), number).await
}

async fn read_one(
    conn: &mut Conn,
    query: AssertSqlSafe<String>,
    number: &str,
) -> Result<Option<Order>, AppError> {
    let row: Option<OrderRow> = fetch_optional!(conn, query, number)?;
    Ok(with_items(conn, row.into_iter().collect()).await?.pop())
}

/// Returns the order with this id, which is known to exist.
pub async fn read_order(conn: &mut Conn, id: i64) -> Result<Order, AppError> {
    let query = order_query!("WHERE id = $1");
    let row: OrderRow = fetch_one!(conn, query, id)?;
    let order = with_items(conn, vec![row]).await?.pop();
    order.ok_or_else(AppError::internal)
}

/// Returns the newest orders with ids below `before`, of one customer or of all.
pub async fn list_orders(
    conn: &mut Conn,
    customer: Option<i64>,
    before: i64,
    limit: i64,
) -> Result<Vec<Order>, AppError> {
    let rows = match customer {
        Some(customer) => {
            let query =
                order_query!("WHERE customer_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
            fetch_all!(conn, query, customer, before, limit)?
        }
        None => {
            let query = order_query!("WHERE id < $1 ORDER BY id DESC LIMIT $2");
            fetch_all!(conn, query, before, limit)?
        }
    };
    with_items(conn, rows).await
}

/// Returns the numbers of unpaid orders that are due to expire, the longest overdue first.
pub async fn list_expired(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> sqlx::Result<Vec<String>> {
    fetch_scalars!(
        conn,
        "SELECT number FROM orders WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2",
        now,
        limit
    )
}

#[derive(FromRow)]
struct ItemRow {
    order_id: i64,
    product_id: i64,
    #[sqlx(flatten)]
    name: Multilingual,
    unit_price: i64,
    quantity: i64,
    returned: i64,
}

pub async fn with_items(conn: &mut Conn, rows: Vec<OrderRow>) -> Result<Vec<Order>, AppError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let query = conn.pick(
        "SELECT order_id, product_id, name, name_translations, unit_price, quantity, returned FROM order_items
         WHERE order_id IN (SELECT value FROM json_each($1)) ORDER BY order_id, position",
        "SELECT order_id, product_id, name, name_translations, unit_price, quantity, returned FROM order_items
         WHERE order_id IN (SELECT CAST(value AS BIGINT)
                            FROM json_array_elements_text(CAST($1 AS JSON)))
         ORDER BY order_id, position",
    );
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let ids = json!(ids).to_string();
    let items: Vec<ItemRow> = fetch_all!(conn, query, ids)?;
    let mut lines: HashMap<i64, Vec<Line>> = HashMap::new();
    for item in items {
        lines.entry(item.order_id).or_default().push(Line {
            product_id: item.product_id,
            name: item.name,
            unit_price: item.unit_price,
            quantity: item.quantity,
            returned: item.returned,
        });
    }
    rows.into_iter()
        .map(|row| {
            let items = lines.remove(&row.id).unwrap_or_default();
            row.with(items)
        })
        .collect()
}

/// Inserts an event into the order's history.
pub async fn create_event(conn: &mut Conn, order: i64, event: &OrderEvent) -> sqlx::Result<()> {
    let data = json!(event.event)["data"].to_string();
    execute!(
        conn,
        "INSERT INTO order_events (order_id, seq, kind, data, actor_id, actor, trace_id, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        order,
        event.seq,
        event.event.kind(),
        data,
        event.actor_id,
        &event.actor,
        &event.trace_id,
        event.at
    )
}

#[derive(FromRow)]
struct EventRow {
    order_id: i64,
    seq: i64,
    kind: String,
    data: String,
    actor_id: Option<i64>,
    actor: String,
    trace_id: String,
    at: Timestamp,
}

impl EventRow {
    fn read(self) -> Result<OrderEvent, AppError> {
        let data: Value = serde_json::from_str(&self.data).map_err(unreadable)?;
        let event = json!({ "kind": self.kind, "data": data });
        Ok(OrderEvent {
            seq: self.seq,
            event: serde_json::from_value(event).map_err(unreadable)?,
            actor_id: self.actor_id,
            actor: self.actor,
            trace_id: self.trace_id,
            at: self.at,
        })
    }
}

const EVENT: &str = "order_id, seq, kind, data, actor_id, actor, trace_id, at";

/// Returns the order's history, oldest event first.
pub async fn list_events(conn: &mut Conn, order: i64) -> Result<Vec<OrderEvent>, AppError> {
    let query = AssertSqlSafe(format!(
        "SELECT {EVENT} FROM order_events WHERE order_id = $1 ORDER BY seq"
    ));
    let rows: Vec<EventRow> = fetch_all!(conn, query, order)?;
    rows.into_iter().map(EventRow::read).collect()
}

/// Returns up to `limit` orders with ids above `after`, in order of id, each with its history.
pub async fn list_histories(
    conn: &mut Conn,
    after: i64,
    limit: i64,
) -> Result<Vec<(Order, Vec<OrderEvent>)>, AppError> {
    let query = order_query!("WHERE id > $1 ORDER BY id LIMIT $2");
    let rows: Vec<OrderRow> = fetch_all!(conn, query, after, limit)?;
    let orders = with_items(conn, rows).await?;
    let Some(last) = orders.last().map(|order| order.id) else {
        return Ok(Vec::new());
    };
    let query = AssertSqlSafe(format!(
        "SELECT {EVENT} FROM order_events WHERE order_id > $1 AND order_id <= $2
         ORDER BY order_id, seq"
    ));
    let rows: Vec<EventRow> = fetch_all!(conn, query, after, last)?;
    let mut histories: HashMap<i64, Vec<OrderEvent>> = HashMap::new();
    for row in rows {
        let order = row.order_id;
        histories.entry(order).or_default().push(row.read()?);
    }
    Ok(orders
        .into_iter()
        .map(|order| {
            let history = histories.remove(&order.id).unwrap_or_default();
            (order, history)
        })
        .collect())
}
