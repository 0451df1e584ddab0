//! Writes to a cart: adding, changing quantities, removing, and merging two carts.

mod change;
mod limits;
mod merge;
mod transaction;

pub use change::{
    Clicked, Price, accept_prices, add_product, delete_old_carts, remove_all, remove_product,
    restore_product, set_quantity,
};
pub use merge::bring_cart;
pub use transaction::Written;
