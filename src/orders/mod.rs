//! Orders: the checkout, and an order's life cycle from placed to delivered.
//!
//! An order's history is an append-only list of events (`orders/event.rs`). Its row is the fold of those
//! events (`orders/state.rs`), written in the same transaction as the event. The order's page can therefore
//! show it as it stood after any event, with what was reserved and posted for it then, and `guildhall verify
//! orders` folds every history again and compares.
//!
//! The life cycle is data: a table in `orders/rules.rs` says from which states a step may be taken, where it
//! leads, and who may take it. Pages draw their buttons from it, the API and the forms consult it, and a
//! refusal names the steps that are possible. A flag holds an order back before it is packed or shipped; it
//! is an event like the others, not a state of its own, and `steps/flag.rs` says who may set it.
//!
//! An order is always paid from its customer's wallet. The price is held when the order is paid (a bank
//! transfer goes through the wallet first), captured when it is packed, and returned by a separate refund.
//! Stock is reserved when the order is placed, goes out when it is shipped, and is released when the order is
//! cancelled or expires.
//!
//! A transaction that changes several things locks them in this order, to avoid deadlocks:
//!
//! 1. the request's idempotency key (`submissions`), which a second request with the same key waits for;
//! 2. the order's row or, if there is none yet, the customer's cart;
//! 3. the products, by id;
//! 4. the year's order numbers, when a new order takes the next one (an advisory lock on PostgreSQL);
//! 5. the ledger hold that is captured or voided, never two of them;
//! 6. the ledger accounts, by id.
//!
//! SQLite has a single writer, so the transaction itself is the only lock.
//!
//! A return or a refund must state what it moves: items, an amount, or all of it. Stating nothing is an
//! error, and returns nothing.
//!
//! The checkout form carries what the customer has seen: each product with its price and quantity. If any of
//! it has changed, the order is refused with the difference, and the page comes back with what was typed and
//! the current prices.

mod address;
mod event;
mod rules;
mod state;

pub use address::Address;
pub use event::{Event, Line, Placement, RefundTo, ReturnedLine};
pub use rules::{Actor, Delivery, Payment, Status, Step, check_reason};
pub use state::OrderState;

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod checkout;
        mod demo;
        mod demo_story;
        mod detail;
        pub mod forms;
        mod history;
        mod list;
        mod order;
        pub mod rest;
        mod steps;
        mod store;
        mod verify;

        pub use checkout::{
            BankAccount, CheckoutPage, NewItem, NewOrder, NewOrderPage, Numbering,
            Seen, ThanksPage, address_line, place_order, transfer_until,
        };
        pub use demo::seed_demo;
        pub use detail::{OrderPage, PackingListPage, PackingListsPage};
        pub use list::{AllOrdersPage, MyOrdersPage, staff_places};
        pub use history::{find_order, list_events, lock_order, read_order};
        pub use order::{By, Order, OrderEvent};
        pub use steps::{Command, expire_orders, list_shipments, perform, perform_within};
        pub use verify::{FoldCount, StockCount, count_folds, count_stock, verify_orders};
    }
}
