//! SQL of the pages of orders.

use crate::error::AppError;
use crate::orders::Address;
use crate::server::{Conn, with_db};

/// Where the customer's last order went.
pub async fn find_last_address(
    conn: &mut Conn,
    customer: i64,
) -> Result<Option<Address>, AppError> {
    let query = "SELECT address FROM orders WHERE customer_id = $1 ORDER BY id DESC LIMIT 1";
    let address: Option<String> = with_db!(conn, |c| sqlx::query_scalar(query)
        .bind(customer)
        .fetch_optional(c)
        .await)?;
    Ok(address.and_then(|address| serde_json::from_str(&address).ok()))
}
