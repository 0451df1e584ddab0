//! Refusals in HTTP and in gRPC: one table, read both ways.
//!
//! A refusal by this program names its kind and its code in a `google.rpc.ErrorInfo`, its fields in a
//! `google.rpc.BadRequest` and its patience in a `google.rpc.RetryInfo`, so that it comes out of a gateway as it went
//! in. One by another program is known by its code alone.

use crate::error::{AppError, FieldErrors, Kind, STALE};
use crate::i18n::t;
use serde_json::Value;
use std::collections::HashMap;
use std::time::Duration;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

/// The origin of this program's refusals, in their details.
const DOMAIN: &str = "guildhall";

/// Kinds and the codes they are told by. From left to right and from right to left the first counts.
const TABLE: [(Kind, Code); 19] = [
    (Kind::Invalid, Code::InvalidArgument),
    (Kind::Malformed, Code::InvalidArgument),
    (Kind::Unsupported, Code::InvalidArgument),
    (Kind::Invalid, Code::OutOfRange),
    (Kind::Unauthenticated, Code::Unauthenticated),
    (Kind::Forbidden, Code::PermissionDenied),
    (Kind::NotFound, Code::NotFound),
    (Kind::MethodNotAllowed, Code::Unimplemented),
    (Kind::Conflict, Code::FailedPrecondition),
    (Kind::Conflict, Code::Aborted),
    (Kind::Conflict, Code::AlreadyExists),
    (Kind::TooMany, Code::ResourceExhausted),
    (Kind::TooLarge, Code::ResourceExhausted),
    (Kind::Unavailable, Code::Unavailable),
    (Kind::Unavailable, Code::DeadlineExceeded),
    (Kind::Unavailable, Code::Cancelled),
    (Kind::Internal, Code::Internal),
    (Kind::Internal, Code::Unknown),
    (Kind::Internal, Code::DataLoss),
];

/// Returns the code that tells of a refusal.
pub fn code_of(error: &AppError) -> Code {
    // The one conflict after which the same call may succeed, begun anew.
    if error.code == STALE {
        return Code::Aborted;
    }
    let found = TABLE.iter().find(|(kind, _)| *kind == error.kind);
    found.map_or(Code::Internal, |(_, code)| *code)
}

/// Returns the kind of refusal that a code tells of.
pub fn kind_of(code: Code) -> Kind {
    let found = TABLE.iter().find(|(_, other)| *other == code);
    found.map_or(Kind::Internal, |(kind, _)| *kind)
}

/// Returns the refusal as gRPC tells it.
pub fn status_of(error: &AppError) -> Status {
    coded(code_of(error), error)
}

/// Returns the refusal of a call whose deadline passed.
pub fn late(error: &AppError) -> Status {
    coded(Code::DeadlineExceeded, error)
}

fn coded(code: Code, error: &AppError) -> Status {
    let kind = serde_json::to_value(error.kind).unwrap_or_default();
    let reason = kind.as_str().unwrap_or_default().to_uppercase();
    let metadata = HashMap::from([("code".to_owned(), error.code.to_string())]);
    let mut details = ErrorDetails::with_error_info(reason, DOMAIN, metadata);
    if !error.errors.is_empty() {
        let fields = error.errors.iter();
        let fields = fields.map(|(field, message)| FieldViolation::new(field, message));
        details.set_bad_request(fields.collect::<Vec<_>>());
    }
    if let Some(seconds) = error.retry_after {
        details.set_retry_info(Some(Duration::from_secs(seconds.into())));
    }
    Status::with_error_details(code, &error.message, details)
}

/// Returns the refusal that another server told of, in this program's terms.
pub fn error_of(status: &Status) -> AppError {
    let details = status.get_error_details();
    let mut error = AppError {
        kind: kind_of(status.code()),
        code: 0,
        message: status.message().to_owned(),
        errors: FieldErrors::new(),
        retry_after: None,
    };
    if let Some(info) = details.error_info().filter(|info| info.domain == DOMAIN) {
        let kind = serde_json::from_value(Value::String(info.reason.to_lowercase()));
        error.kind = kind.unwrap_or(error.kind);
        let code = info.metadata.get("code").and_then(|code| code.parse().ok());
        error.code = code.unwrap_or_default();
    }
    if let Some(fields) = details.bad_request() {
        let fields = fields.field_violations.iter();
        error.errors = fields
            .map(|fault| (fault.field.clone(), fault.description.clone()))
            .collect();
    }
    let delay = details.retry_info().and_then(|info| info.retry_delay);
    error.retry_after = delay.map(|delay| u32::try_from(delay.as_secs()).unwrap_or(u32::MAX));
    if error.code == 0 {
        let plain = plain(error.kind);
        error.code = plain.code;
        error.retry_after = error.retry_after.or(plain.retry_after);
        // Nothing of what went wrong elsewhere is shown.
        if error.kind == Kind::Internal || error.message.is_empty() {
            error.message = plain.message;
        }
    }
    error
}

/// Returns the refusal of this kind where no more is known of it.
fn plain(kind: Kind) -> AppError {
    match kind {
        Kind::Invalid | Kind::Malformed => AppError::unreadable(t!("server-unreadable")),
        Kind::Unauthenticated => AppError::unauthenticated(),
        Kind::Forbidden => AppError::forbidden(t!("server-not-allowed")),
        Kind::NotFound => AppError::not_found("thing"),
        Kind::MethodNotAllowed => AppError::method_not_allowed(),
        Kind::Conflict => AppError::stale("thing"),
        Kind::TooLarge => AppError::too_large(t!("server-body-too-large")),
        Kind::Unsupported => AppError::unsupported(t!("server-unreadable")),
        Kind::TooMany => AppError::too_many(t!("server-busy"), 1),
        Kind::Unavailable => AppError::overloaded(),
        Kind::Internal => AppError::internal(),
    }
}

impl From<AppError> for Status {
    fn from(error: AppError) -> Self {
        status_of(&error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODES: [Code; 16] = [
        Code::Cancelled,
        Code::Unknown,
        Code::InvalidArgument,
        Code::DeadlineExceeded,
        Code::NotFound,
        Code::AlreadyExists,
        Code::PermissionDenied,
        Code::ResourceExhausted,
        Code::FailedPrecondition,
        Code::Aborted,
        Code::OutOfRange,
        Code::Unimplemented,
        Code::Internal,
        Code::Unavailable,
        Code::DataLoss,
        Code::Unauthenticated,
    ];

    fn refusals() -> Vec<AppError> {
        vec![
            AppError::invalid("age", "Give a whole number."),
            AppError::unreadable("No JSON."),
            AppError::not_an_object(),
            AppError::unauthenticated(),
            AppError::wrong_credentials(),
            AppError::forbidden("Coordinators only."),
            AppError::not_found("subject"),
            AppError::method_not_allowed(),
            AppError::conflict(3601, "The study is closed."),
            AppError::stale("subject"),
            AppError::too_large("Too large."),
            AppError::unsupported("No form."),
            AppError::too_many("Too often.", 17),
            AppError::unavailable("Away."),
            AppError::overloaded(),
            AppError::internal(),
        ]
    }

    #[test]
    fn a_refusal_comes_out_of_a_gateway_as_it_went_in() {
        for error in refusals() {
            let status = status_of(&error);
            assert_eq!(error_of(&status), error);
            let there = AppError {
                code: 0,
                ..error.clone()
            };
            assert_eq!(code_of(&there), status_of(&there).code());
        }
    }

    #[test]
    fn each_code_has_a_status_of_http_and_each_status_a_code() {
        let http = |code| {
            let error = error_of(&Status::new(code, "Said elsewhere."));
            assert_ne!(error.code, 0, "{code:?}");
            error.status()
        };
        let told = CODES.map(http);
        let right = [
            503, 500, 422, 503, 404, 409, 403, 429, 409, 409, 422, 405, 500, 503, 500, 401,
        ];
        assert_eq!(told, right);
        for error in refusals() {
            let code = code_of(&error);
            let back = kind_of(code).status();
            assert_eq!(back / 100, error.status() / 100, "{error:?}");
        }
    }

    #[test]
    fn what_went_wrong_elsewhere_is_not_shown() {
        let error = error_of(&Status::internal("disk /dev/sda1 is full"));
        assert!(!error.message.contains("sda1"));
        let refusal = error_of(&Status::not_found("No such subject."));
        assert_eq!(refusal.message, "No such subject.");
    }

    #[test]
    fn only_our_own_details_are_believed() {
        let details = ErrorDetails::with_error_info("NOT_FOUND", "elsewhere", HashMap::new());
        let status = Status::with_error_details(Code::PermissionDenied, "No.", details);
        assert_eq!(error_of(&status).kind, Kind::Forbidden);
    }
}
