//! `/api/v1/studies` and `/api/v1/subjects`.

use super::{export, imports, signatures, study, subject, visits, vitals};
use crate::server::App;
use utoipa_axum::router::OpenApiRouter;

pub fn router() -> OpenApiRouter<App> {
    study::api_router()
        .merge(subject::api_router())
        .merge(vitals::api_router())
        .merge(vitals::study_api_router())
        .merge(visits::api_router())
        .merge(signatures::api_router())
        .merge(imports::api_router())
        .merge(export::api_router())
}
