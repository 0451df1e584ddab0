//! A hold, and who may end it.

use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::ledger::of_orders::{OF_AN_ORDER, ORDER_ID};
use serde::Serialize;
use std::str::FromStr;

/// What became of a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HoldStatus {
    Open,
    Captured,
    Voided,
    Expired,
}

impl HoldStatus {
    pub const ALL: [Self; 4] = [Self::Open, Self::Captured, Self::Voided, Self::Expired];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Captured => "captured",
            Self::Voided => "voided",
            Self::Expired => "expired",
        }
    }
}

impl FromStr for HoldStatus {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == word)
            .ok_or(t!("ledger-hold-status-unknown"))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Hold {
    pub seq: i64,
    pub id: String,
    pub debit_account_id: i64,
    pub credit_account_id: i64,
    pub amount: i64,
    /// What of it was transferred in the end.
    pub captured: i64,
    pub status: HoldStatus,
    pub reference: String,
    pub memo: String,
    /// Who made it; nobody where the program did.
    pub actor_id: Option<i64>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub closed_at: Option<Timestamp>,
}

impl Hold {
    /// Whether this is what was set aside before, for as long.
    pub fn is(&self, before: &Self) -> bool {
        let sums = |hold: &Self| (hold.debit_account_id, hold.credit_account_id, hold.amount);
        let time = |hold: &Self| hold.expires_at.seconds_since(hold.created_at);
        (sums(self), time(self), &self.memo, &self.reference)
            == (sums(before), time(before), &before.memo, &before.reference)
    }

    /// Only an order ends what it set aside, and only who made a hold ends it on another's account.
    pub fn may_be_closed_by(&self, user: &User) -> Result<(), AppError> {
        if self.id.starts_with(ORDER_ID) {
            let message = t!("ledger-hold-of-order", order = self.reference.as_str());
            return Err(AppError::conflict(OF_AN_ORDER, message));
        }
        if user.role.is_staff() || self.actor_id == Some(user.id) {
            return Ok(());
        }
        Err(AppError::forbidden(t!("ledger-hold-of-others")))
    }
}
