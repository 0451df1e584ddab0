//! Orders: the checkout, and the way of an order from placed to delivered.

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

cfg_select! {
    feature = "ssr" => {
        mod checkout;
        mod demo;
        mod demo_story;
        mod detail;
        pub mod forms;
        mod list;
        mod order;
        mod recount;
        pub mod rest;
        mod steps;
        mod store;
        mod verify;

        pub use checkout::{
            BankAccount, CheckoutPage, NewItem, NewOrder, NewOrderPage, Numbering, OUT_OF_STOCK,
            Seen, ThanksPage, address_line, order_path, place_order, shortage, transfer_until,
        };
        pub use demo::seed_demo;
        pub use detail::{OrderPage, PackingListPage, PackingListsPage};
        pub use list::{AllOrdersPage, MyOrdersPage, staff_places};
        pub use order::{By, Order, OrderEvent, find_order, list_events, lock_order, read_order};
        pub use recount::{FoldCount, StockCount, count_folds, count_stock};
        pub use steps::{Command, expire_orders, list_shipments, perform, perform_within};
        pub use verify::verify_orders;
    }
    _ => {}
}
