//! Orders: the cart, the checkout, and the way of an order from placed to delivered.

mod address;
mod event;
mod rules;
mod state;

pub use address::Address;
pub use event::{Event, Line, Placement, RefundTo, ReturnedLine};
pub use rules::{
    Actor, Delivery, LARGEST_QUANTITY, Payment, Status, Step, check_quantity, check_reason,
};
pub use state::OrderState;

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod cart_store;
        mod checkout;
        mod count;
        mod expire;
        mod numbers;
        mod order;
        pub mod rest;
        mod steps;
        mod stock;
        mod store;
        mod verify;

        pub use checkout::{NewItem, NewOrder, place_order};
        pub use count::{FoldCount, StockCount, count_folds, count_stock};
        pub use expire::expire_orders;
        pub use numbers::Numbering;
        pub use order::{By, Order, OrderEvent, find_order, list_events, lock_order, read_order};
        pub use steps::{Command, perform, perform_within};
        pub use verify::verify_orders;
    }
}
