//! The catalogue: products, their categories, stock and pictures.

mod api;
pub mod islands;
mod rules;

pub use api::suggest_products;
pub use rules::{
    LARGEST, ProductName, Slug, check_category_name, check_description, check_picture_alt,
    check_price, check_reason, check_stock, parse_stock_change,
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
        mod add_form;
        mod bulk;
        mod categories;
        mod categories_page;
        mod category_forms;
        mod category_rest;
        mod category_store;
        mod change;
        mod create;
        mod demo;
        mod edit_page;
        mod filter;
        pub mod forms;
        mod generate;
        mod home;
        mod kept;
        mod list_parts;
        mod listing;
        mod new_page;
        pub mod pages;
        mod picture_forms;
        #[cfg(test)]
        mod picture_tests;
        mod pictures;
        mod pixels;
        mod product;
        pub mod rest;
        pub mod simple;
        mod stale;
        mod stock;
        mod stock_log;
        mod stock_rest;
        mod stock_section;
        mod stock_store;
        mod store;
        mod suggest;
        mod views;
        mod words;

        pub use categories_page::CategoriesPage;
        pub use change::{ProductChange, update_product};
        pub use create::{NewProduct, create_product};
        pub use demo::seed_demo;
        pub use edit_page::EditProductPage;
        pub use filter::{ProductFilter, Sort, State};
        pub use generate::seed_products;
        pub use home::HomePage;
        pub use kept::ShopCache;
        pub use listing::{count_by_category, explain_products, list_products};
        pub use new_page::NewProductPage;
        pub use pictures::PictureWorkshop;
        pub use product::{Category, Picture, Product, ProductKey, StockLevel};
        pub use stock::{StockChange, adjust_within, release_stock, reserve_stock, restock, ship_stock};
        pub use store::{find_product, list_categories, note_currency};
        pub use views::staff_places;
        pub use words::index_products_again;
    }
}
