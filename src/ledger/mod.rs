//! The books: accounts, transfers between them by double entry, and holds.

mod rules;

pub use rules::{
    LARGEST_AMOUNT, Refused, Side, Standing, check_account_name, check_amount, check_code,
    check_id, check_memo,
};

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod account;
        mod account_page;
        mod account_rest;
        mod accounts_page;
        mod balance_chart;
        mod book;
        mod csv;
        mod demo;
        mod exports;
        mod filter;
        pub mod forms;
        mod hledger;
        mod hold_rest;
        mod hold_store;
        mod holds;
        mod journal;
        mod journal_page;
        mod page_store;
        mod parts;
        mod posting;
        mod purchase;
        pub mod rest;
        mod store;
        mod sums;
        mod top_up_page;
        mod transfer;
        mod trial_balance;
        mod verify;
        mod wallet;
        mod wallet_page;
        mod words;

        pub use account::{Account, NewAccount, create_account};
        pub use account_page::LedgerAccountPage;
        pub use accounts_page::{LedgerPage, NewAccountPage};
        pub use book::TOO_LITTLE;
        pub use demo::{seed_demo, seed_demo_until};
        pub use filter::{JournalFilter, JournalQuery};
        pub use holds::{
            Hold, HoldStatus, NewHold, capture_hold, create_hold, expire_holds, void_hold,
        };
        pub use journal::{JournalRow, explain_journal, list_journal};
        pub use journal_page::JournalPage;
        pub use page_store::index_accounts_again;
        pub use posting::{Kind, Posting, Transfer};
        pub use purchase::{
            GivenBack, Purchase, PurchaseBooks, PurchasePart, find_missing_refunds, find_purchase,
        };
        pub use sums::{Sums, count_unbalanced, sum_entries};
        pub use top_up_page::TopUpPage;
        pub use transfer::{
            NewTransfer, TransferBatch, post, post_batch, reverse_transfer, transfer,
        };
        pub use trial_balance::TrialBalancePage;
        pub use verify::{Finding, verify_ledger};
        pub use wallet::{find_wallet, open_wallet, top_up};
        pub use wallet_page::WalletPage;
        pub use words::index_transfers_again;
    }
}
