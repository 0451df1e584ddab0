//! Transfers before and after they are posted, and who may post which.

use crate::accounts::User;
use crate::clock::{Clock, Timestamp};
use crate::error::AppError;
use crate::i18n::t;
use crate::ledger::accounts::{Account, no_such_account};
use crate::ledger::rules::KEPT_IDS;
use crate::money::Currency;
use crate::server::telemetry::traces::here;
use crate::server::{IdempotencyKey, trace_id};
use crate::words::words;

words!(
    /// The kind of a transfer.
    pub enum Kind {
        Transfer = "transfer",
        TopUp = "top_up",
        /// The capture of a hold.
        Capture = "capture",
        /// The reversal of another transfer.
        Reversal = "reversal",
        /// The payment for an order, by bank transfer, into the customer's wallet.
        Payment = "payment",
        /// The refund of what was paid for an order.
        Refund = "refund",
    }

    fn unknown(_: &str) -> &'static str {
        t!("ledger-kind-unknown")
    }
);

impl Kind {
    pub fn label(self) -> &'static str {
        match self {
            Self::Transfer => t!("ledger-kind-transfer"),
            Self::TopUp => t!("ledger-kind-top-up"),
            Self::Capture => t!("ledger-kind-capture"),
            Self::Reversal => t!("ledger-kind-reversal"),
            Self::Payment => t!("ledger-kind-payment"),
            Self::Refund => t!("ledger-kind-refund"),
        }
    }
}

/// A posted transfer.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Transfer {
    pub seq: i64,
    pub id: String,
    pub debit_account_id: i64,
    pub credit_account_id: i64,
    pub amount: i64,
    pub currency: Currency,
    pub kind: Kind,
    /// A reference, such as an order's number.
    pub reference: String,
    pub memo: String,
    /// The id of the transfer it reverses.
    pub reverses: Option<String>,
    pub posted_at: Timestamp,
    /// The balances of the two accounts afterwards.
    pub debit_balance: i64,
    pub credit_balance: i64,
}

/// A transfer to be posted.
#[derive(Clone, Debug)]
pub struct Posting {
    /// Set it by [`Posting::under`].
    pub id: String,
    /// True if it may have been posted before under this id.
    pub repeatable: bool,
    pub debit_account_id: i64,
    pub credit_account_id: i64,
    pub amount: i64,
    pub kind: Kind,
    pub reference: String,
    pub memo: String,
    /// The transfer it reverses: its position in the journal and its id.
    pub reverses: Option<(i64, String)>,
    /// The hold it captures, by its `seq`.
    pub hold: Option<i64>,
    pub actor: Option<i64>,
    /// The trace id of the request it comes from.
    pub trace_id: String,
    /// The span it belongs to there.
    pub span_id: String,
}

impl Posting {
    /// Creates a posting between two accounts, with a new id.
    pub fn new(kind: Kind, debit_account_id: i64, credit_account_id: i64, amount: i64) -> Self {
        Self {
            id: new_id(),
            repeatable: false,
            debit_account_id,
            credit_account_id,
            amount,
            kind,
            reference: String::new(),
            memo: String::new(),
            reverses: None,
            hold: None,
            actor: None,
            trace_id: trace_id(),
            span_id: here().span_id,
        }
    }

    /// Sets an id that may come again: a client chose it, or it follows from what the posting is for.
    pub fn under(self, id: String) -> Self {
        Self {
            id,
            repeatable: true,
            ..self
        }
    }

    /// Returns true if this posting is what was posted.
    pub fn is(&self, posted: &Transfer) -> bool {
        (self.debit_account_id, self.credit_account_id, self.amount)
            == (
                posted.debit_account_id,
                posted.credit_account_id,
                posted.amount,
            )
            && (self.kind, &self.memo, &self.reference)
                == (posted.kind, &posted.memo, &posted.reference)
    }
}

/// Returns a new unique id. It begins with the time, so that ids of one time are adjacent in their index and
/// many of them are few pages to write.
pub fn new_id() -> String {
    let time = Clock::System.now().micros();
    format!("{time:016x}{:016x}", rand::random::<u64>())
}

/// Derives the id of what a client creates under an idempotency key without choosing an id itself; `None`
/// without a key.
pub fn id_under_key(once: &IdempotencyKey, user: &User) -> Option<String> {
    let derived = once.derived_id(user.id)?;
    Some(format!("{KEPT_IDS}key-{derived}"))
}

/// The accounts that a transfer may touch.
#[derive(Clone, Copy, Debug)]
pub enum Rights {
    All,
    /// From this user's accounts, to those of any person.
    Own(i64),
}

impl Rights {
    pub fn of(user: &User) -> Self {
        if user.role.is_staff() {
            Self::All
        } else {
            Self::Own(user.id)
        }
    }

    pub fn allow(self, from: &Account, to: &Account) -> Result<(), AppError> {
        match self {
            Self::Own(user) if from.owner_id != Some(user) || to.owner_id.is_none() => {
                Err(no_such_account())
            }
            _ => Ok(()),
        }
    }
}
