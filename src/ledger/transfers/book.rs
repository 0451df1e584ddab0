//! The accounts that a piece of work touches: locked, changed in memory, written back once.

use crate::error::AppError;
use crate::i18n::t;
use crate::ledger::accounts::{Account, name_of, no_such_account};
use crate::ledger::{Refused, Side, Standing, store};
use crate::money::Money;
use crate::server::Conn;
use std::collections::{BTreeMap, BTreeSet};

/// Error code: the account has less than that.
pub const TOO_LITTLE: u16 = 3101;
/// Error code: the two accounts have different currencies.
pub const TWO_CURRENCIES: u16 = 3102;
/// Error code: from an account to itself.
pub const SAME_ACCOUNT: u16 = 3103;
/// Error code: more than an account can hold.
pub const OVERFLOW: u16 = 3104;

pub struct Book {
    accounts: BTreeMap<i64, Account>,
    changed: BTreeSet<i64>,
}

impl Book {
    /// Reads and locks the accounts, in the order of their ids, until the transaction ends. Ids without an
    /// account are left out.
    pub async fn open(
        conn: &mut Conn,
        ids: impl IntoIterator<Item = i64>,
    ) -> Result<Self, AppError> {
        let ids: BTreeSet<i64> = ids.into_iter().collect();
        let accounts = store::lock_accounts(conn, ids).await?;
        Ok(Self {
            accounts: accounts
                .into_iter()
                .map(|account| (account.id, account))
                .collect(),
            changed: BTreeSet::new(),
        })
    }

    pub fn account(&self, id: i64) -> Result<&Account, AppError> {
        self.accounts.get(&id).ok_or_else(no_such_account)
    }

    /// Debits one account and credits the other, both or neither, and returns their balances.
    pub fn post(&mut self, debit: i64, credit: i64, amount: i64) -> Result<(i64, i64), AppError> {
        let (from, to) = self.pair(debit, credit)?;
        let given = try_post(from, Side::Debit, amount)?;
        let taken = try_post(to, Side::Credit, amount)?;
        self.put(debit, given);
        self.put(credit, taken);
        Ok((given.balance, taken.balance))
    }

    /// Sets aside the amount of a later posting.
    pub fn hold(&mut self, debit: i64, credit: i64, amount: i64) -> Result<(), AppError> {
        let (from, to) = self.pair(debit, credit)?;
        let refuse = |account: &Account, refused| refusal(account, refused);
        let given = from.standing.hold(Side::Debit, amount);
        let given = given.map_err(|refused| refuse(from, refused))?;
        let taken = to.standing.hold(Side::Credit, amount);
        let taken = taken.map_err(|refused| refuse(to, refused))?;
        self.put(debit, given);
        self.put(credit, taken);
        Ok(())
    }

    /// Releases what [`Book::hold`] set aside.
    pub fn release(&mut self, debit: i64, credit: i64, amount: i64) -> Result<(), AppError> {
        let given = self.account(debit)?.standing.release(Side::Debit, amount);
        let taken = self.account(credit)?.standing.release(Side::Credit, amount);
        self.put(debit, given);
        self.put(credit, taken);
        Ok(())
    }

    /// Writes the changed accounts.
    pub async fn close(self, conn: &mut Conn) -> Result<(), AppError> {
        let standing = |id: &i64| (*id, self.accounts[id].standing);
        let standings: Vec<_> = self.changed.iter().map(standing).collect();
        Ok(store::update_standings(conn, &standings).await?)
    }

    fn pair(&self, debit: i64, credit: i64) -> Result<(&Account, &Account), AppError> {
        let (from, to) = (self.account(debit)?, self.account(credit)?);
        if debit == credit {
            let message = t!("ledger-same-account");
            return Err(AppError::conflict(SAME_ACCOUNT, message));
        }
        if from.currency != to.currency {
            let message = t!(
                "ledger-two-currencies",
                from = from.currency.code(),
                to = to.currency.code()
            );
            return Err(AppError::conflict(TWO_CURRENCIES, message));
        }
        Ok((from, to))
    }

    fn put(&mut self, id: i64, standing: Standing) {
        if let Some(account) = self.accounts.get_mut(&id)
            && account.standing != standing
        {
            account.standing = standing;
            self.changed.insert(id);
        }
    }
}

fn try_post(account: &Account, side: Side, amount: i64) -> Result<Standing, AppError> {
    let posted = account.standing.post(side, amount);
    posted.map_err(|refused| refusal(account, refused))
}

fn refusal(account: &Account, refused: Refused) -> AppError {
    match refused {
        Refused::TooLittle { available } => {
            let available = Money::new(available, account.currency);
            let message = t!(
                "ledger-too-little",
                available = available.to_string(),
                account = name_of(&account.code, &account.name)
            );
            AppError::conflict(TOO_LITTLE, message)
        }
        Refused::Overflow => {
            let name = name_of(&account.code, &account.name);
            let message = t!("ledger-overflow", account = name);
            AppError::conflict(OVERFLOW, message)
        }
    }
}
