//! The books: accounts, transfers between them by double entry, and holds.

mod rules;

pub use rules::{
    LARGEST_AMOUNT, Refused, Side, Standing, check_account_name, check_amount, check_code,
    check_id, check_memo,
};

cfg_select! {
    feature = "ssr" => {
        mod accounts;
        mod components;
        mod demo;
        pub mod forms;
        mod holds;
        mod journal;
        pub mod rest;
        mod store;
        mod sums;
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
        pub use sums::{Sums, count_unbalanced, sum_entries};
        pub use transfers::{
            Kind, NewTransfer, Posting, TOO_LITTLE, Transfer, TransferBatch, post, post_batch,
            reverse_transfer, transfer,
        };
        pub use verify::{Finding, verify_ledger};
        pub use wallet::{
            GivenBack, Purchase, PurchaseBooks, PurchasePart, TopUpPage, WalletPage,
            find_missing_refunds, find_purchase, find_wallet, open_wallet, top_up,
        };
    }
    _ => {}
}
