//! Orders: the checkout, and the way of an order from placed to delivered.
//!
//! What happened to an order is kept as a list of events that nobody changes or deletes
//! (`orders/event.rs`). The order's row is what those events make of it, folded one by one
//! (`orders/state.rs`) and written in the transaction that writes the event. So the page of an order can
//! show it as it stood after any event, with what was reserved and booked for it then, and `guildhall
//! verify orders` folds every history again and compares.
//!
//! The way of an order is data: a table in `orders/rules.rs` says from which states a step may be taken,
//! where it leads, and who may take it. Pages draw their buttons from it, the API and the forms ask it,
//! and a refusal names the steps that are possible. A flag holds an order back before it is packed or
//! shipped; it is an event like the others and no state of its own, and `steps/flag.rs` says who may set it.
//!
//! An order is always paid from its customer's wallet. The price is held when the order is paid (money
//! that comes in at the bank goes through the wallet first), captured when it is packed, and given back by
//! a refund of its own. Stock is reserved when the order is placed, leaves the house when it is shipped,
//! and comes back when the order is cancelled or expires.
//!
//! Whoever changes several things locks them in one order, so that no two wait for each other:
//!
//! 1. the key of the request (`submissions`), which a second request with the same key waits for;
//! 2. the order's row, or, where there is none yet, the customer's cart;
//! 3. the products, by their ids;
//! 4. the numbers of the year, where a new order takes the next one (an advisory lock on PostgreSQL);
//! 5. the hold in the books that is captured or let go of, and never two of them;
//! 6. the accounts in the books, by their ids.
//!
//! On SQLite there is one writer, and all of this comes down to the transaction itself.
//!
//! A return and a refund say what they move: items, an amount, or all of it. Nothing said is a mistake, and
//! gives nothing back.
//!
//! The checkout carries what the person has seen: each product with its price and quantity. What is
//! another by now is refused with the difference, and the page comes back with what was typed and the
//! prices of now.

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
