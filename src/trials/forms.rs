//! The forms and the exports on the pages of trials.

use super::{audit, study, subject, vitals};
use crate::server::App;
use axum::Router;

pub fn router() -> Router<App> {
    study::form_router()
        .merge(subject::form_router())
        .merge(subject::export_router())
        .merge(vitals::form_router())
        .merge(audit::router())
}
