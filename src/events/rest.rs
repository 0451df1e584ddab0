//! The events JSON API, merged from its parts.

use super::{delivery, inbox, webhooks};
use crate::server::App;
use utoipa_axum::router::OpenApiRouter;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(delivery::api_router())
        .merge(webhooks::api_router())
        .merge(webhooks::log_router())
        .merge(inbox::api_router())
}
