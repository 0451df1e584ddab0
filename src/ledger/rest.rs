//! `/api/v1/transfers`, and with it all of the ledger.

use super::transfers::{NewTransfer, TransferBody, show, shown};
use super::{accounts, holds, store, transfers};
use crate::accounts::{Person, Staff};
use crate::error::AppError;
use crate::server::{App, IdempotencyKey, Json, Path, created, ok};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(accounts::api_router())
        .merge(holds::api_router())
        .routes(routes!(create_transfer))
        .routes(routes!(create_transfers))
        .routes(routes!(read_transfer))
        .routes(routes!(reverse_transfer))
}

/// Transfer money: from your own account to anybody's; staff between any two.
#[utoipa::path(post, path = "/transfers", tag = "ledger", request_body = NewTransfer,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = TransferBody), (status = 404, description = "No such account, or not yours"),
              (status = 409, description = "3101 too little, 3102 two currencies, 3103 one account, 3104 overflow"),
              (status = 422, description = "A field is at fault, or the id or key was used for another transfer")))]
async fn create_transfer(
    State(app): State<App>,
    Person(user): Person,
    once: IdempotencyKey,
    Json(input): Json<NewTransfer>,
) -> Result<Response, AppError> {
    let posted = transfers::transfer(&app, &user, once, input).await?;
    let location = format!("/api/v1/transfers/{}", posted.id);
    Ok(created(&location, show(&app, &user, posted).await?))
}

#[derive(Deserialize, ToSchema)]
struct Batch {
    /// 1 to 1,000 transfers.
    #[serde(deserialize_with = "crate::server::objects")]
    #[schema(min_items = 1, max_items = 1_000)]
    transfers: Vec<NewTransfer>,
}

/// A transfer of a batch, or why it was refused.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum BatchResult {
    Transfer(Box<TransferBody>),
    Error(Refusal),
}

/// The results, in the order of the transfers.
#[derive(Serialize, ToSchema)]
struct BatchBody {
    items: Vec<BatchResult>,
}

/// An error within a list of results.
#[derive(Serialize, ToSchema)]
struct Refusal {
    code: u16,
    message: String,
    /// Messages by field, if the input is invalid.
    errors: std::collections::BTreeMap<String, String>,
}

/// Post up to 1,000 transfers in one transaction, each with its own result.
#[utoipa::path(post, path = "/transfers/batch", tag = "ledger", request_body = Batch,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = BatchBody)))]
async fn create_transfers(
    State(app): State<App>,
    Person(user): Person,
    once: IdempotencyKey,
    Json(input): Json<Batch>,
) -> Result<Response, AppError> {
    let results = transfers::transfer_many(&app, &user, &once, input.transfers).await?;
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
    Ok(ok(BatchBody { items }))
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
    #[schema(max_length = 200)]
    memo: String,
}

/// Reverse a transfer by one in the other direction. Staff only; repeating it gets the same response.
#[utoipa::path(post, path = "/transfers/{id}/reverse", tag = "ledger", security(("bearer" = ["staff"])), params(("id" = String, Path)),
    request_body = Reversal,
    responses((status = 201, body = TransferBody), (status = 409, description = "3105 reversed before, 3101 too little")))]
async fn reverse_transfer(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<String>,
    Json(input): Json<Reversal>,
) -> Result<Response, AppError> {
    let posted = transfers::reverse_transfer(&app, &user, &id, &input.memo).await?;
    let location = format!("/api/v1/transfers/{}", posted.id);
    Ok(created(&location, show(&app, &user, posted).await?))
}
