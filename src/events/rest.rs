//! The JSON API of events, from its parts.

use super::{dead_rest, delivery_rest, inbox_rest, webhook_rest};
use crate::server::App;
use utoipa_axum::router::OpenApiRouter;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(dead_rest::api_router())
        .merge(webhook_rest::api_router())
        .merge(delivery_rest::log_router())
        .merge(inbox_rest::api_router())
}
