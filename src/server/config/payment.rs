//! The section `[payment]`: the bank account that customers transfer to.

use crate::orders::BankAccount;
use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct PaymentConfig {
    pub account_holder: String,
    pub account_number: String,
    pub bank_name: String,
    pub bic: String,
}

impl PaymentConfig {
    pub(super) fn check(&self) -> Result<()> {
        ensure!(
            self.account_holder.is_empty() == self.account_number.is_empty(),
            "payment.account_holder and payment.account_number belong together: give both or neither"
        );
        ensure!(
            !looks_like_iban(&self.account_number) || is_iban(&self.account_number),
            "payment.account_number begins like an IBAN, and its check digits are wrong"
        );
        Ok(())
    }

    /// Returns the account that customers transfer to; `None` if there is none. Development falls
    /// back to one that says it is not real.
    pub fn account(&self, development: bool) -> Option<BankAccount> {
        if !self.account_number.is_empty() {
            return Some(BankAccount {
                holder: self.account_holder.clone(),
                number: self.account_number.clone(),
                bank: self.bank_name.clone(),
                bic: self.bic.clone(),
            });
        }
        development.then(|| BankAccount {
            holder: "Guildhall demo, transfer nothing".to_owned(),
            number: "DEMO 0000 0000 0000".to_owned(),
            bank: "No real bank".to_owned(),
            bic: String::new(),
        })
    }
}

fn compact(text: &str) -> String {
    text.chars().filter(|c| *c != ' ').collect()
}

/// Tests for two letters, two digits and enough length, unlike account numbers of countries without IBANs.
fn looks_like_iban(text: &str) -> bool {
    let text = compact(text);
    let bytes = text.as_bytes();
    (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_alphabetic)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
}

/// Checks ISO 13616: the first four characters moved to the end, letters as 10 to 35, modulo 97 is 1.
fn is_iban(text: &str) -> bool {
    let text = compact(text);
    let (start, rest) = text.split_at(4);
    let mut digits = rest.chars().chain(start.chars()).map(|c| c.to_digit(36));
    let remainder = digits.try_fold(0, |sum, digit| {
        let digit = digit?;
        let shift = if digit > 9 { 100 } else { 10 };
        Some((sum * shift + digit) % 97)
    });
    remainder == Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(holder: &str, number: &str) -> PaymentConfig {
        PaymentConfig {
            account_holder: holder.to_owned(),
            account_number: number.to_owned(),
            ..PaymentConfig::default()
        }
    }

    #[test]
    fn an_account_is_whole_and_its_iban_right() {
        let right = [
            ("", ""),
            ("Hall Ltd", "DE89 3704 0044 0532 0130 00"),
            ("Hall Ltd", "GB82WEST12345698765432"),
            ("Hall Ltd", "6222 0212 3456 7890 123"),
        ];
        for (holder, number) in right {
            assert!(config(holder, number).check().is_ok(), "{number}");
        }
        let wrong = [
            ("Hall Ltd", ""),
            ("", "DE89 3704 0044 0532 0130 00"),
            ("Hall Ltd", "DE88 3704 0044 0532 0130 00"),
        ];
        for (holder, number) in wrong {
            assert!(config(holder, number).check().is_err(), "{number}");
        }
    }

    #[test]
    fn production_makes_no_account_up() {
        assert_eq!(config("", "").account(false), None);
        let demo = config("", "").account(true).expect("one to look at");
        assert!(demo.holder.contains("transfer nothing"));
        let own = config("Hall Ltd", "1").account(true).expect("its own");
        assert_eq!(own.holder, "Hall Ltd");
    }
}
