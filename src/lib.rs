//! Guildhall: a small company in one binary.
//!
//! The crate is compiled twice: with `ssr` it is the server, with `hydrate` it is the WebAssembly
//! that wakes the islands in the server's pages. `docs/architecture.md` is the map.

// In the browser every text is empty, so that what differs by its text alone seems to be the same.
#![cfg_attr(
    not(feature = "ssr"),
    allow(clippy::manual_string_new, clippy::match_same_arms)
)]

pub mod accounts;
pub mod cart;
pub mod catalog;
pub mod clock;
pub mod error;
pub mod events;
pub mod i18n;
pub mod ledger;
pub mod money;
pub mod number;
pub mod ops;
pub mod orders;
pub mod tasks;
pub mod text;
pub mod trials;
pub mod ui;
mod words;

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        pub mod app;
        pub mod importing;
        pub mod markdown;
        mod order_number;
        mod outbox;
        pub mod plurals;
        pub mod proof;
        pub mod search;
        pub mod seed;
        pub mod server;
        mod spreadsheet;
    }
}
