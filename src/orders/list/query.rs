//! The queries behind the list of all orders: those that filters leave, by time, and how many there
//! are in each state.

use super::filter::{Named, OrderFilter};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::orders::order::Order;
use crate::orders::store::{ORDER, OrderRow, with_items};
use crate::orders::{Delivery, Payment, Status};
use crate::server::{Conn, Cursor, Engine, PageOf, Statement, Value, bind_all, with_db};
use serde_json::json;
use sqlx::AssertSqlSafe;
use std::collections::HashMap;

/// One page of the orders that fit.
pub async fn list_found(conn: &mut Conn, filter: &OrderFilter) -> Result<PageOf<Order>, AppError> {
    let mut list = Statement::new(format!("SELECT {ORDER} FROM orders WHERE TRUE"));
    narrow(&mut list, filter, conn.engine());
    if let Some(status) = filter.status {
        list.narrow("status = ?", [Value::Text(status.as_str().to_owned())]);
    }
    if let Some((at, id)) = filter.after {
        let beyond = if filter.oldest_first { '>' } else { '<' };
        let place = format!("(placed_at, id) {beyond} (?, ?)");
        list.narrow(&place, [Value::Number(at), Value::Number(id)]);
    }
    let order = match filter.oldest_first {
        true => "placed_at, id",
        false => "placed_at DESC, id DESC",
    };
    let limit = filter.size + 1;
    list.text
        .push_str(&format!("\nORDER BY {order} LIMIT {limit}"));
    let Statement { text, values } = list;
    let rows: Vec<OrderRow> = with_db!(conn, |c| {
        let query = sqlx::query_as(AssertSqlSafe(text));
        bind_all!(query, values).fetch_all(c).await
    })?;
    let orders = with_items(conn, rows).await?;
    Ok(PageOf::from_rows(orders, filter.size, |order| {
        Cursor::new([&order.state.placed_at.micros(), &order.id])
    }))
}

/// How many orders each state has under the other conditions of the filter.
pub async fn count_by_status(
    conn: &mut Conn,
    filter: &OrderFilter,
) -> sqlx::Result<HashMap<Status, i64>> {
    let mut count = Statement::new("SELECT status, COUNT(*) FROM orders WHERE TRUE".to_owned());
    narrow(&mut count, filter, conn.engine());
    count.text.push_str("\nGROUP BY status");
    let Statement { text, values } = count;
    let counts: Vec<(Status, i64)> = with_db!(conn, |c| {
        let query = sqlx::query_as(AssertSqlSafe(text));
        bind_all!(query, values).fetch_all(c).await
    })?;
    Ok(counts.into_iter().collect())
}

/// All conditions but the status and the place in the list.
fn narrow(list: &mut Statement, filter: &OrderFilter, engine: Engine) {
    use Value::{Number, Text};
    let words = [
        ("payment = ?", filter.payment.map(Payment::as_str)),
        ("delivery = ?", filter.delivery.map(Delivery::as_str)),
    ];
    for (condition, word) in words {
        if let Some(word) = word {
            list.narrow(condition, [Text(word.to_owned())]);
        }
    }
    if filter.flagged {
        list.narrow("flagged", []);
    }
    let numbers = [
        ("placed_at >= ?", filter.from.map(Timestamp::micros)),
        ("placed_at < ?", filter.until.map(Timestamp::micros)),
        ("total >= ?", filter.least),
        ("total <= ?", filter.most),
        (
            "id IN (SELECT order_id FROM order_items WHERE product_id = ?)",
            filter.product,
        ),
    ];
    for (condition, number) in numbers {
        if let Some(number) = number {
            list.narrow(condition, [Number(number)]);
        }
    }
    match &filter.named {
        Some(Named::Numbers(all)) => among(list, "number", "TEXT", json!(all), engine),
        Some(Named::Customers(all)) => among(list, "customer_id", "BIGINT", json!(all), engine),
        None => {}
    }
}

/// Narrows it to those whose `column` is in the list.
fn among(list: &mut Statement, column: &str, kind: &str, of: serde_json::Value, engine: Engine) {
    let condition = match engine {
        Engine::Sqlite => format!("{column} IN (SELECT value FROM json_each(?))"),
        Engine::Postgres => format!(
            "{column} IN (SELECT CAST(value AS {kind})
                          FROM json_array_elements_text(CAST(? AS JSON)))"
        ),
    };
    list.narrow(&condition, [Value::Text(of.to_string())]);
}
