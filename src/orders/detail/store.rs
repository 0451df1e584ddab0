//! SQL for the order pages.

use crate::error::AppError;
use crate::orders::Address;
use crate::server::{Conn, fetch_optional_scalar};

/// Returns the address of the customer's last order; `None` if there is none.
pub async fn find_last_address(
    conn: &mut Conn,
    customer: i64,
) -> Result<Option<Address>, AppError> {
    let address: Option<String> = fetch_optional_scalar!(
        conn,
        "SELECT address FROM orders WHERE customer_id = $1 ORDER BY id DESC LIMIT 1",
        customer
    )?;
    Ok(address.and_then(|address| serde_json::from_str(&address).ok()))
}
