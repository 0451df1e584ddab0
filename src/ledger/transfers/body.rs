//! A transfer as the API shows it.

use super::posting::{Kind, Transfer};
use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::ledger::store;
use crate::money::Currency;
use crate::server::{App, Conn};
use serde::Serialize;
use utoipa::ToSchema;

/// A posted transfer.
#[derive(Serialize, ToSchema)]
pub struct TransferBody {
    id: String,
    from_account_id: i64,
    to_account_id: i64,
    /// The amount in the currency's minor unit.
    amount: i64,
    currency: Currency,
    /// `transfer`, `top_up`, `capture`, `reversal`, `payment` or `refund`.
    kind: Kind,
    reference: String,
    memo: String,
    /// The id of the transfer it reverses.
    reverses: Option<String>,
    /// The debited account's balance afterwards; null if you may not see that account.
    from_balance: Option<i64>,
    /// The credited account's balance afterwards; null if you may not see that account.
    to_balance: Option<i64>,
    posted_at: Timestamp,
}

/// Returns the transfer as this user may see it; `None` if they may see neither account.
pub async fn shown(
    conn: &mut Conn,
    user: &User,
    transfer: Transfer,
) -> Result<Option<TransferBody>, AppError> {
    let mut sees = [user.role.is_staff(); 2];
    if !sees[0] {
        let sides = [transfer.debit_account_id, transfer.credit_account_id];
        for (sees, id) in sees.iter_mut().zip(sides) {
            let account = store::find_account(conn, id).await?;
            *sees = account.is_some_and(|account| account.is_open_to(user));
        }
    }
    Ok((sees != [false; 2]).then(|| body(transfer, sees)))
}

/// Returns the transfer for somebody who sees the debited account, the credited one, or both.
fn body(transfer: Transfer, [from, to]: [bool; 2]) -> TransferBody {
    TransferBody {
        id: transfer.id,
        from_account_id: transfer.debit_account_id,
        to_account_id: transfer.credit_account_id,
        amount: transfer.amount,
        currency: transfer.currency,
        kind: transfer.kind,
        reference: transfer.reference,
        memo: transfer.memo,
        reverses: transfer.reverses,
        from_balance: from.then_some(transfer.debit_balance),
        to_balance: to.then_some(transfer.credit_balance),
        posted_at: transfer.posted_at,
    }
}

/// Returns a transfer that this user has just made, as they may see it.
pub async fn show(app: &App, user: &User, transfer: Transfer) -> Result<TransferBody, AppError> {
    if user.role.is_staff() {
        return Ok(body(transfer, [true; 2]));
    }
    let mut conn = app.db.read().await?;
    let body = shown(&mut conn, user, transfer).await?;
    body.ok_or_else(|| AppError::not_found("transfer"))
}
