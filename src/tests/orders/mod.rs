//! The cart, the checkout, and the way of an order.

pub mod at_once;
mod browsers;
pub mod cart;
mod cart_api;
mod cart_owners;
mod cart_refusals;
pub mod carts;
mod checkout_pages;
mod lifecycle;
mod list_pages;
mod order_pages;
pub mod refunds;
mod refusals;
mod reservations;
pub mod shop_settings;
