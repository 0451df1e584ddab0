//! The catalogue: products, their categories, stock and pictures.

mod api;
pub mod islands;
mod rules;

pub use api::suggest_products;
pub use rules::{
    LARGEST, ProductName, Slug, check_description, check_picture_alt, check_price, check_reason,
    check_stock, parse_stock_change,
};

use serde::{Deserialize, Serialize};

/// What the search field proposes: enough to choose by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    pub name: String,
    pub slug: String,
    /// As people read it, with the currency's sign.
    pub price: String,
}

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod bulk;
        mod change;
        mod demo;
        mod edit_pages;
        mod filter;
        pub mod forms;
        mod generate;
        mod home;
        mod kept;
        mod list_parts;
        mod listing;
        pub mod pages;
        mod pictures;
        mod product;
        pub mod rest;
        pub mod simple;
        mod stale;
        mod stock;
        mod store;
        mod suggest;
        mod views;

        pub use change::{NewProduct, ProductChange, create_product, update_product};
        pub use demo::seed_demo;
        pub use edit_pages::{EditProductPage, NewProductPage};
        pub use filter::{ProductFilter, Sort, State};
        pub use generate::seed_products;
        pub use home::HomePage;
        pub use kept::ShopCache;
        pub use listing::{count_by_category, explain_products, list_products};
        pub use pictures::PictureWorkshop;
        pub use product::{Category, Picture, Product, ProductKey};
        pub use store::{find_product, list_categories};
    }
}
