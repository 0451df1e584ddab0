//! `/api/v1/holds`.

use super::hold::{Hold, HoldStatus};
use super::set_aside::{self, NewHold, no_such_hold};
use super::store::find_hold;
use crate::accounts::{Person, User};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::ledger::accounts::visible_account;
use crate::ledger::transfers::{TransferBody, show};
use crate::server::{App, Conn, IdempotencyKey, Json, Path, created, ok};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn api_router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_hold))
        .routes(routes!(read_hold))
        .routes(routes!(capture_hold))
        .routes(routes!(void_hold))
}

/// A hold.
#[derive(Serialize, ToSchema)]
struct HoldBody {
    id: String,
    from_account_id: i64,
    to_account_id: i64,
    /// The amount in the currency's minor unit.
    amount: i64,
    /// The part of the amount that was transferred.
    captured: i64,
    /// `open`, `captured`, `voided` or `expired`.
    status: HoldStatus,
    reference: String,
    memo: String,
    created_at: Timestamp,
    expires_at: Timestamp,
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

/// Set an amount aside, to be transferred later or not at all.
#[utoipa::path(post, path = "/holds", tag = "ledger", request_body = NewHold,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = HoldBody), (status = 404, description = "No such account, or not yours"),
              (status = 409, description = "3101 too little"),
              (status = 422, description = "A field is at fault, or the id or key was used for another hold")))]
async fn create_hold(
    State(app): State<App>,
    Person(user): Person,
    once: IdempotencyKey,
    Json(input): Json<NewHold>,
) -> Result<Response, AppError> {
    let hold = set_aside::create_hold(&app, &user, &once, input).await?;
    let location = format!("/api/v1/holds/{}", hold.id);
    Ok(created(&location, HoldBody::from(hold)))
}

/// Returns the hold if it debits an account visible to this user.
async fn visible_hold(conn: &mut Conn, user: &User, id: &str) -> Result<Hold, AppError> {
    let hold = find_hold(conn, id).await?.ok_or_else(no_such_hold)?;
    let from = AppError::found(visible_account(conn, user, hold.debit_account_id).await)?;
    from.map(|_| hold).ok_or_else(no_such_hold)
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
    /// The amount to capture; all of it if absent.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_000_i64)]
    amount: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct CapturedBody {
    hold: HoldBody,
    transfer: TransferBody,
}

/// Transfer the amount on hold, or a part of it; the rest is released.
#[utoipa::path(post, path = "/holds/{id}/capture", tag = "ledger", params(("id" = String, Path)),
    request_body = Capture,
    responses((status = 200, body = CapturedBody), (status = 403, description = "Set aside by somebody else"),
              (status = 409, description = "3106 closed, 3107 more than held, 3108 an order's")))]
async fn capture_hold(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<String>,
    Json(input): Json<Capture>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    visible_hold(&mut conn, &user, &id).await?;
    drop(conn);
    let (hold, posted) = set_aside::capture_hold(&app, &user, &id, input.amount).await?;
    let transfer = show(&app, &user, posted).await?;
    Ok(ok(CapturedBody {
        hold: hold.into(),
        transfer,
    }))
}

/// Void the hold and release its amount.
#[utoipa::path(post, path = "/holds/{id}/void", tag = "ledger", params(("id" = String, Path)),
    responses((status = 200, body = HoldBody), (status = 403, description = "Set aside by somebody else"),
              (status = 409, description = "3106 captured before, 3108 an order's")))]
async fn void_hold(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    visible_hold(&mut conn, &user, &id).await?;
    drop(conn);
    Ok(ok(HoldBody::from(
        set_aside::void_hold(&app, &user, &id).await?,
    )))
}
