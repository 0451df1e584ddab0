//! SQL for the figures that metrics show.

use crate::events::InboxState;
use crate::money::Currency;
use crate::orders::Status;
use crate::server::{Conn, fetch_all, fetch_scalar};

/// Counts the orders in each status, also in those that no order is in.
pub async fn count_orders(conn: &mut Conn) -> sqlx::Result<Vec<(&'static str, i64)>> {
    let counts: Vec<(Status, i64)> =
        fetch_all!(conn, "SELECT status, COUNT(*) FROM orders GROUP BY status")?;
    let count = |status| {
        let found = counts.iter().find(|(of, _)| *of == status);
        (status.as_str(), found.map_or(0, |(_, count)| *count))
    };
    Ok(Status::ALL.into_iter().map(count).collect())
}

/// Returns the balance of the sales accounts: there is one for each currency that was ever sold in.
pub async fn list_revenue(conn: &mut Conn) -> sqlx::Result<Vec<(&'static str, i64)>> {
    let rows: Vec<(Currency, i64)> = fetch_all!(
        conn,
        "SELECT currency, balance FROM ledger_accounts
         WHERE code = 'sales' OR code LIKE 'sales.%' ORDER BY currency"
    )?;
    let row = |(currency, balance): (Currency, i64)| (currency.code(), balance);
    Ok(rows.into_iter().map(row).collect())
}

pub async fn count_products(conn: &mut Conn) -> sqlx::Result<i64> {
    fetch_scalar!(conn, "SELECT COUNT(*) FROM products WHERE active")
}

/// Counts the products on sale of which nothing is left to sell.
pub async fn count_stock_outs(conn: &mut Conn) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "SELECT COUNT(*) FROM products WHERE active AND on_hand <= reserved"
    )
}

pub async fn count_transfers(conn: &mut Conn) -> sqlx::Result<i64> {
    fetch_scalar!(conn, "SELECT COUNT(*) FROM transfers")
}

/// Counts the messages that wait, and those put aside for staff.
pub async fn count_inbox(conn: &mut Conn) -> sqlx::Result<Vec<(&'static str, i64)>> {
    let mut counts = Vec::new();
    for state in [InboxState::Waiting, InboxState::Parked] {
        let query = "SELECT COUNT(*) FROM inbox WHERE state = $1";
        counts.push((state.as_str(), fetch_scalar!(conn, query, state)?));
    }
    Ok(counts)
}
