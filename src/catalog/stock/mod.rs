//! The stock: what comes in and goes out, and why.

mod change;
mod log;
mod rest;
mod section;
mod store;

pub use change::{
    StockChange, adjust_stock, adjust_within, log_change, release_stock, reserve_stock, restock,
    set_stock, ship_stock,
};
pub use log::{ListShipments, Shipment, StockChangeLine, list_stock_changes};
pub use rest::api_router;
pub use section::StockSection;
pub use store::StockLevel;
