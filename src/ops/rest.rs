//! `/api/v1/ops`.

use super::conservation::read_conservation;
use super::report::ConservationReport;
use crate::accounts::Staff;
use crate::error::AppError;
use crate::server::{App, ok};
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_conservation))
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
