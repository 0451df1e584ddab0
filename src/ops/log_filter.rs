//! The log's filter: read and replaced by admins while the server runs.

use crate::error::AppError;
use crate::i18n::t;
use crate::server::security_log::{SecurityEvent, note};
use crate::server::telemetry::log_filter::{self, Refused};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Levels by target, as `info,guildhall=debug,sqlx=warn`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
pub struct LogFilter {
    pub filter: String,
}

pub fn read_filter() -> Result<LogFilter, AppError> {
    let filter = log_filter::find().ok_or_else(no_log)?;
    Ok(LogFilter { filter })
}

/// Replaces the filter, and notes by whom in the new log as in the old one.
pub fn replace_filter(wanted: LogFilter) -> Result<LogFilter, AppError> {
    let LogFilter { filter } = &wanted;
    let before = log_filter::replace(filter).map_err(|refused| match refused {
        Refused::Unreadable => AppError::invalid("filter", t!("ops-log-filter-unreadable")),
        Refused::TooMuch => AppError::invalid("filter", t!("ops-log-filter-too-much")),
        Refused::NoLog => no_log(),
    })?;
    let detail = format!("{before} to {filter}");
    note(SecurityEvent::LogFilterChanged, None, &detail);
    Ok(wanted)
}

fn no_log() -> AppError {
    AppError::unavailable(t!("ops-log-filter-no-log"))
}
