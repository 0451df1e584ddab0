//! The error type shared by server and browser.
//!
//! A use case returns `Result<T, AppError>`. The server turns it into JSON, or into a page, with
//! the status of its [`Kind`]; a server function sends it to the browser as it is. Codes are
//! grouped: 1xxx system, 2xxx input, 3xxx business rule.

use crate::i18n::t;
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The kind of an error. Decides the HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 422: the input is at fault, field by field.
    Invalid,
    /// 400: the body is not of a form that is read at all.
    Malformed,
    /// 401: nobody is signed in.
    Unauthenticated,
    /// 403: signed in, but not allowed to do this.
    Forbidden,
    /// 404: not there, or not for this person to know about.
    NotFound,
    /// 405: the address exists, the method does not.
    MethodNotAllowed,
    /// 409: the state has changed since the person looked.
    Conflict,
    /// 413: the body is larger than allowed.
    TooLarge,
    /// 415: the body is not in a format we read.
    Unsupported,
    /// 429: too many attempts; `retry_after` is the number of seconds to wait.
    TooMany,
    /// 503: a dependency is down or the deadline passed; a retry may work.
    Unavailable,
    /// 500: our fault. Logged once with its causes, shown without them.
    Internal,
}

impl Kind {
    /// Returns the HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::Invalid => 422,
            Self::Malformed => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::Unsupported => 415,
            Self::TooMany => 429,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }
}

/// Messages by field name, as in the form or the JSON body.
pub type FieldErrors = BTreeMap<String, String>;

/// An error as the person who caused it may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct AppError {
    pub kind: Kind,
    /// Non-zero; stable, for programs.
    pub code: u16,
    /// A sentence a person can act on.
    pub message: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub errors: FieldErrors,
    /// Seconds to wait before trying again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

/// Somebody saved the same thing in the meantime.
pub const STALE: u16 = 3001;

/// A request that was turned away because too many are in progress.
pub const OVERLOADED: u16 = 1504;

/// A sign-in that failed.
pub const WRONG_CREDENTIALS: u16 = 1402;

impl AppError {
    fn new(kind: Kind, code: u16, message: impl Into<String>) -> Self {
        Self {
            kind,
            code,
            message: message.into(),
            errors: FieldErrors::new(),
            retry_after: None,
        }
    }

    /// `thing` is what was looked for, in lower case: "task", "product".
    pub fn not_found(thing: &str) -> Self {
        Self::new(Kind::NotFound, 1404, no_such(thing))
    }

    pub fn method_not_allowed() -> Self {
        Self::new(Kind::MethodNotAllowed, 1405, t!("server-method"))
    }

    pub fn unauthenticated() -> Self {
        Self::new(Kind::Unauthenticated, 1401, t!("server-sign-in"))
    }

    /// The credentials sent with the request are no longer valid, or never were.
    pub fn expired(message: impl Into<String>) -> Self {
        Self::new(Kind::Unauthenticated, 1401, message)
    }

    /// Returns the same message whether or not there is such an account.
    pub fn wrong_credentials() -> Self {
        let message = t!("server-wrong-credentials");
        Self::new(Kind::Unauthenticated, WRONG_CREDENTIALS, message)
    }

    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden, 1403, message)
    }

    pub fn too_large(message: impl Into<String>) -> Self {
        Self::new(Kind::TooLarge, 1413, message)
    }

    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(Kind::Unsupported, 1415, message)
    }

    pub fn too_many(message: impl Into<String>, retry_after_seconds: u32) -> Self {
        Self {
            retry_after: Some(retry_after_seconds),
            ..Self::new(Kind::TooMany, 1429, message)
        }
    }

    pub fn unavailable(message: impl Into<String>) -> Self {
        Self {
            retry_after: Some(1),
            ..Self::new(Kind::Unavailable, 1503, message)
        }
    }

    /// Turned away before any work was begun. Shown in the plainest way, since a page is work too.
    pub fn overloaded() -> Self {
        Self {
            code: OVERLOADED,
            ..Self::unavailable(t!("server-busy"))
        }
    }

    /// The database cannot be reached to write, or not in time.
    pub fn cannot_save() -> Self {
        Self::unavailable(t!("server-cannot-save"))
    }

    /// Our fault. The causes go to the log, where they happened; nothing of them is shown.
    pub fn internal() -> Self {
        Self::new(Kind::Internal, 1500, t!("server-internal"))
    }

    /// The input as a whole cannot be read.
    pub fn unreadable(message: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, 2000, message)
    }

    /// The body is JSON but not an object: an array of its fields' values, for example.
    pub fn not_an_object() -> Self {
        Self::new(Kind::Malformed, 2000, t!("server-not-an-object"))
    }

    /// One field is at fault.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::invalid_fields([(field.to_owned(), message.into())].into())
    }

    pub fn invalid_fields(errors: FieldErrors) -> Self {
        Self {
            errors,
            ..Self::new(Kind::Invalid, 2001, t!("server-correct-fields"))
        }
    }

    /// A business rule says no. `code` is in 3xxx.
    pub fn conflict(code: u16, message: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, code, message)
    }

    /// The version the person started from is no longer the current one.
    pub fn stale(thing: &str) -> Self {
        Self::conflict(STALE, changed_meanwhile(thing))
    }

    /// Turns a not-found error into `None`. Any other error stays an error.
    pub fn found<T>(looked_for: Result<T, Self>) -> Result<Option<T>, Self> {
        match looked_for {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.kind == Kind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns the HTTP status of the kind.
    pub const fn status(&self) -> u16 {
        self.kind.status()
    }
}

fn no_such(thing: &str) -> &'static str {
    match thing {
        "account" => t!("server-no-such-account"),
        "board" => t!("server-no-such-board"),
        "category" => t!("server-no-such-category"),
        "column" => t!("server-no-such-column"),
        "dead-letter" => t!("server-no-such-dead-letter"),
        "delivery" => t!("server-no-such-delivery"),
        "hold" => t!("server-no-such-hold"),
        "import" => t!("server-no-such-import"),
        "ledger-account" => t!("server-no-such-ledger-account"),
        "link" => t!("server-no-such-link"),
        "message" => t!("server-no-such-message"),
        "order" => t!("server-no-such-order"),
        "page" => t!("server-no-such-page"),
        "picture" => t!("server-no-such-picture"),
        "product" => t!("server-no-such-product"),
        "reading" => t!("server-no-such-reading"),
        "step" => t!("server-no-such-step"),
        "study" => t!("server-no-such-study"),
        "subject" => t!("server-no-such-subject"),
        "task" => t!("server-no-such-task"),
        "transfer" => t!("server-no-such-transfer"),
        "view" => t!("server-no-such-view"),
        "visit" => t!("server-no-such-visit"),
        "webhook" => t!("server-no-such-webhook"),
        _ => t!("server-no-such-thing"),
    }
}

fn changed_meanwhile(thing: &str) -> &'static str {
    match thing {
        "account" => t!("server-stale-account"),
        "category" => t!("server-stale-category"),
        "order" => t!("server-stale-order"),
        "product" => t!("server-stale-product"),
        "reading" => t!("server-stale-reading"),
        "study" => t!("server-stale-study"),
        "subject" => t!("server-stale-subject"),
        "task" => t!("server-stale-task"),
        "visit" => t!("server-stale-visit"),
        "webhook" => t!("server-stale-webhook"),
        _ => t!("server-stale-thing"),
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::unavailable(t!("server-unreachable")),
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                Self::unreadable(t!("server-unreadable"))
            }
            _ => Self::internal(),
        }
    }
}

/// Collects the errors of several fields, so that a form shows them all at once.
///
/// ```
/// use guildhall::error::{AppError, Faults};
/// let mut faults = Faults::default();
/// let name = faults.check("name", Err::<String, _>("Give it a name."));
/// let size = faults.check("size", Ok::<_, String>(3));
/// let result = faults.finish();
/// assert_eq!(result.unwrap_err().errors["name"], "Give it a name.");
/// assert_eq!((name, size), (None, Some(3)));
/// ```
#[derive(Default)]
pub struct Faults(FieldErrors);

impl Faults {
    /// Records the message under the field's name if the value is invalid.
    pub fn check<T>(&mut self, field: &str, value: Result<T, impl Into<String>>) -> Option<T> {
        value
            .map_err(|message| self.0.insert(field.to_owned(), message.into()))
            .ok()
    }

    /// Returns an error that names all invalid fields, if there are any.
    pub fn finish(self) -> Result<(), AppError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(AppError::invalid_fields(self.0))
        }
    }
}
