//! The accounts of the books: who may see which, and their pages.

mod account;
mod balance_chart;
mod create;
mod list_page;
mod page;
mod rest;
mod store;
mod trial_balance;

pub use account::{Account, BANK_NAME, SALES_NAME, WALLET_NAME, name_of, no_such_account};
pub use balance_chart::{BalanceChart, History};
pub use create::{NewAccount, create_account, visible_account};
pub use list_page::{LedgerPage, NewAccountPage};
pub use page::LedgerAccountPage;
pub use rest::api_router;
pub use store::{index_accounts_again, is_reversed, list_balances};
pub use trial_balance::TrialBalancePage;
