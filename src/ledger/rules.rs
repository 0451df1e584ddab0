//! Rules of double-entry bookkeeping, without input or output.
//!
//! An account has a normal side: debits add to what a bank or a till holds, credits to what is owed to
//! customers or was earned. A transfer debits one account and credits another with the same amount, so the
//! debits of all accounts always equal their credits.

use crate::i18n::t;
use crate::text::Line;
use crate::words::words;

/// The maximum amount of one transfer, in minor units: far below the limit of 64 bits, so that sums of many
/// still fit.
pub const LARGEST_AMOUNT: i64 = 1_000_000_000_000_000;

const LONGEST_MEMO: usize = 200;

words!(
    /// One of the two sides of the books.
    pub enum Side {
        Debit = "debit",
        Credit = "credit",
    }

    fn unknown(_: &str) -> &'static str {
        t!("ledger-side-unknown")
    }
);

/// The state of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub normal_side: Side,
    /// The balance on the normal side.
    pub balance: i64,
    /// The amount that open holds may still take.
    pub held: i64,
    /// The minimum of the balance less the amount held; `None` if there is no limit.
    pub min_balance: Option<i64>,
}

/// The reason why an account cannot take a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The balance would fall below the minimum; `available` can be taken.
    TooLittle { available: i64 },
    /// The balance would overflow 64 bits.
    Overflow,
}

impl Standing {
    /// Returns the amount available; `None` if there is no limit.
    pub fn available(&self) -> Option<i64> {
        let least = self.min_balance?;
        Some(
            self.balance
                .saturating_sub(self.held)
                .saturating_sub(least)
                .max(0),
        )
    }

    /// Returns the account after debiting or crediting `amount`.
    pub fn post(self, side: Side, amount: i64) -> Result<Self, Refused> {
        let balance = if side == self.normal_side {
            self.balance.checked_add(amount)
        } else {
            self.may_give(amount)?;
            self.balance.checked_sub(amount)
        };
        let balance = balance.ok_or(Refused::Overflow)?;
        Ok(Self { balance, ..self })
    }

    /// Returns the account with `amount` set aside for a later posting on `side`. An amount that a posting
    /// would add does not count before it is posted.
    pub fn hold(self, side: Side, amount: i64) -> Result<Self, Refused> {
        if side == self.normal_side {
            return Ok(self);
        }
        self.may_give(amount)?;
        let held = self.held.checked_add(amount).ok_or(Refused::Overflow)?;
        Ok(Self { held, ..self })
    }

    /// Returns the account without a hold it had.
    pub fn release(self, side: Side, amount: i64) -> Self {
        if side == self.normal_side {
            return self;
        }
        let held = self.held.saturating_sub(amount).max(0);
        Self { held, ..self }
    }

    fn may_give(&self, amount: i64) -> Result<(), Refused> {
        match self.available() {
            Some(available) if available < amount => Err(Refused::TooLittle { available }),
            _ => Ok(()),
        }
    }
}

/// Checks the amount of a transfer: more than zero, at most [`LARGEST_AMOUNT`].
pub fn check_amount(amount: i64) -> Result<i64, String> {
    if (1..=LARGEST_AMOUNT).contains(&amount) {
        Ok(amount)
    } else {
        Err(t!("ledger-amount-range", most = LARGEST_AMOUNT.to_string()))
    }
}

/// Checks the memo of a transfer, which must be a single line as typed.
pub fn check_memo(memo: &str) -> Result<String, String> {
    if memo.trim().contains(char::is_control) {
        return Err(t!("ledger-memo-line", most = LONGEST_MEMO));
    }
    Line::optional(memo, LONGEST_MEMO).map(String::from)
}

/// The prefix of ids given by the program. Nobody else may choose such an id, lest a transfer already exist
/// under the id that a capture or a reversal will have.
pub const KEPT_IDS: &str = "guildhall:";

/// Checks the id a client gives a transfer or a hold: 1 to 64 visible ASCII characters, such as a UUID.
pub fn check_id(id: &str) -> Result<String, &'static str> {
    if id.starts_with(KEPT_IDS) {
        Err(t!("ledger-id-kept"))
    } else if (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(id.to_owned())
    } else {
        Err(t!("ledger-id-form"))
    }
}

/// The code of the company's bank account. This code, the next one and all that begin like a wallet's are
/// reserved: an account created under one of them would be taken for the program's.
pub const BANK: &str = "bank";

/// The code of the sales account.
pub const SALES: &str = "sales";

/// The prefix of wallets' codes; the owner's id follows.
pub const WALLET: &str = "wallet-";

/// Checks the code of an account: letters, digits and hyphens.
pub fn check_code(code: &str) -> Result<String, &'static str> {
    let code = code.trim();
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let lower = code.to_lowercase();
    if [BANK, SALES].contains(&&*lower) || lower.starts_with(WALLET) {
        Err(t!("ledger-code-kept"))
    } else if (1..=40).contains(&code.len()) && code.bytes().all(sound) {
        Ok(code.to_owned())
    } else {
        Err(t!("ledger-code-form"))
    }
}

/// Checks the name an account has in lists.
pub fn check_account_name(name: &str) -> Result<String, String> {
    Line::read(name, 80, t!("ledger-name-form")).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wallet(balance: i64) -> Standing {
        Standing {
            normal_side: Side::Credit,
            balance,
            held: 0,
            min_balance: Some(0),
        }
    }

    #[test]
    fn an_account_gives_what_it_has_and_no_more() {
        let after = wallet(100).post(Side::Debit, 60).expect("is there");
        assert_eq!(after.balance, 40);
        assert_eq!(
            after.post(Side::Debit, 41),
            Err(Refused::TooLittle { available: 40 })
        );
        assert_eq!(after.post(Side::Credit, 5).expect("fits").balance, 45);
    }

    #[test]
    fn what_is_held_cannot_be_spent() {
        let held = wallet(100).hold(Side::Debit, 70).expect("is there");
        assert_eq!((held.balance, held.available()), (100, Some(30)));
        assert!(held.post(Side::Debit, 31).is_err());
        assert!(held.hold(Side::Debit, 31).is_err());
        let spent = held.release(Side::Debit, 70).post(Side::Debit, 50);
        assert_eq!(spent.expect("is there").available(), Some(50));
    }

    #[test]
    fn an_account_without_a_limit_may_owe() {
        let bank = Standing {
            normal_side: Side::Debit,
            balance: 0,
            held: 0,
            min_balance: None,
        };
        assert_eq!(bank.post(Side::Credit, 5).expect("may").balance, -5);
        let full = Standing {
            balance: i64::MAX,
            ..bank
        };
        assert_eq!(full.post(Side::Debit, 1), Err(Refused::Overflow));
    }

    #[test]
    fn a_client_chooses_sound_names() {
        assert!(check_id("0195f2c0-7a3e-7bbb-9c1e-000000000001").is_ok());
        assert!(check_id("").is_err() && check_id("two words").is_err());
        assert!(check_id("guildhall:reversal-1").is_err() && check_id("order-1").is_ok());
        assert!(check_code("savings-7").is_ok() && check_code("a b").is_err());
        for kept in ["bank", " Sales", "wallet-7"] {
            assert!(
                check_code(kept).is_err_and(|why| why.contains("kept")),
                "{kept}"
            );
        }
        assert!(check_memo(" lunch ").is_ok_and(|memo| memo == "lunch"));
        assert!(check_memo("two\nlines").is_err());
        assert!(check_amount(0).is_err() && check_amount(-1).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_posted_a_limited_account_stays_within(
            steps in proptest::collection::vec((0_u8..4, 1_i64..1_000), 0..60)
        ) {
            let mut account = wallet(500);
            let mut holds = Vec::new();
            for (what, amount) in steps {
                let next = match what {
                    0 => account.post(Side::Debit, amount),
                    1 => account.post(Side::Credit, amount),
                    2 => account.hold(Side::Debit, amount).inspect(|_| holds.push(amount)),
                    _ => Ok(holds.pop().map_or(account, |held| account.release(Side::Debit, held))),
                };
                account = next.unwrap_or(account);
                prop_assert!(account.balance - account.held >= 0);
                prop_assert_eq!(account.held, holds.iter().sum::<i64>());
            }
        }
    }
}
