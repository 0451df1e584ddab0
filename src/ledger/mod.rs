//! The books: accounts, transfers between them by double entry, and holds.

mod rules;

pub use rules::{LARGEST_AMOUNT, Refused, Side, Standing};

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod account;
        mod book;
        mod holds;
        pub mod rest;
        mod store;
        mod transfer;
        mod verify;
        mod wallet;

        pub use account::{Account, NewAccount, create_account};
        pub use holds::{Hold, HoldStatus, NewHold, capture_hold, create_hold, expire_holds, void_hold};
        pub use transfer::{Kind, NewTransfer, Posting, Transfer, post, post_batch, reverse_transfer, transfer};
        pub use verify::{Finding, verify_ledger};
        pub use wallet::{BANK, open_wallet, top_up};
    }
}
