//! `/api/v1/accounts`, `/api/v1/wallet` and top-ups.

use super::account::Account;
use super::create::{self, NewAccount, visible_account};
use crate::accounts::{Person, Staff};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::ledger::store::Entry;
use crate::ledger::transfers::{Kind, TransferBody, show};
use crate::ledger::wallet::TopUp;
use crate::ledger::{Side, store, wallet};
use crate::money::Currency;
use crate::server::{
    App, Cursor, IdempotencyKey, Json, PageOf, Path, Query, created, ok, page_size,
};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn api_router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_accounts, create_account))
        .routes(routes!(read_account))
        .routes(routes!(list_entries))
        .routes(routes!(read_wallet))
        .routes(routes!(top_up))
}

/// A ledger account.
#[derive(Serialize, ToSchema)]
struct AccountBody {
    id: i64,
    code: String,
    name: String,
    owner_id: Option<i64>,
    currency: Currency,
    /// `debit` or `credit`: the side that increases the balance.
    normal_side: Side,
    /// The minimum balance; null if there is no limit.
    min_balance: Option<i64>,
    /// The balance in the currency's minor unit, on the normal side.
    balance: i64,
    /// The amount that open holds may still take.
    held: i64,
    /// The amount available now; null if there is no limit.
    available: Option<i64>,
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

/// One side of a transfer, as its account sees it.
#[derive(Serialize, ToSchema)]
struct EntryBody {
    transfer_id: String,
    kind: Kind,
    /// `debit` or `credit`.
    side: Side,
    amount: i64,
    /// The account's balance after the entry.
    balance: i64,
    other_account_id: i64,
    reference: String,
    memo: String,
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
    /// 1 to 100; 50 if absent.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

/// The accounts: your own, or all of them for staff.
#[utoipa::path(get, path = "/accounts", tag = "ledger", params(PageQuery),
    responses((status = 200, body = PageOf<AccountBody>)))]
async fn list_accounts(
    State(app): State<App>,
    Person(user): Person,
    Query(query): Query<PageQuery>,
) -> Result<Response, AppError> {
    let owner = (!user.role.is_staff()).then_some(user.id);
    let (after, size) = (Cursor::after(&query.cursor)?, page_size(query.limit));
    let mut conn = app.db.read().await?;
    let accounts = store::list_accounts(&mut conn, owner, after, size + 1).await?;
    let page = PageOf::from_rows(accounts, size, |account| Cursor::new([&account.id]));
    Ok(ok(page.map(AccountBody::from)))
}

/// Create an account. Staff only.
#[utoipa::path(post, path = "/accounts", tag = "ledger", security(("bearer" = ["staff"])), request_body = NewAccount,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = AccountBody), (status = 422, description = "A field is at fault")))]
async fn create_account(
    State(app): State<App>,
    Staff(user): Staff,
    once: IdempotencyKey,
    Json(input): Json<NewAccount>,
) -> Result<Response, AppError> {
    let account = create::create_account(&app, &user, &once, input).await?;
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

/// The account's entries, newest first.
#[utoipa::path(get, path = "/accounts/{id}/entries", tag = "ledger",
    params(("id" = i64, Path), PageQuery),
    responses((status = 200, body = PageOf<EntryBody>), (status = 404, description = "No such account, or not yours")))]
async fn list_entries(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Query(query): Query<PageQuery>,
) -> Result<Response, AppError> {
    let (before, size) = (Cursor::before(&query.cursor)?, page_size(query.limit));
    let mut conn = app.db.read().await?;
    let account = visible_account(&mut conn, &user, id).await?;
    let entries = store::list_entries(&mut conn, account.id, before, size + 1).await?;
    let page = PageOf::from_rows(entries, size, |entry| Cursor::new([&entry.seq]));
    Ok(ok(page.map(EntryBody::from)))
}

/// Your own account with the company.
#[utoipa::path(get, path = "/wallet", tag = "ledger", responses((status = 200, body = AccountBody)))]
async fn read_wallet(State(app): State<App>, Person(user): Person) -> Result<Response, AppError> {
    let wallet = wallet::read_wallet(&app, &user).await?;
    Ok(ok(AccountBody::from(wallet)))
}

/// Credit money received at the bank to somebody's wallet. Staff only.
#[utoipa::path(post, path = "/users/{id}/top-up", tag = "ledger", security(("bearer" = ["staff"])), params(("id" = i64, Path),
    ("Idempotency-Key" = Option<String>, Header)), request_body = TopUp,
    responses((status = 201, body = TransferBody), (status = 404, description = "Nobody has this id")))]
async fn top_up(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
    once: IdempotencyKey,
    Json(input): Json<TopUp>,
) -> Result<Response, AppError> {
    let posted = wallet::top_up(&app, &user, id, once, input).await?;
    let location = format!("/api/v1/transfers/{}", posted.id);
    Ok(created(&location, show(&app, &user, posted).await?))
}
