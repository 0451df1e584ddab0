//! A ledger account, and who may view it.

use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::ledger::Standing;
use crate::ledger::rules::{BANK, SALES, WALLET};
use crate::money::Currency;

/// The names of the program's own accounts as stored and returned by the API, whatever the language of the
/// request that opened them.
pub const BANK_NAME: &str = "Bank";
pub const SALES_NAME: &str = "Sales";
pub const WALLET_NAME: &str = "Wallet";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: i64,
    /// Unique; for people and exports: `bank`, `wallet-7`.
    pub code: String,
    pub name: String,
    /// The owner; `None` if the account is the company's own.
    pub owner_id: Option<i64>,
    pub currency: Currency,
    pub standing: Standing,
    pub created_at: Timestamp,
}

impl Account {
    /// Returns true if this user may view the account and take from it.
    pub fn is_open_to(&self, user: &User) -> bool {
        user.role.is_staff() || self.owner_id == Some(user.id)
    }
}

/// Returns an account's display name. Accounts that the program made itself are named in the reader's
/// language; no other account can have their codes.
pub fn name_of<'a>(code: &str, name: &'a str) -> &'a str {
    match code.split('.').next().unwrap_or_default() {
        BANK => t!("ledger-account-bank"),
        SALES => t!("ledger-account-sales"),
        code if code.starts_with(WALLET) => t!("ledger-account-wallet"),
        _ => name,
    }
}

pub fn no_such_account() -> AppError {
    AppError::not_found("ledger-account")
}
