//! Server functions of the catalogue's islands.

use super::Suggestion;
use crate::error::AppError;
use leptos::prelude::*;

/// Returns the products that best match what is typed in the search field; at most eight. Public:
/// it shows nothing that the list does not.
#[server]
pub async fn suggest_products(q: String) -> Result<Vec<Suggestion>, AppError> {
    super::list::list_suggestions(&crate::server::app(), &q).await
}
