//! The catalogue: products, their categories, stock and pictures.

mod api;
pub mod islands;
mod rules;

pub use api::suggest_products;
pub use rules::{
    LARGEST, LARGEST_QUANTITY, OUT_OF_STOCK, Slug, check_category_name, check_description,
    check_picture_alt, check_price, check_product_name, check_quantity, check_reason, check_stock,
    parse_stock_change, shortage,
};

use serde::{Deserialize, Serialize};

/// A suggestion of the search field: enough to choose by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    pub name: String,
    pub slug: String,
    /// The price as displayed, with the currency's sign.
    pub price: String,
}

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod categories;
        mod components;
        mod demo;
        pub mod forms;
        mod generate;
        mod home;
        mod list;
        pub mod pages;
        mod pictures;
        mod product;
        pub mod rest;
        pub mod simple_api;
        mod stock;

        pub use categories::CategoriesPage;
        pub use components::staff_places;
        pub use demo::seed_demo;
        pub use generate::seed_products;
        pub use home::HomePage;
        pub use list::{
            ProductFilter, ShopCache, Sort, State, count_by_category, explain_products,
            index_products_again, list_products,
        };
        pub use pictures::PictureWorkshop;
        pub use product::{
            Category, EditProductPage, NewProduct, NewProductPage, Picture, Product, ProductChange,
            ProductKey, StockLevel, create_product, find_product, list_categories, note_currency,
            update_product,
        };
        pub use stock::{
            ListShipments, Shipment, StockChange, adjust_within, release_stock, reserve_stock, restock, ship_stock,
        };
    }
}
