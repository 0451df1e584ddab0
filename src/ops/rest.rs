//! `/api/v1/ops`.

use super::conservation::read_conservation;
use super::log_filter::{LogFilter, read_filter, replace_filter};
use super::report::ConservationReport;
use crate::accounts::{Admin, Staff};
use crate::error::AppError;
use crate::server::{App, Json, ok};
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_conservation))
        .routes(routes!(show_log_filter, change_log_filter))
}

/// The conservation of stock, money and order history, and the lag of events. Measured within the
/// last second or, if measuring is slow, within ten times its duration; the response states its
/// age. Staff only.
#[utoipa::path(get, path = "/ops/conservation", tag = "ops", security(("bearer" = ["staff"])), responses((status = 200, body = ConservationReport), (status = 403, description = "Not staff")))]
async fn show_conservation(State(app): State<App>, _staff: Staff) -> Result<Response, AppError> {
    Ok(ok(ConservationReport::from(
        &read_conservation(&app).await?,
    )))
}

/// The log's filter. Admins only.
#[utoipa::path(get, path = "/ops/log-filter", tag = "ops", security(("bearer" = ["admin"])),
    responses((status = 200, body = LogFilter), (status = 403, description = "Not an admin")))]
async fn show_log_filter(_: Admin) -> Result<Response, AppError> {
    Ok(ok(read_filter()?))
}

/// Replace the log's filter on the server that answers, until it stops. Details, `debug` and `trace`, are
/// of `guildhall` and `sqlx` alone. The change is a security event. Admins only.
#[utoipa::path(put, path = "/ops/log-filter", tag = "ops", security(("bearer" = ["admin"])), request_body = LogFilter,
    responses((status = 200, body = LogFilter), (status = 422, description = "No filter, or details of others")))]
async fn change_log_filter(_: Admin, Json(wanted): Json<LogFilter>) -> Result<Response, AppError> {
    Ok(ok(replace_filter(wanted)?))
}
