//! The bookkeeping of an order: authorised, captured, refunded.
//!
//! An order is always paid from the customer's wallet: a bank transfer is credited to the wallet first. The
//! price is held when the order is paid, captured when it is packed, and refunded by a transfer of its own.
//! Only the order may capture or void its hold.

use super::balance::{find_in, open, open_bank, open_wallet};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::ledger::accounts::{Account, SALES_NAME};
use crate::ledger::holds::{
    Hold, HoldStatus, capture_within, find_hold, hold_within, release_within,
};
use crate::ledger::journal::{JournalRow, list_transfers_of};
use crate::ledger::of_orders::ORDER_ID;
use crate::ledger::rules::{BANK, SALES};
use crate::ledger::store::{find_transfers, lock_accounts};
use crate::ledger::transfers::{Kind, Posting, Rights, Transfer, post};
use crate::ledger::{Side, Standing};
use crate::money::Currency;
use crate::server::Conn;

/// The lifetime of an order's hold, which never really expires: it stands until the order releases it.
const HOLD_DAYS: i64 = 36_500;

/// An order, as far as the books are concerned.
#[derive(Clone, Copy, Debug)]
pub struct Purchase<'a> {
    pub number: &'a str,
    pub customer: i64,
    pub currency: Currency,
    pub actor: Option<i64>,
    pub now: Timestamp,
}

impl Purchase<'_> {
    fn id(&self, what: &str) -> String {
        format!("{ORDER_ID}{}{what}", self.number)
    }

    async fn wallet(&self, conn: &mut Conn) -> Result<Account, AppError> {
        open_wallet(conn, self.customer, self.currency, self.now).await
    }

    async fn sales(&self, conn: &mut Conn) -> Result<Account, AppError> {
        let standing = Standing {
            normal_side: Side::Credit,
            balance: 0,
            held: 0,
            min_balance: None,
        };
        let code = SALES.to_owned();
        open(
            conn,
            code,
            SALES_NAME,
            None,
            self.currency,
            standing,
            self.now,
        )
        .await
    }

    fn posting(&self, id: String, kind: Kind, debit: i64, credit: i64, amount: i64) -> Posting {
        Posting {
            reference: self.number.to_owned(),
            actor: self.actor,
            ..Posting::new(kind, debit, credit, amount).under(id)
        }
    }

    /// Sets the price aside in the wallet.
    pub async fn hold(&self, conn: &mut Conn, amount: i64) -> Result<(), AppError> {
        if amount == 0 {
            return Ok(());
        }
        let hold = Hold {
            seq: 0,
            id: self.id(""),
            debit_account_id: self.wallet(conn).await?.id,
            credit_account_id: self.sales(conn).await?.id,
            amount,
            captured: 0,
            status: HoldStatus::Open,
            reference: self.number.to_owned(),
            memo: String::new(),
            actor_id: self.actor,
            created_at: self.now,
            expires_at: self.now.plus_days(HOLD_DAYS),
            closed_at: None,
        };
        hold_within(conn, hold, Rights::All).await?;
        Ok(())
    }

    /// Captures the amount set aside.
    pub async fn capture(&self, conn: &mut Conn, amount: i64) -> Result<(), AppError> {
        if amount > 0 {
            capture_within(conn, &self.id(""), Some(amount), self.actor, self.now).await?;
        }
        Ok(())
    }

    /// Releases the amount set aside.
    pub async fn void(&self, conn: &mut Conn, amount: i64) -> Result<(), AppError> {
        if amount > 0 {
            release_within(conn, &self.id(""), HoldStatus::Voided, self.now).await?;
        }
        Ok(())
    }

    /// Credits a payment received at the bank to the wallet.
    pub async fn pay_in(&self, conn: &mut Conn, amount: i64) -> Result<(), AppError> {
        if amount == 0 {
            return Ok(());
        }
        let (bank, wallet) = (self.bank(conn).await?, self.wallet(conn).await?);
        // The hold that follows needs the sales account as well: all are locked at once, so that no one
        // coming from the other side holds one and waits for the other.
        let all = [bank.id, wallet.id, self.sales(conn).await?.id];
        lock_accounts(conn, all.into()).await?;
        let id = self.id("-payment");
        let posting = self.posting(id, Kind::Payment, bank.id, wallet.id, amount);
        post(conn, posting, self.now).await?;
        Ok(())
    }

    /// Refunds the amount, to the wallet or by the bank. `step` distinguishes this refund from others.
    pub async fn refund(
        &self,
        conn: &mut Conn,
        amount: i64,
        by_bank: bool,
        step: i64,
    ) -> Result<Transfer, AppError> {
        let to = if by_bank {
            self.bank(conn).await?
        } else {
            self.wallet(conn).await?
        };
        let sales = self.sales(conn).await?;
        let id = self.id(&format!("-refund-{step}"));
        let posting = self.posting(id, Kind::Refund, sales.id, to.id, amount);
        post(conn, posting, self.now).await
    }

    async fn bank(&self, conn: &mut Conn) -> Result<Account, AppError> {
        open_bank(conn, self.currency, self.now).await
    }
}

/// A refund that an order has recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenBack<'a> {
    pub number: &'a str,
    /// The order's event that records it.
    pub step: i64,
    pub amount: i64,
    pub by_bank: bool,
}

impl GivenBack<'_> {
    fn id(&self) -> String {
        format!("{ORDER_ID}{}-refund-{}", self.number, self.step)
    }
}

/// Returns the refunds without a transfer of their own in the books: of this amount, and to the bank or to
/// another account as recorded.
pub async fn find_missing_refunds<'a>(
    conn: &mut Conn,
    given: &[GivenBack<'a>],
) -> Result<Vec<GivenBack<'a>>, AppError> {
    let ids: Vec<String> = given.iter().map(GivenBack::id).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let posted = find_transfers(conn, &ids).await?;
    let mut banks = Vec::new();
    for currency in Currency::ALL {
        banks.extend(find_in(conn, BANK, currency).await?.map(|bank| bank.id));
    }
    let is_there = |given: &GivenBack<'_>| {
        posted.iter().any(|transfer| {
            transfer.id == given.id()
                && transfer.amount == given.amount
                && banks.contains(&transfer.credit_account_id) == given.by_bank
        })
    };
    Ok(given
        .iter()
        .filter(|given| !is_there(given))
        .copied()
        .collect())
}

/// The books' records of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PurchaseBooks {
    /// The order's hold, whatever became of it.
    pub hold: Option<Hold>,
    /// The transfers that name the order, oldest first.
    pub transfers: Vec<JournalRow>,
}

/// The part that a transfer plays among those an order makes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PurchasePart {
    /// Received at the bank.
    Payment,
    Capture,
    /// Made by the order's event with this number.
    Refund(i64),
}

impl PurchasePart {
    /// Returns the part of the transfer with this id; `None` if the order did not make it.
    pub fn of(number: &str, id: &str) -> Option<Self> {
        let part = id.strip_prefix(ORDER_ID)?.strip_prefix(number)?;
        match part {
            "-payment" => Some(Self::Payment),
            "-capture" => Some(Self::Capture),
            _ => part
                .strip_prefix("-refund-")?
                .parse()
                .ok()
                .map(Self::Refund),
        }
    }
}

/// Returns the books' records of the order with this number.
pub async fn find_purchase(conn: &mut Conn, number: &str) -> sqlx::Result<PurchaseBooks> {
    /// An order makes a handful by itself; staff may reference it in others.
    const MOST_TRANSFERS: i64 = 200;
    Ok(PurchaseBooks {
        hold: find_hold(conn, &format!("{ORDER_ID}{number}")).await?,
        transfers: list_transfers_of(conn, number, MOST_TRANSFERS).await?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_knows_the_transfers_it_made_itself() {
        let of = |rest: &str| PurchasePart::of("G-7", &format!("{ORDER_ID}{rest}"));
        assert_eq!(of("G-7-payment"), Some(PurchasePart::Payment));
        assert_eq!(of("G-7-capture"), Some(PurchasePart::Capture));
        assert_eq!(of("G-7-refund-12"), Some(PurchasePart::Refund(12)));
        for other in [
            "G-7",
            "G-70-payment",
            "G-8-capture",
            "G-7-refund-",
            "G-7-tip",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
        assert_eq!(PurchasePart::of("G-7", "G-7-payment"), None);
    }
}
