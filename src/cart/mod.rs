//! The cart: a visitor's or a person's, shown beside what can be had now and at what price.

mod api;
mod dom;
pub mod islands;

pub use api::{CartAnswer, change_cart};

cfg_select! {
    feature = "ssr" => {
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
    _ => {}
}
