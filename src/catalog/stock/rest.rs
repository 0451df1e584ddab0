//! `/api/v1/products/{id}/stock`.

use super::change::{StockChange, adjust_stock};
use super::store::{StockAdjustment, list_stock_adjustments};
use crate::accounts::Staff;
use crate::catalog::product::read_product;
use crate::clock::Timestamp;
use crate::error::AppError;
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
    OpenApiRouter::new().routes(routes!(list_adjustments, create_adjustment))
}

/// A stock change, with its reason.
#[derive(Serialize, ToSchema)]
struct AdjustmentBody {
    id: i64,
    /// Negative if stock went out.
    change: i64,
    /// The quantity on hand afterwards.
    stock: i64,
    reason: String,
    /// The name of whoever did it; absent if the account is gone or the program did it itself.
    actor: Option<String>,
    /// RFC 3339, UTC.
    at: Timestamp,
}

impl From<StockAdjustment> for AdjustmentBody {
    fn from(adjustment: StockAdjustment) -> Self {
        Self {
            id: adjustment.id,
            change: adjustment.change,
            stock: adjustment.on_hand,
            reason: adjustment.reason,
            actor: adjustment.actor,
            at: adjustment.at,
        }
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct AdjustmentQuery {
    /// 1 to 100; default 50.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

/// The log of a product's stock, the latest change first. Staff only.
#[utoipa::path(get, path = "/products/{id}/stock", tag = "catalog", security(("bearer" = ["staff"])), params(("id" = String, Path), AdjustmentQuery),
    responses((status = 200, body = PageOf<AdjustmentBody>), (status = 403, description = "Not staff"),
              (status = 404, description = "No such product"), (status = 422, description = "The cursor is at fault")))]
async fn list_adjustments(
    State(app): State<App>,
    _staff: Staff,
    Path(id): Path<String>,
    Query(query): Query<AdjustmentQuery>,
) -> Result<Response, AppError> {
    let before = Cursor::numbers(&query.cursor)?.map(|[id]| id);
    let size = page_size(query.limit);
    let mut conn = app.db.read().await?;
    let product = read_product(&mut conn, &id).await?;
    let log = list_stock_adjustments(&mut conn, product.id, before, size + 1).await?;
    let page = PageOf::from_rows(log, size, |last| Cursor::new([&last.id]));
    Ok(ok(page.map(AdjustmentBody::from)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAdjustment {
    /// The quantity that comes in; negative if it goes out. The stock never goes below zero.
    #[schema(minimum = -1_000_000_000_000_i64, maximum = 1_000_000_000_000_i64)]
    change: i64,
    /// 1 to 200 characters, for whoever reads the log.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Change a product's stock. Staff only. With an `Idempotency-Key`, a repeated request returns the
/// first response and changes nothing.
#[utoipa::path(post, path = "/products/{id}/stock", tag = "catalog", security(("bearer" = ["staff"])), request_body = NewAdjustment,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = AdjustmentBody), (status = 403, description = "Not staff"),
              (status = 404, description = "No such product"),
              (status = 422, description = "A field is at fault, or there are fewer on hand")))]
async fn create_adjustment(
    State(app): State<App>,
    Staff(user): Staff,
    once: IdempotencyKey,
    Path(id): Path<String>,
    Json(input): Json<NewAdjustment>,
) -> Result<Response, AppError> {
    let change = StockChange::new(input.change, &input.reason)?;
    let (product, adjustment) = adjust_stock(&app, &user, &id, &once, change).await?;
    let location = format!("/api/v1/products/{}/stock", product.id);
    Ok(created(&location, AdjustmentBody::from(adjustment)))
}
