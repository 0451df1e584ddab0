//! Wallets: a person's own account with the company, and what an order does to it.

mod balance;
mod page;
mod purchase;
mod top_up_page;

pub use balance::{
    TopUp, find_wallet, is_wallet, open, open_bank, open_wallet, read_wallet, top_up,
};
pub use page::{ON_A_PAGE, WalletPage};
pub use purchase::{
    GivenBack, Purchase, PurchaseBooks, PurchasePart, find_missing_refunds, find_purchase,
};
pub use top_up_page::{TopUpFields, TopUpPage};
