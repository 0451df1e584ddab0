//! The cart, the checkout, and the way of an order.

pub mod api;
pub mod at_once;
pub mod cart;
pub mod pages;
pub mod refunds;
pub mod shop_settings;
