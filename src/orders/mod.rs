//! Orders: the cart, the checkout, and the way of an order from placed to delivered.

mod address;
mod api;
mod cart_dom;
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
        mod all_orders_page;
        mod as_of;
        mod bank;
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
        mod checkout_page;
        mod count;
        mod countries;
        mod demo;
        mod demo_story;
        mod expire;
        mod flag;
        pub mod forms;
        mod history;
        mod manual_forms;
        mod manual_page;
        mod my_orders_page;
        mod new_order;
        mod numbers;
        mod order;
        mod order_filter;
        mod order_list;
        mod order_page;
        mod order_parts;
        mod packing_page;
        mod page_store;
        pub mod rest;
        mod saved_view_forms;
        mod saved_views;
        mod saved_views_section;
        mod step_forms;
        mod step_panel;
        mod steps;
        mod stock;
        mod store;
        mod thanks_page;
        mod verify;
        mod wording;

        pub use all_orders_page::{AllOrdersPage, staff_places};
        pub use bank::{BankAccount, transfer_until};
        pub use cart::{Cart, CartLine, read_cart};
        pub use cart_change::delete_old_carts;
        pub use cart_merge::bring_cart;
        pub use cart_owner::CartOwner;
        pub use cart_page::CartPage;
        pub use cart_tool::CartTool;
        pub use checkout::place_order;
        pub use checkout_page::CheckoutPage;
        pub use count::{FoldCount, StockCount, count_folds, count_stock};
        pub use countries::address_line;
        pub use demo::seed_demo;
        pub use expire::expire_orders;
        pub use manual_page::NewOrderPage;
        pub use my_orders_page::MyOrdersPage;
        pub use new_order::{NewItem, NewOrder, Seen};
        pub use numbers::{Numbering, order_path};
        pub use order::{By, Order, OrderEvent, find_order, list_events, lock_order, read_order};
        pub use order_page::OrderPage;
        pub use packing_page::{PackingListPage, PackingListsPage};
        pub use steps::{Command, perform, perform_within};
        pub use stock::list_shipments;
        pub use thanks_page::ThanksPage;
        pub use verify::verify_orders;
    }
}
