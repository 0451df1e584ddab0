//! The books: accounts, transfers between them by double entry, and holds.
//!
//! Money is kept by double entry: a transfer debits one account and credits another with the same
//! amount, so all debits equal all credits. An account has a normal side, a currency, and a least
//! balance that neither a transfer nor a hold may break; a constraint says the same once more. What is
//! posted stays, which triggers enforce; a mistake is corrected by a transfer back that names the first.
//! A hold sets an amount aside until it is captured, voided or expires.
//!
//! A transfer's id is chosen by whoever asks for it: the same again gives the same answer, and the same
//! id for something else is refused. `ledger/transfers/book.rs` locks the accounts a piece of work touches, in the
//! order of their ids, changes them in memory by `ledger/rules.rs`, and writes each once.
//!
//! On SQLite short writes share a commit (`server/db/group.rs`): those that come while the disk is busy
//! with one commit are the next, each within a savepoint of its own, and nobody is answered before the
//! commit. Transfers share their statements as well (`server/db/batch.rs`): those of one moment are posted
//! together, each with its own result, and where that fails each by itself. Ids that begin with
//! `guildhall:` are the program's own, so that nobody can take the name that a capture or a reversal will
//! have; what an order set aside or captured, the order alone can end.
//!
//! **Money stays in the currency it came in.** Bank, sales and every wallet are one account for each currency:
//! the first has the plain code, the others a code such as `bank.usd`. Orders keep the currency they were
//! placed in, and a product the one its price was written in; where that is not the shop's, it is shown and
//! not for sale until its price is written anew. So a changed `shop.currency` turns nothing into something
//! else, and the start says what there is in another one (`ops/currencies.rs`).
//!
//! `guildhall verify ledger` works all of it out again from the entries and names what differs.

mod rules;

pub use rules::{
    LARGEST_AMOUNT, Refused, Side, Standing, check_account_name, check_amount, check_code,
    check_id, check_memo,
};

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod accounts;
        mod components;
        mod demo;
        pub mod forms;
        mod holds;
        mod journal;
        mod of_orders;
        pub mod rest;
        mod store;
        mod transfers;
        mod verify;
        mod wallet;

        pub use accounts::{
            Account, LedgerAccountPage, LedgerPage, NewAccount, NewAccountPage, TrialBalancePage,
            create_account, index_accounts_again,
        };
        pub use demo::{seed_demo, seed_demo_until};
        pub use holds::{
            Hold, HoldStatus, NewHold, capture_hold, create_hold, expire_holds, void_hold,
        };
        pub use journal::{
            JournalFilter, JournalPage, JournalQuery, JournalRow, explain_journal,
            index_transfers_again, list_journal,
        };
        pub use transfers::{
            Kind, NewTransfer, Posting, TOO_LITTLE, Transfer, TransferBatch, post, transfer_many,
            reverse_transfer, transfer,
        };
        pub use verify::{Sums, count_unbalanced, sum_entries, verify_ledger};
        pub use wallet::{
            GivenBack, Purchase, PurchaseBooks, PurchasePart, TopUpPage, WalletPage,
            find_missing_refunds, find_purchase, find_wallet, open_wallet, top_up,
        };
    }
}
