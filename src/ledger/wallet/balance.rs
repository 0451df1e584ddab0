//! Wallets: a person's own account with the company, and topping it up.
//!
//! There is one per currency that they had money in: what was paid in dollars does not become yuan because
//! the shop now uses yuan.

use crate::accounts::{User, find_user};
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::ledger::accounts::{Account, BANK_NAME, WALLET_NAME};
use crate::ledger::rules::{BANK, WALLET, check_amount, check_memo};
use crate::ledger::transfers::{Kind, Posting, Transfer, post};
use crate::ledger::{Side, Standing, store};
use crate::money::Currency;
use crate::server::idempotency::{Attempt, complete, reserve};
use crate::server::{App, Conn, IdempotencyKey};
use serde::{Deserialize, Serialize};

/// Returns the person's wallet in this currency, creating it if missing.
pub async fn open_wallet(
    conn: &mut Conn,
    user: i64,
    currency: Currency,
    now: Timestamp,
) -> Result<Account, AppError> {
    let wallet = Standing {
        normal_side: Side::Credit,
        balance: 0,
        held: 0,
        min_balance: Some(0),
    };
    open(
        conn,
        wallet_code(user),
        WALLET_NAME,
        Some(user),
        currency,
        wallet,
        now,
    )
    .await
}

/// Returns true if it is a person's wallet, which money can be paid into.
pub fn is_wallet(account: &Account) -> bool {
    account.owner_id.is_some_and(|owner| {
        let plain = wallet_code(owner);
        account.code == code_in(&plain, account.currency) || account.code == plain
    })
}

fn wallet_code(user: i64) -> String {
    format!("{WALLET}{user}")
}

/// Returns one of the program's own accounts, creating it if missing. The first has the plain code, those in
/// other currencies a code with theirs.
pub async fn open(
    conn: &mut Conn,
    code: String,
    name: &str,
    owner_id: Option<i64>,
    currency: Currency,
    standing: Standing,
    now: Timestamp,
) -> Result<Account, AppError> {
    let other = code_in(&code, currency);
    for code in [code, other] {
        if store::find_account_by_code(conn, &code).await?.is_none() {
            let account = Account {
                id: 0,
                code: code.clone(),
                name: name.to_owned(),
                owner_id,
                currency,
                standing,
                created_at: now,
            };
            store::create_account_if_missing(conn, &account).await?;
        }
        let there = store::find_account_by_code(conn, &code).await?;
        if let Some(account) = there.filter(|account| account.currency == currency) {
            return Ok(account);
        }
    }
    Err(AppError::internal())
}

/// Returns the account with this code in this currency; `None` if there is none yet.
pub async fn find_in(
    conn: &mut Conn,
    code: &str,
    currency: Currency,
) -> sqlx::Result<Option<Account>> {
    for code in [code, &code_in(code, currency)] {
        let there = store::find_account_by_code(conn, code).await?;
        if let Some(account) = there.filter(|account| account.currency == currency) {
            return Ok(Some(account));
        }
    }
    Ok(None)
}

pub async fn open_bank(
    conn: &mut Conn,
    currency: Currency,
    now: Timestamp,
) -> Result<Account, AppError> {
    let bank = Standing {
        normal_side: Side::Debit,
        balance: 0,
        held: 0,
        min_balance: None,
    };
    open(conn, BANK.to_owned(), BANK_NAME, None, currency, bank, now).await
}

/// Returns the person's wallet in this currency; `None` if there is none yet.
pub async fn find_wallet(
    conn: &mut Conn,
    user: i64,
    currency: Currency,
) -> sqlx::Result<Option<Account>> {
    find_in(conn, &wallet_code(user), currency).await
}

/// Returns the person's non-empty wallets in currencies other than this one.
pub async fn list_other_wallets(
    conn: &mut Conn,
    user: i64,
    currency: Currency,
) -> sqlx::Result<Vec<Account>> {
    let mut others = Vec::new();
    for other in Currency::ALL.into_iter().filter(|other| *other != currency) {
        others.extend(find_wallet(conn, user, other).await?);
    }
    others.retain(|wallet| wallet.standing.balance != 0);
    Ok(others)
}

/// Returns the person's wallet in the shop's currency, creating it if missing.
pub async fn read_wallet(app: &App, user: &User) -> Result<Account, AppError> {
    let (currency, now) = (app.config.shop.currency, app.clock.now());
    let mut conn = app.db.read().await?;
    if let Some(wallet) = find_wallet(&mut conn, user.id, currency).await? {
        return Ok(wallet);
    }
    drop(conn);
    let mut tx = app.db.write().await?;
    let wallet = open_wallet(&mut tx, user.id, currency, now).await?;
    tx.commit().await?;
    Ok(wallet)
}

/// A top-up: money that somebody paid in.
#[derive(Clone, Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TopUp {
    /// The amount in the currency's minor unit.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_000_i64)]
    pub amount: i64,
    #[serde(default)]
    #[schema(max_length = 200)]
    pub memo: String,
    /// The shop's currency if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub currency: Option<Currency>,
}

/// Credits money received at the bank to a person's wallet, once per idempotency key.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn top_up(
    app: &App,
    actor: &User,
    user: i64,
    once: IdempotencyKey,
    input: TopUp,
) -> Result<Transfer, AppError> {
    let mut faults = Faults::default();
    faults.check("amount", check_amount(input.amount));
    let memo = faults.check("memo", check_memo(&input.memo));
    faults.finish()?;
    let posting = Posting {
        memo: memo.unwrap_or_default(),
        actor: Some(actor.id),
        ..Posting::new(Kind::TopUp, 0, 0, input.amount)
    };
    let (actor, now) = (actor.id, app.clock.now());
    let currency = input.currency.unwrap_or(app.config.shop.currency);
    app.db
        .write_grouped(move |conn| {
            Box::pin(async move {
                let reserved = match reserve(conn, actor, &once, &(user, input), now).await? {
                    Attempt::First(reserved) => reserved,
                    Attempt::Repeat(seq) => {
                        let before = store::find_transfer(conn, seq).await?;
                        return before.ok_or_else(AppError::internal);
                    }
                };
                let found = find_user(conn, user).await?;
                found.ok_or_else(|| AppError::not_found("account"))?;
                let posting = Posting {
                    debit_account_id: open_bank(conn, currency, now).await?.id,
                    credit_account_id: open_wallet(conn, user, currency, now).await?.id,
                    ..posting
                };
                let posted = post(conn, posting, now).await?;
                complete(conn, reserved, posted.seq).await?;
                Ok(posted)
            })
        })
        .await
}

/// Returns the code of a wallet or bank account in a currency other than that of the plain code: `bank.usd`.
/// Nobody else can choose a code with a dot in it.
fn code_in(code: &str, currency: Currency) -> String {
    format!("{code}.{}", currency.code().to_lowercase())
}
