//! Security events: log lines of their own that answer later who did what.
//!
//! Their fields are described in `docs/logging.md`. Never a password, a token or a cookie, and of what was
//! typed at a sign-in nothing at all: people type their password into the wrong field.

use super::current;

/// The kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecurityEvent {
    AccountCreated,
    AccountDisabled,
    AccountEnabled,
    EmailChanged,
    LogFilterChanged,
    PasswordChanged,
    Refused,
    RoleChanged,
    SessionsEnded,
    SignIn,
    SignInFailed,
    SignOut,
    Throttled,
    TokenReused,
    TokensRevoked,
}

impl SecurityEvent {
    /// Returns the event's name in the log, and the text of the line.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::AccountCreated => ("account_created", "An account was created"),
            Self::AccountDisabled => ("account_disabled", "An account was disabled"),
            Self::AccountEnabled => ("account_enabled", "An account was enabled"),
            Self::EmailChanged => ("email_changed", "An e-mail address was changed"),
            Self::LogFilterChanged => ("log_filter_changed", "The log's filter was changed"),
            Self::PasswordChanged => ("password_changed", "A password was changed"),
            Self::Refused => ("refused", "A request was refused"),
            Self::RoleChanged => ("role_changed", "A role was changed"),
            Self::SessionsEnded => ("sessions_ended", "Sessions were ended"),
            Self::SignIn => ("sign_in", "Somebody signed in"),
            Self::SignInFailed => ("sign_in_failed", "A sign-in failed"),
            Self::SignOut => ("sign_out", "Somebody signed out"),
            Self::Throttled => ("throttled", "A request was told to wait"),
            Self::TokenReused => (
                "token_reused",
                "A refresh token came twice; its family has ended",
            ),
            Self::TokensRevoked => ("tokens_revoked", "Tokens were revoked"),
        }
    }

    const fn is_warning(self) -> bool {
        matches!(
            self,
            Self::Refused | Self::SignInFailed | Self::Throttled | Self::TokenReused
        )
    }
}

/// Logs the event with the account it is about, if any, and further details. The actor and the
/// address are the current request's.
pub fn note(event: SecurityEvent, user: impl Into<Option<i64>>, detail: &str) {
    let (name, words) = event.words();
    let user: Option<i64> = user.into();
    let actor = current::user();
    let address = current::address().map(tracing::field::display);
    let detail = (!detail.is_empty()).then_some(detail);
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                security.event = name,
                security.detail = detail,
                user.id = user,
                actor.id = actor,
                client.address = address,
                "{words}"
            )
        };
    }
    if event.is_warning() {
        line!(warn);
    } else {
        line!(info);
    }
}
