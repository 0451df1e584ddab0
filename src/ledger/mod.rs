//! The books: accounts, transfers between them by double entry, and holds.
//!
//! Money is kept by double entry: a transfer debits one account and credits another with the same amount, so
//! all debits equal all credits. An account has a normal side, a currency, and a minimum balance that neither
//! a transfer nor a hold may break; a database constraint enforces it once more. Posted transfers are
//! immutable, which triggers enforce; a mistake is corrected by a reversing transfer that names the first. A
//! hold sets an amount aside until it is captured, voided or expires.
//!
//! A transfer's id is chosen by the client: a repeated request gets the same response, and the same id for
//! something else is refused. `ledger/transfers/book.rs` locks the accounts a piece of work touches in the
//! order of their ids, changes them in memory by `ledger/rules.rs`, and writes each once.
//!
//! On SQLite short writes share a commit (`server/db/group.rs`): those that arrive during one commit form the
//! next, each within its own savepoint, and nobody is answered before the commit. Transfers share their
//! statements as well (`server/db/batch.rs`): concurrent ones are posted together, each with its own result,
//! and one by one if that fails. Ids that begin with `guildhall:` are reserved for the program, so that
//! nobody can take the id that a capture or a reversal will have; what an order set aside or captured, only
//! the order can end.
//!
//! **Money stays in the currency it came in.** Bank, sales and every wallet are one account per currency: the
//! first has the plain code, the others a code such as `bank.usd`. Orders keep the currency they were placed
//! in, and products that of their price; a product in another currency than the shop's is shown but not for
//! sale until its price is entered anew. So changing `shop.currency` converts nothing, and the start reports
//! what there is in another currency (`ops/currencies.rs`).
//!
//! `guildhall verify ledger` recomputes all of it from the entries and names what differs.

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
