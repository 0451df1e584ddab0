//! The forms and the exports on the pages of trials.

use super::{export, imports, signatures, study, subject, visits, vitals};
use crate::server::App;
use crate::server::config::ServerConfig;
use axum::Router;

pub fn router(server: &ServerConfig) -> Router<App> {
    study::form_router()
        .merge(subject::form_router())
        .merge(vitals::form_router())
        .merge(visits::form_router())
        .merge(signatures::form_router())
        .merge(imports::form_router(server))
        .merge(export::router())
}
