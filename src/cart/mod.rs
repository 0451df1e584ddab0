//! The cart, a visitor's or a person's, shown with current availability and prices.
//!
//! A visitor's cart is identified by a cookie of 128 random bits, of which the database stores the hash; a
//! person's by their account, whatever cookie they carry. Neither exists before something is added: no GET
//! creates one. A token unknown to the database is never adopted for a new cart. At sign-in
//! (`cart/writes/merge.rs`, around the forms of the accounts) the visitor's cart is merged into the person's
//! and deleted. A cart that is not written to for 30 days is deleted, and its cookie expires then too.
//!
//! Every write locks the cart's row first, so changes from two tabs happen one after the other. An
//! add counts once per key of its form if somebody is signed in, and otherwise once a second per
//! product: the shop's list is the same for everybody and can hold no key. Nothing in a cart is
//! promised: prices and stock are read afresh for each view, `seen_price` is the price last agreed
//! to, and the checkout decides.
//!
//! The forms that add something are plain markup wherever they are. One island, the badge in the
//! header, listens for them on the whole page, shows the expected outcome at once, and rolls it
//! back if the server refuses. Without a cart the badge costs no query; with one, one a second at most.

mod api;
mod in_place;
pub mod islands;
mod live;

pub use api::change_cart;

use serde::{Deserialize, Serialize};

/// The result of a change to the cart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartAnswer {
    /// True if it was made. A refusal is a response as well: the island rolls back what it showed ahead.
    pub agreed: bool,
    /// The number of items in the cart now.
    pub count: i64,
    /// The instant of the count: microseconds since 1970, by the server's clock.
    pub at: i64,
    /// The message to show; empty if none is needed.
    pub said: String,
}

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod answer;
        mod badge;
        mod contents;
        pub mod forms;
        mod owner;
        mod page;
        pub mod rest;
        mod rules;
        mod store;
        mod summary;
        mod writes;

        pub use badge::{CartCounts, CartTool, badge};
        pub use contents::{Cart, CartLine, find_cart_within, read_cart};
        pub use owner::{CART_COOKIE, CartOwner};
        pub use page::CartPage;
        pub use store::{CartItem, empty_cart, list_cart_items, lock_cart_of};
        pub use writes::{bring_cart, delete_old_carts};
    }
}
