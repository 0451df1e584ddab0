//! The cart: a visitor's or a person's, shown beside what can be had now and at what price.
//!
//! A visitor's cart hangs on a cookie of 128 random bits, of which the database has the hash; a person's
//! on who they are, whatever cookie they carry. Neither exists before something is put in: looking, and
//! any GET, makes none. A token that the database does not know is never taken over for a new cart. At
//! sign-in (`cart/writes/merge.rs`, around the forms of the accounts) the visitor's cart goes to the
//! person's and ends. A cart that nobody writes in for 30 days is dropped, and its cookie ends then too.
//!
//! Every write takes the cart's row first, so what two tabs do comes one after the other. An add counts
//! once for its form's key where somebody is signed in, and else once in a second for each product: the
//! shop's list is the same for everybody and can hold no key. Nothing in a cart is promised: prices and
//! stock are read anew at each look, `seen_price` is the price that was agreed to last, and the checkout
//! decides.
//!
//! The forms that put something in are plain markup wherever they stand. One island, the badge in the
//! header, listens for them on the whole page, shows at once what they will come to, and takes it back
//! where the server says no. Without a cart the badge costs no query; with one, one.

mod api;
mod in_place;
pub mod islands;
mod live;

pub use api::change_cart;

use serde::{Deserialize, Serialize};

/// What came of a change of the cart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartAnswer {
    /// Whether it was made. A refusal is an answer as well: the island takes back what it showed ahead.
    pub agreed: bool,
    /// How many things there are in the cart now.
    pub count: i64,
    /// When they were counted: microseconds since 1970, by the server's clock.
    pub at: i64,
    /// What to say about it; nothing where it speaks for itself.
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

        pub use badge::CartTool;
        pub use contents::{Cart, CartLine, find_cart_within, read_cart};
        pub use owner::CartOwner;
        pub use page::CartPage;
        pub use store::{CartItem, empty_cart, list_cart_items, lock_cart_of};
        pub use writes::{bring_cart, delete_old_carts};
    }
}
