//! The catalogue: lists, products, categories, pictures, search, stock.

pub mod api;
pub mod categories;
pub mod found;
pub mod kept;
pub mod lists;
pub mod once;
pub mod pages;
pub mod paging;
pub mod pictures;
pub mod stock_words;
pub mod translations;
