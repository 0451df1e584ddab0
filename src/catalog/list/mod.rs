//! The lists of products: filters, order, pages, and their cache.

mod cache;
mod components;
mod filter;
mod listing;
mod query;
mod search_index;
mod suggest;

pub use cache::{Fragment, ListKey, ProductCacheKey, ShopCache};
pub use components::{list_toolbar, product_filters};
pub use filter::{Fault, LONGEST_SEARCH, LONGEST_SLUG, ProductFilter, Sort, State, read_sort};
pub use listing::Listing;
pub use query::{count_by_category, explain_products, list_products};
pub use search_index::{
    ProductTexts, index_new_products, index_product, index_products_again, write_names,
};
pub use suggest::list_suggestions;
