//! `/api/v1/accounts`, `/api/v1/transfers`, `/api/v1/holds` and `/api/v1/wallet`.

use super::account::{self, NewAccount, visible_account};
use super::holds::{self, HoldStatus, NewHold, no_such_hold};
use super::store::{self, Entry};
use super::transfer::{self, NewTransfer};
use super::wallet::{self, TopUp};
use super::{Account, Hold, Kind, Side, Transfer};
use crate::accounts::{Person, Staff, User};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::money::Currency;
use crate::server::{App, Conn, Cursor, Json, Once, PageOf, Path, Query, created, ok, page_size};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_accounts, create_account))
        .routes(routes!(read_account))
        .routes(routes!(list_entries))
        .routes(routes!(create_transfer))
        .routes(routes!(create_transfers))
        .routes(routes!(read_transfer))
        .routes(routes!(reverse_transfer))
        .routes(routes!(create_hold))
        .routes(routes!(read_hold))
        .routes(routes!(capture_hold))
        .routes(routes!(void_hold))
        .routes(routes!(read_wallet))
        .routes(routes!(top_up))
}

/// An account of the books.
#[derive(Serialize, ToSchema)]
struct AccountBody {
    id: i64,
    code: String,
    name: String,
    owner_id: Option<i64>,
    #[schema(value_type = String)]
    currency: Currency,
    /// `debit` or `credit`: the side that adds to it.
    #[schema(value_type = String)]
    normal_side: Side,
    /// No limit where null.
    min_balance: Option<i64>,
    /// In the currency's minor unit, on the normal side.
    balance: i64,
    /// What open holds may still take.
    held: i64,
    /// What can be taken now; null where there is no limit.
    available: Option<i64>,
    #[schema(value_type = String)]
    created_at: Timestamp,
}

impl From<Account> for AccountBody {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            code: account.code,
            name: account.name,
            owner_id: account.owner_id,
            currency: account.currency,
            normal_side: account.standing.normal_side,
            min_balance: account.standing.min_balance,
            balance: account.standing.balance,
            held: account.standing.held,
            available: account.standing.available(),
            created_at: account.created_at,
        }
    }
}

/// A posted transfer.
#[derive(Serialize, ToSchema)]
struct TransferBody {
    id: String,
    from_account_id: i64,
    to_account_id: i64,
    /// In the currency's minor unit.
    amount: i64,
    #[schema(value_type = String)]
    currency: Currency,
    /// `transfer`, `top_up`, `capture` or `reversal`.
    #[schema(value_type = String)]
    kind: Kind,
    reference: String,
    memo: String,
    /// The id of the transfer it takes back.
    reverses: Option<String>,
    /// What the debited account had afterwards; null where it is not yours to see.
    from_balance: Option<i64>,
    /// The same of the credited one.
    to_balance: Option<i64>,
    #[schema(value_type = String)]
    posted_at: Timestamp,
}

/// The transfer as this person may see it. None where neither account is theirs.
async fn shown(
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
    let [from, to] = sees;
    Ok((from || to).then(|| TransferBody {
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
    }))
}

async fn show(app: &App, user: &User, transfer: Transfer) -> Result<TransferBody, AppError> {
    let mut conn = app.db.read().await?;
    let body = shown(&mut conn, user, transfer).await?;
    body.ok_or_else(|| AppError::not_found("transfer"))
}

/// A hold.
#[derive(Serialize, ToSchema)]
struct HoldBody {
    id: String,
    from_account_id: i64,
    to_account_id: i64,
    /// In the currency's minor unit.
    amount: i64,
    /// What of it was transferred.
    captured: i64,
    /// `open`, `captured`, `voided` or `expired`.
    #[schema(value_type = String)]
    status: HoldStatus,
    reference: String,
    memo: String,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = String)]
    expires_at: Timestamp,
    #[schema(value_type = Option<String>)]
    closed_at: Option<Timestamp>,
}

impl From<Hold> for HoldBody {
    fn from(hold: Hold) -> Self {
        Self {
            id: hold.id,
            from_account_id: hold.debit_account_id,
            to_account_id: hold.credit_account_id,
            amount: hold.amount,
            captured: hold.captured,
            status: hold.status,
            reference: hold.reference,
            memo: hold.memo,
            created_at: hold.created_at,
            expires_at: hold.expires_at,
            closed_at: hold.closed_at,
        }
    }
}

/// One side of a transfer, as its account sees it.
#[derive(Serialize, ToSchema)]
struct EntryBody {
    transfer_id: String,
    #[schema(value_type = String)]
    kind: Kind,
    /// `debit` or `credit`.
    #[schema(value_type = String)]
    side: Side,
    amount: i64,
    /// What the account had afterwards.
    balance: i64,
    other_account_id: i64,
    reference: String,
    memo: String,
    #[schema(value_type = String)]
    posted_at: Timestamp,
}

impl From<Entry> for EntryBody {
    fn from(entry: Entry) -> Self {
        Self {
            transfer_id: entry.transfer_id,
            kind: entry.kind,
            side: entry.side,
            amount: entry.amount,
            balance: entry.balance,
            other_account_id: entry.other_account_id,
            reference: entry.reference,
            memo: entry.memo,
            posted_at: entry.posted_at,
        }
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct PageQuery {
    /// 1 to 100; 50 where absent.
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: String,
}

impl PageQuery {
    /// The last number seen.
    fn after(&self) -> Result<Option<i64>, AppError> {
        let wrong = |_| AppError::invalid("cursor", "This is not a cursor of this list.");
        let cursor = Cursor::read(&self.cursor)?;
        cursor.map(|[seen]| seen.parse().map_err(wrong)).transpose()
    }
}

/// The accounts: your own, or all of them for staff.
#[utoipa::path(get, path = "/accounts", tag = "ledger", params(PageQuery),
    responses((status = 200, body = Vec<AccountBody>)))]
async fn list_accounts(
    State(app): State<App>,
    Person(user): Person,
    Query(query): Query<PageQuery>,
) -> Result<Response, AppError> {
    let owner = (!user.role.is_staff()).then_some(user.id);
    let (after, size) = (query.after()?.unwrap_or_default(), page_size(query.limit));
    let mut conn = app.db.read().await?;
    let accounts = store::list_accounts(&mut conn, owner, after, size + 1).await?;
    let page = PageOf::from_rows(accounts, size, |account| Cursor::new([&account.id]));
    Ok(ok(page.map(AccountBody::from)))
}

/// Make an account. Staff only.
#[utoipa::path(post, path = "/accounts", tag = "ledger", request_body = NewAccount,
    responses((status = 201, body = AccountBody), (status = 422, description = "A field is at fault")))]
async fn create_account(
    State(app): State<App>,
    _: Staff,
    Json(input): Json<NewAccount>,
) -> Result<Response, AppError> {
    let account = account::create_account(&app, input).await?;
    let location = format!("/api/v1/accounts/{}", account.id);
    Ok(created(&location, AccountBody::from(account)))
}

/// One account with its balance.
#[utoipa::path(get, path = "/accounts/{id}", tag = "ledger", params(("id" = i64, Path)),
    responses((status = 200, body = AccountBody), (status = 404, description = "No such account, or not yours")))]
async fn read_account(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let account = visible_account(&mut conn, &user, id).await?;
    Ok(ok(AccountBody::from(account)))
}

/// The account's entries, the newest first.
#[utoipa::path(get, path = "/accounts/{id}/entries", tag = "ledger",
    params(("id" = i64, Path), PageQuery),
    responses((status = 200, body = Vec<EntryBody>), (status = 404, description = "No such account, or not yours")))]
async fn list_entries(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Query(query): Query<PageQuery>,
) -> Result<Response, AppError> {
    let (before, size) = (query.after()?.unwrap_or(i64::MAX), page_size(query.limit));
    let mut conn = app.db.read().await?;
    let account = visible_account(&mut conn, &user, id).await?;
    let entries = store::list_entries(&mut conn, account.id, before, size + 1).await?;
    let page = PageOf::from_rows(entries, size, |entry| Cursor::new([&entry.seq]));
    Ok(ok(page.map(EntryBody::from)))
}

/// Move money. From your own account to anybody's; staff between any two.
#[utoipa::path(post, path = "/transfers", tag = "ledger", request_body = NewTransfer,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = TransferBody),
              (status = 409, description = "3101 too little, 3102 two currencies, 3103 one account, 3104 overflow"),
              (status = 422, description = "A field is at fault, or the id or key was used for another transfer")))]
async fn create_transfer(
    State(app): State<App>,
    Person(user): Person,
    once: Once,
    Json(input): Json<NewTransfer>,
) -> Result<Response, AppError> {
    let posted = transfer::transfer(&app, &user, once, input).await?;
    let location = format!("/api/v1/transfers/{}", posted.id);
    Ok(created(&location, show(&app, &user, posted).await?))
}

#[derive(Deserialize, ToSchema)]
struct Batch {
    /// 1 to 1,000.
    transfers: Vec<NewTransfer>,
}

/// A transfer of a batch, or why it was refused.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum BatchResult {
    Transfer(Box<TransferBody>),
    Error(Refusal),
}

#[derive(Serialize, ToSchema)]
struct Refusal {
    code: u16,
    message: String,
    /// By field, where the input is at fault.
    errors: std::collections::BTreeMap<String, String>,
}

/// Move money up to 1,000 times, all in one transaction, each with its own result.
#[utoipa::path(post, path = "/transfers/batch", tag = "ledger", request_body = Batch,
    responses((status = 200, body = Vec<BatchResult>)))]
async fn create_transfers(
    State(app): State<App>,
    Person(user): Person,
    Json(input): Json<Batch>,
) -> Result<Response, AppError> {
    let results = transfer::post_batch(&app, &user, input.transfers).await?;
    let mut conn = app.db.read().await?;
    let mut items = Vec::with_capacity(results.len());
    for result in results {
        items.push(match result {
            Ok(posted) => match shown(&mut conn, &user, posted).await? {
                Some(body) => BatchResult::Transfer(Box::new(body)),
                None => return Err(AppError::internal()),
            },
            Err(error) => BatchResult::Error(Refusal {
                code: error.code,
                message: error.message,
                errors: error.errors,
            }),
        });
    }
    Ok(ok(serde_json::json!({ "items": items })))
}

/// One transfer, by its id.
#[utoipa::path(get, path = "/transfers/{id}", tag = "ledger", params(("id" = String, Path)),
    responses((status = 200, body = TransferBody), (status = 404, description = "No such transfer, or not yours")))]
async fn read_transfer(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let missing = || AppError::not_found("transfer");
    let mut conn = app.db.read().await?;
    let found = store::find_transfers(&mut conn, &[&id]).await?.pop();
    let body = shown(&mut conn, &user, found.ok_or_else(missing)?).await?;
    Ok(ok(body.ok_or_else(missing)?))
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct Reversal {
    memo: String,
}

/// Take a transfer back by one in the other direction. Staff only; the same again gives the same answer.
#[utoipa::path(post, path = "/transfers/{id}/reverse", tag = "ledger", params(("id" = String, Path)),
    request_body = Reversal,
    responses((status = 201, body = TransferBody), (status = 409, description = "3105 reversed before, 3101 too little")))]
async fn reverse_transfer(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<String>,
    Json(input): Json<Reversal>,
) -> Result<Response, AppError> {
    let posted = transfer::reverse_transfer(&app, &user, &id, &input.memo).await?;
    let location = format!("/api/v1/transfers/{}", posted.id);
    Ok(created(&location, show(&app, &user, posted).await?))
}

/// Set an amount aside, to be transferred later or not at all.
#[utoipa::path(post, path = "/holds", tag = "ledger", request_body = NewHold,
    responses((status = 201, body = HoldBody), (status = 409, description = "3101 too little")))]
async fn create_hold(
    State(app): State<App>,
    Person(user): Person,
    Json(input): Json<NewHold>,
) -> Result<Response, AppError> {
    let hold = holds::create_hold(&app, &user, input).await?;
    let location = format!("/api/v1/holds/{}", hold.id);
    Ok(created(&location, HoldBody::from(hold)))
}

/// The hold, where it is on one of this person's accounts.
async fn visible_hold(conn: &mut Conn, user: &User, id: &str) -> Result<Hold, AppError> {
    let hold = store::find_hold(conn, id).await?.ok_or_else(no_such_hold)?;
    let from = visible_account(conn, user, hold.debit_account_id).await;
    from.map(|_| hold).map_err(|_| no_such_hold())
}

/// One hold, by its id.
#[utoipa::path(get, path = "/holds/{id}", tag = "ledger", params(("id" = String, Path)),
    responses((status = 200, body = HoldBody), (status = 404, description = "No such hold, or not yours")))]
async fn read_hold(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    Ok(ok(HoldBody::from(
        visible_hold(&mut conn, &user, &id).await?,
    )))
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct Capture {
    /// All of it where absent.
    amount: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct CapturedBody {
    hold: HoldBody,
    transfer: TransferBody,
}

/// Transfer what was set aside, or a part of it; the rest is free again.
#[utoipa::path(post, path = "/holds/{id}/capture", tag = "ledger", params(("id" = String, Path)),
    request_body = Capture,
    responses((status = 200, body = CapturedBody), (status = 409, description = "3106 closed, 3107 more than held")))]
async fn capture_hold(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<String>,
    Json(input): Json<Capture>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    visible_hold(&mut conn, &user, &id).await?;
    drop(conn);
    let (hold, posted) = holds::capture_hold(&app, &user, &id, input.amount).await?;
    let transfer = show(&app, &user, posted).await?;
    Ok(ok(CapturedBody {
        hold: hold.into(),
        transfer,
    }))
}

/// Give the hold up. What was set aside is free again.
#[utoipa::path(post, path = "/holds/{id}/void", tag = "ledger", params(("id" = String, Path)),
    responses((status = 200, body = HoldBody), (status = 409, description = "3106 captured before")))]
async fn void_hold(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    visible_hold(&mut conn, &user, &id).await?;
    drop(conn);
    Ok(ok(HoldBody::from(holds::void_hold(&app, &id).await?)))
}

/// Your own account with the company.
#[utoipa::path(get, path = "/wallet", tag = "ledger", responses((status = 200, body = AccountBody)))]
async fn read_wallet(State(app): State<App>, Person(user): Person) -> Result<Response, AppError> {
    let wallet = wallet::read_wallet(&app, &user).await?;
    Ok(ok(AccountBody::from(wallet)))
}

/// Put money that came in at the bank into somebody's wallet. Staff only.
#[utoipa::path(post, path = "/users/{id}/top-up", tag = "ledger", params(("id" = i64, Path),
    ("Idempotency-Key" = Option<String>, Header)), request_body = TopUp,
    responses((status = 201, body = TransferBody), (status = 404, description = "Nobody has this id")))]
async fn top_up(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
    once: Once,
    Json(input): Json<TopUp>,
) -> Result<Response, AppError> {
    let posted = wallet::top_up(&app, &user, id, once, input).await?;
    let location = format!("/api/v1/transfers/{}", posted.id);
    Ok(created(&location, show(&app, &user, posted).await?))
}
