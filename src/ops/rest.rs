//! `/api/v1/ops`.

use super::conservation::read_conservation;
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

/// Whether stock, money and the history of orders are conserved, measured within the last second.
/// Staff only.
#[utoipa::path(get, path = "/ops/conservation", tag = "ops",
    responses((status = 200, body = Object), (status = 403, description = "Not staff")))]
async fn show_conservation(State(app): State<App>, _staff: Staff) -> Result<Response, AppError> {
    Ok(ok(read_conservation(&app).await?.to_json()))
}
