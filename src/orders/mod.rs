//! Orders: the cart, the checkout, and the way of an order from placed to delivered.

mod address;
mod api;
mod event;
pub mod islands;
mod rules;
mod state;

pub use address::Address;
pub use api::{CartAnswer, change_cart};
pub use event::{Event, Line, Placement, RefundTo, ReturnedLine};
pub use rules::{
    Actor, Delivery, LARGEST_QUANTITY, Payment, Status, Step, check_quantity, check_reason,
};
pub use state::OrderState;

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod cart;
        mod cart_answer;
        mod cart_change;
        pub mod cart_forms;
        mod cart_limits;
        mod cart_merge;
        mod cart_owner;
        mod cart_page;
        mod cart_rest;
        mod cart_rules;
        mod cart_store;
        mod cart_summary;
        mod cart_tool;
        mod cart_writing;
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

        pub use cart::{Cart, CartLine, read_cart};
        pub use cart_change::delete_old_carts;
        pub use cart_merge::bring_cart;
        pub use cart_owner::CartOwner;
        pub use cart_page::CartPage;
        pub use cart_tool::CartTool;
        pub use checkout::{NewItem, NewOrder, place_order};
        pub use count::{FoldCount, StockCount, count_folds, count_stock};
        pub use expire::expire_orders;
        pub use numbers::Numbering;
        pub use order::{Order, OrderEvent, find_order, list_events};
        pub use steps::{Command, perform, perform_within};
        pub use verify::verify_orders;
    }
}
