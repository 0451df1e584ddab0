//! Two-phase transfers: set aside first, then captured, voided or expired.

use super::hold::{Hold, HoldStatus};
use super::store;
use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::ledger::of_orders::ORDER_ID;
use crate::ledger::rules::{KEPT_IDS, check_amount, check_id, check_memo};
use crate::ledger::store::find_transfers;
use crate::ledger::transfers::{Book, Kind, Posting, Rights, Transfer, id_under_key, new_id, post};
use crate::server::{App, Conn, IdempotencyKey};
use serde::Deserialize;

/// Error code: the hold was captured, voided or has expired.
const CLOSED: u16 = 3106;
/// Error code: more than was held.
const MORE_THAN_HELD: u16 = 3107;
/// Error code: the id was used for another hold.
const REUSED: u16 = 2003;

/// The default lifetime of a hold.
const DEFAULT_SECONDS: i64 = 7 * 86_400;
const LONGEST_SECONDS: i64 = 90 * 86_400;

/// A hold as a client requests it.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// Chosen by the client, 1 to 64 visible ASCII characters: a repeated request gets the same response.
    #[schema(min_length = 1, max_length = 64)]
    pub id: Option<String>,
    /// The account that will be debited.
    pub from_account_id: i64,
    /// The account that will be credited.
    pub to_account_id: i64,
    /// The amount in the currency's minor unit.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_000_i64)]
    pub amount: i64,
    #[serde(default)]
    #[schema(max_length = 200)]
    pub memo: String,
    /// A reference, such as an order's number.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub reference: String,
    /// The lifetime in seconds: 1 second to 90 days; 7 days if absent.
    #[schema(minimum = 1, maximum = 7_776_000)]
    pub expires_in: Option<i64>,
}

/// Sets the amount aside, once per id or idempotency key.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn create_hold(
    app: &App,
    user: &User,
    once: &IdempotencyKey,
    input: NewHold,
) -> Result<Hold, AppError> {
    let mut faults = Faults::default();
    let id = match &input.id {
        Some(id) => faults.check("id", check_id(id)),
        None => Some(id_under_key(once, user).unwrap_or_else(new_id)),
    };
    faults.check("amount", check_amount(input.amount));
    let memo = faults.check("memo", check_memo(&input.memo));
    let reference = faults.check("reference", check_memo(&input.reference));
    let seconds = input.expires_in.unwrap_or(DEFAULT_SECONDS);
    if !(1..=LONGEST_SECONDS).contains(&seconds) {
        let message = t!("ledger-hold-seconds", most = LONGEST_SECONDS);
        faults.check("expires_in", Err::<(), _>(message));
    }
    faults.finish()?;
    let now = app.clock.now();
    let hold = Hold {
        seq: 0,
        id: id.unwrap_or_default(),
        debit_account_id: input.from_account_id,
        credit_account_id: input.to_account_id,
        amount: input.amount,
        captured: 0,
        status: HoldStatus::Open,
        reference: reference.unwrap_or_default(),
        memo: memo.unwrap_or_default(),
        actor_id: Some(user.id),
        created_at: now,
        expires_at: now.plus_seconds(seconds),
        closed_at: None,
    };
    let rights = Rights::of(user);
    app.db
        .write_grouped(move |conn| Box::pin(async move { hold_within(conn, hold, rights).await }))
        .await
}

/// Sets the amount aside within the caller's transaction.
pub async fn hold_within(
    conn: &mut Conn,
    mut hold: Hold,
    rights: Rights,
) -> Result<Hold, AppError> {
    let (debit, credit) = (hold.debit_account_id, hold.credit_account_id);
    let mut book = Book::open(conn, [debit, credit]).await?;
    rights.allow(book.account(debit)?, book.account(credit)?)?;
    // Read after locking the accounts: a concurrent request with the same id is done by then.
    if let Some(before) = store::find_hold(conn, &hold.id).await? {
        if hold.is(&before) {
            return Ok(before);
        }
        let message = t!("ledger-hold-reused");
        return Err(AppError {
            code: REUSED,
            ..AppError::invalid("id", message)
        });
    }
    book.hold(debit, credit, hold.amount)?;
    hold.seq = store::create_hold(conn, &hold).await?;
    book.close(conn).await?;
    Ok(hold)
}

/// Transfers the amount on hold, or a part of it; the rest is released.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn capture_hold(
    app: &App,
    user: &User,
    id: &str,
    amount: Option<i64>,
) -> Result<(Hold, Transfer), AppError> {
    let (now, user, id) = (app.clock.now(), user.clone(), id.to_owned());
    app.db
        .write_grouped(move |conn| {
            Box::pin(async move {
                lock(conn, &id).await?.may_be_closed_by(&user)?;
                capture_within(conn, &id, amount, Some(user.id), now).await
            })
        })
        .await
}

/// Captures the hold within the caller's transaction. A hold already captured with the same amount gives the
/// same result.
pub async fn capture_within(
    conn: &mut Conn,
    id: &str,
    amount: Option<i64>,
    actor: Option<i64>,
    now: Timestamp,
) -> Result<(Hold, Transfer), AppError> {
    let mut hold = lock(conn, id).await?;
    let amount = amount.unwrap_or(hold.amount);
    check_amount(amount).map_err(|message| AppError::invalid("amount", message))?;
    let capture_id = match hold.id.starts_with(ORDER_ID) {
        true => format!("{}-capture", hold.id),
        false => format!("{KEPT_IDS}capture-{}", hold.seq),
    };
    if hold.status == HoldStatus::Captured && hold.captured == amount {
        let transfer = find_transfers(conn, &[&capture_id]).await?.pop();
        return Ok((hold, transfer.ok_or_else(AppError::internal)?));
    }
    check_open(&hold, now)?;
    if amount > hold.amount {
        let message = t!("ledger-hold-too-much");
        return Err(AppError::conflict(MORE_THAN_HELD, message));
    }
    let (debit, credit) = (hold.debit_account_id, hold.credit_account_id);
    let mut book = Book::open(conn, [debit, credit]).await?;
    book.release(debit, credit, hold.amount)?;
    book.close(conn).await?;
    let posting = Posting {
        reference: hold.reference.clone(),
        memo: hold.memo.clone(),
        hold: Some(hold.seq),
        actor,
        ..Posting::new(Kind::Capture, debit, credit, amount).under(capture_id)
    };
    let transfer = post(conn, posting, now).await?;
    close(conn, &mut hold, HoldStatus::Captured, amount, now).await?;
    Ok((hold, transfer))
}

/// Voids the hold. Repeating it changes nothing.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn void_hold(app: &App, user: &User, id: &str) -> Result<Hold, AppError> {
    let (now, user, id) = (app.clock.now(), user.clone(), id.to_owned());
    app.db
        .write_grouped(move |conn| {
            Box::pin(async move {
                lock(conn, &id).await?.may_be_closed_by(&user)?;
                release_within(conn, &id, HoldStatus::Voided, now).await
            })
        })
        .await
}

/// Releases a hold within the caller's transaction, because it was voided or has expired.
pub async fn release_within(
    conn: &mut Conn,
    id: &str,
    status: HoldStatus,
    now: Timestamp,
) -> Result<Hold, AppError> {
    let mut hold = lock(conn, id).await?;
    if hold.status == status {
        return Ok(hold);
    }
    if hold.status != HoldStatus::Open {
        check_open(&hold, now)?;
    }
    let (debit, credit) = (hold.debit_account_id, hold.credit_account_id);
    let mut book = Book::open(conn, [debit, credit]).await?;
    book.release(debit, credit, hold.amount)?;
    book.close(conn).await?;
    close(conn, &mut hold, status, 0, now).await?;
    Ok(hold)
}

/// Releases expired holds and returns their number. Run periodically.
pub async fn expire_holds(app: &App) -> Result<usize, AppError> {
    const AT_ONCE: i64 = 500;
    let now = app.clock.now();
    let mut conn = app.db.read().await?;
    let expired = store::list_expired_holds(&mut conn, now, AT_ONCE).await?;
    drop(conn);
    let mut released = 0;
    for id in expired {
        // Each on its own: two of them would lock accounts in an order that others may not share.
        let work = app.db.write_grouped(move |conn| {
            Box::pin(async move { release_within(conn, &id, HoldStatus::Expired, now).await })
        });
        match work.await {
            Ok(_) => released += 1,
            // Already closed by somebody since it was listed.
            Err(error) if error.code == CLOSED => {}
            Err(error) => return Err(error),
        }
    }
    Ok(released)
}

async fn lock(conn: &mut Conn, id: &str) -> Result<Hold, AppError> {
    let hold = store::lock_hold(conn, id).await?;
    hold.ok_or_else(no_such_hold)
}

pub fn no_such_hold() -> AppError {
    AppError::not_found("hold")
}

fn check_open(hold: &Hold, now: Timestamp) -> Result<(), AppError> {
    let message = match hold.status {
        HoldStatus::Open if hold.expires_at > now => return Ok(()),
        HoldStatus::Open | HoldStatus::Expired => t!("ledger-hold-expired"),
        HoldStatus::Captured => t!("ledger-hold-captured"),
        HoldStatus::Voided => t!("ledger-hold-voided"),
    };
    Err(AppError::conflict(CLOSED, message))
}

async fn close(
    conn: &mut Conn,
    hold: &mut Hold,
    status: HoldStatus,
    captured: i64,
    now: Timestamp,
) -> Result<(), AppError> {
    store::close_hold(conn, hold.seq, status, captured, now).await?;
    (hold.status, hold.captured, hold.closed_at) = (status, captured, Some(now));
    Ok(())
}
