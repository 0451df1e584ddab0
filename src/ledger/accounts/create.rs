//! Creating an account, and reading one for a user who may see it.

use super::account::{Account, no_such_account};
use crate::accounts::User;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::ledger::rules::{check_account_name, check_code};
use crate::ledger::{Side, Standing, store};
use crate::money::Currency;
use crate::server::idempotency::{Attempt, complete, reserve};
use crate::server::{App, Conn, IdempotencyKey};
use serde::{Deserialize, Serialize};

/// An account to be created.
#[derive(Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// 1 to 40 letters, digits and hyphens; unique.
    #[schema(min_length = 1, max_length = 40)]
    pub code: String,
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// The owner; the company itself if absent.
    pub owner_id: Option<i64>,
    /// The shop's currency if absent.
    pub currency: Option<Currency>,
    /// `debit` or `credit`: the side that increases the balance. `credit` if absent, as for money owed.
    pub normal_side: Option<Side>,
    /// The minimum balance, in minor units; 0 if absent, no limit if null.
    #[serde(default = "nothing_below_zero")]
    pub min_balance: Option<i64>,
}

#[expect(clippy::unnecessary_wraps, reason = "the type of the field")]
fn nothing_below_zero() -> Option<i64> {
    Some(0)
}

/// Creates the account, empty, once per idempotency key.
pub async fn create_account(
    app: &App,
    actor: &User,
    once: &IdempotencyKey,
    input: NewAccount,
) -> Result<Account, AppError> {
    let mut faults = Faults::default();
    let code = faults.check("code", check_code(&input.code));
    let name = faults.check("name", check_account_name(&input.name));
    let limit = match input.min_balance {
        // An empty account must satisfy its own limit.
        Some(limit) if limit > 0 => Err(t!("ledger-least-balance")),
        limit => Ok(limit),
    };
    let min_balance = faults.check("min_balance", limit).flatten();
    faults.finish()?;

    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let reserved = match reserve(&mut tx, actor.id, once, &("account", &input), now).await? {
        Attempt::First(reserved) => reserved,
        Attempt::Repeat(id) => return visible_account(&mut tx, actor, id).await,
    };
    if let Some(owner) = input.owner_id
        && crate::accounts::find_user(&mut tx, owner).await?.is_none()
    {
        let message = t!("ledger-no-such-owner");
        return Err(AppError::invalid("owner_id", message));
    }
    let mut account = Account {
        id: 0,
        code: code.unwrap_or_default(),
        name: name.unwrap_or_default(),
        owner_id: input.owner_id,
        currency: input.currency.unwrap_or(app.config.shop.currency),
        standing: Standing {
            normal_side: input.normal_side.unwrap_or(Side::Credit),
            balance: 0,
            held: 0,
            min_balance,
        },
        created_at: now,
    };
    account.id = store::create_account(&mut tx, &account).await?;
    complete(&mut tx, reserved, account.id).await?;
    tx.commit().await?;
    tracing::info!(account.id, user.id = actor.id, "A ledger account was made");
    Ok(account)
}

/// Returns the account if this user may see it.
pub async fn visible_account(conn: &mut Conn, user: &User, id: i64) -> Result<Account, AppError> {
    store::find_account(conn, id)
        .await?
        .filter(|account| account.is_open_to(user))
        .ok_or_else(no_such_account)
}
