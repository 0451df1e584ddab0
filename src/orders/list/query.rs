//! The queries behind the list of all orders: filtered orders by time, and counts by state.

use super::filter::{Named, OrderFilter};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::orders::Status;
use crate::orders::order::Order;
use crate::orders::store::{ORDER, OrderRow, with_items};
use crate::server::{Conn, Cursor, Engine, PageOf, QueryBuilder};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Returns one page of the orders that match the filter.
pub async fn list_found(conn: &mut Conn, filter: &OrderFilter) -> Result<PageOf<Order>, AppError> {
    let mut query = QueryBuilder::new(conn, format!("SELECT {ORDER} FROM orders WHERE TRUE"));
    narrow(&mut query, filter, conn.engine());
    if let Some(status) = filter.status {
        query.push(" AND status = ").push_bind(status);
    }
    let (order, beyond) = match filter.oldest_first {
        true => ("placed_at, id", '>'),
        false => ("placed_at DESC, id DESC", '<'),
    };
    if let Some((at, id)) = filter.after {
        query.push(format!(" AND (placed_at, id) {beyond} ("));
        query.push_bind(at).push(", ").push_bind(id).push(")");
    }
    query.push(format!(" ORDER BY {order} LIMIT {}", filter.size + 1));
    let rows: Vec<OrderRow> = query.fetch_all(conn).await?;
    let orders = with_items(conn, rows).await?;
    Ok(PageOf::from_rows(orders, filter.size, |order| {
        Cursor::new([&order.state.placed_at.micros(), &order.id])
    }))
}

/// Counts the orders in each state, under the filter's other conditions.
pub async fn count_by_status(
    conn: &mut Conn,
    filter: &OrderFilter,
) -> sqlx::Result<HashMap<Status, i64>> {
    let mut query = QueryBuilder::new(conn, "SELECT status, COUNT(*) FROM orders WHERE TRUE");
    narrow(&mut query, filter, conn.engine());
    query.push(" GROUP BY status");
    let counts: Vec<(Status, i64)> = query.fetch_all(conn).await?;
    Ok(counts.into_iter().collect())
}

/// Adds all conditions but the status and the cursor.
fn narrow(query: &mut QueryBuilder, filter: &OrderFilter, engine: Engine) {
    if let Some(payment) = filter.payment {
        query.push(" AND payment = ").push_bind(payment);
    }
    if let Some(delivery) = filter.delivery {
        query.push(" AND delivery = ").push_bind(delivery);
    }
    if filter.flagged {
        query.push(" AND flagged");
    }
    let bounds = [
        ("placed_at >=", filter.from.map(Timestamp::micros)),
        ("placed_at <", filter.until.map(Timestamp::micros)),
        ("total >=", filter.least),
        ("total <=", filter.most),
    ];
    for (column, bound) in bounds {
        if let Some(bound) = bound {
            query.push(format!(" AND {column} ")).push_bind(bound);
        }
    }
    if let Some(product) = filter.product {
        query.push(" AND id IN (SELECT order_id FROM order_items WHERE product_id = ");
        query.push_bind(product).push(")");
    }
    match &filter.named {
        Some(Named::Numbers(all)) => among(query, "number", "TEXT", json!(all), engine),
        Some(Named::Customers(all)) => among(query, "customer_id", "BIGINT", json!(all), engine),
        None => {}
    }
}

/// Narrows the query to rows whose `column` is in the list `of`.
fn among(query: &mut QueryBuilder, column: &str, kind: &str, of: Value, engine: Engine) {
    query.push(format!(" AND {column} IN "));
    match engine {
        Engine::Sqlite => query
            .push("(SELECT value FROM json_each(")
            .push_bind(of.to_string())
            .push("))"),
        Engine::Postgres => query
            .push(format!(
                "(SELECT CAST(value AS {kind}) FROM json_array_elements_text(CAST("
            ))
            .push_bind(of.to_string())
            .push(" AS JSON)))"),
    };
}
