//! A hold, and who may end it.

use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::ledger::of_orders::{OF_AN_ORDER, ORDER_ID};
use crate::words::words;

words!(
    /// The status of a hold.
    pub enum HoldStatus {
        Open = "open",
        Captured = "captured",
        Voided = "voided",
        Expired = "expired",
    }

    fn unknown(_: &str) -> &'static str {
        t!("ledger-hold-status-unknown")
    }
);

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Hold {
    pub seq: i64,
    pub id: String,
    pub debit_account_id: i64,
    pub credit_account_id: i64,
    pub amount: i64,
    /// The amount transferred in the end.
    pub captured: i64,
    pub status: HoldStatus,
    pub reference: String,
    pub memo: String,
    /// The user who made it; `None` if the program did.
    pub actor_id: Option<i64>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub closed_at: Option<Timestamp>,
}

impl Hold {
    /// Returns true if this hold asks for the same as `before`, for the same duration.
    pub fn is(&self, before: &Self) -> bool {
        let sums = |hold: &Self| (hold.debit_account_id, hold.credit_account_id, hold.amount);
        let time = |hold: &Self| hold.expires_at.seconds_since(hold.created_at);
        (sums(self), time(self), &self.memo, &self.reference)
            == (sums(before), time(before), &before.memo, &before.reference)
    }

    /// Allows only staff and the hold's creator to end it; an order's hold, only the order itself.
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
