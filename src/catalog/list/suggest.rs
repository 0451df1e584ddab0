//! Suggestions for the search field while typing.

use super::filter::ProductFilter;
use super::query::list_products;
use crate::catalog::{Product, Suggestion};
use crate::error::AppError;
use crate::server::App;

const AT_MOST: i64 = 8;

/// Returns the best matching products for sale; none if nothing is typed.
pub async fn list_suggestions(app: &App, text: &str) -> Result<Vec<Suggestion>, AppError> {
    let filter = ProductFilter {
        text: text.trim().chars().take(200).collect(),
        ..ProductFilter::default()
    };
    if filter.text.is_empty() {
        return Ok(Vec::new());
    }
    let mut conn = app.db.read().await?;
    let page = list_products(&mut conn, &filter, "", AT_MOST).await?;
    let suggestion = |product: Product| Suggestion {
        price: product.money(app.config.shop.currency).to_string(),
        name: product.name.shown().to_owned(),
        slug: product.slug,
    };
    Ok(page.items.into_iter().map(suggestion).collect())
}
