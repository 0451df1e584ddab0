//! Maps database errors to errors for whoever caused them: a violated constraint becomes a field error.

use crate::error::AppError;
use crate::i18n::t;
use crate::server::deadline;
use sqlx::error::DatabaseError;
use sqlx::sqlite::SqliteError;
use std::borrow::Cow;

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        if let Some(message) = storage_at_fault(&error) {
            tracing::error!(error.cause = %error, "The database cannot store anything");
            return Self::unavailable(message);
        }
        if is_away(&error) {
            tracing::warn!(error.cause = %error, "The database is away or too busy");
            return match deadline::is_of_change() {
                true => Self::cannot_save(),
                false => Self::unavailable(t!("server-busy")),
            };
        }
        if let Some((field, message)) = broken_rule(&error) {
            return Self::invalid(field, message);
        }
        if has_nul(&error) {
            return Self::unreadable(t!("server-no-nul"));
        }
        tracing::error!(error.cause = ?error, "A database call failed");
        Self::internal()
    }
}

pub(super) const SQLITE_BUSY: i32 = 5;

/// Returns SQLite's primary error code, without the further bits of an extended one.
pub(super) fn sqlite_code(error: &sqlx::Error) -> Option<i32> {
    let error = error.as_database_error()?;
    error.try_downcast_ref::<SqliteError>()?;
    let code: i32 = error.code()?.parse().ok()?;
    Some(code & 0xff)
}

fn postgres_code(error: &sqlx::Error) -> Option<String> {
    let error = error.as_database_error()?;
    error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>()?;
    error.code().map(Cow::into_owned)
}

/// Returns the message for a full or broken disk, or a read-only database.
fn storage_at_fault(error: &sqlx::Error) -> Option<&'static str> {
    const SQLITE_READONLY: i32 = 8;
    const SQLITE_IOERR: i32 = 10;
    const SQLITE_FULL: i32 = 13;
    const SQLITE_CANTOPEN: i32 = 14;
    let full = t!("server-disk-full");
    let broken = t!("server-disk-broken");
    let readonly = t!("server-read-only");
    match sqlite_code(error) {
        Some(SQLITE_FULL) => return Some(full),
        Some(SQLITE_IOERR | SQLITE_CANTOPEN) => return Some(broken),
        Some(SQLITE_READONLY) => return Some(readonly),
        _ => {}
    }
    match postgres_code(error)?.as_str() {
        "53100" => Some(full),
        "58030" => Some(broken),
        "25006" => Some(readonly),
        _ => None,
    }
}

/// Returns true if a retry may succeed: no connection, no memory, or stopped at the deadline.
fn is_away(error: &sqlx::Error) -> bool {
    const SQLITE_LOCKED: i32 = 6;
    const SQLITE_NOMEM: i32 = 7;
    const SQLITE_INTERRUPT: i32 = 9;
    const POSTGRES_CANCELLED: &str = "57014";
    const POSTGRES_SHUTTING_DOWN: [&str; 3] = ["57P01", "57P02", "57P03"];
    const POSTGRES_RETRY: [&str; 3] = ["40001", "40P01", "55P03"];
    /// The class of exhausted resources: memory, connections and the like.
    const POSTGRES_SHORT_OF: &str = "53";
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Io(_) => true,
        error => match (sqlite_code(error), postgres_code(error)) {
            (Some(code), _) => {
                [SQLITE_BUSY, SQLITE_LOCKED, SQLITE_NOMEM, SQLITE_INTERRUPT].contains(&code)
            }
            (_, Some(code)) => {
                code == POSTGRES_CANCELLED
                    || code.starts_with(POSTGRES_SHORT_OF)
                    || POSTGRES_SHUTTING_DOWN.contains(&&*code)
                    || POSTGRES_RETRY.contains(&&*code)
            }
            _ => false,
        },
    }
}

/// Detects NUL, the only character that PostgreSQL's texts cannot have, and that nobody types.
fn has_nul(error: &sqlx::Error) -> bool {
    const POSTGRES_NOT_IN_REPERTOIRE: &str = "22021";
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.is_some_and(|code| code == POSTGRES_NOT_IN_REPERTOIRE)
}

/// Maps a constraint's name to the field that broke it and the message for it.
fn meaning(constraint: &str) -> Option<(&'static str, &'static str)> {
    Some(match constraint {
        "users_email_key" => ("email", t!("server-taken-email")),
        "products_slug_key" => ("slug", t!("server-taken-slug")),
        // Only PostgreSQL names it: there a category can disappear between being chosen and being used.
        "products_category_id_fkey" => ("category", t!("server-no-such-category")),
        "categories_slug_key" => ("slug", t!("server-taken-category")),
        "boards_name_key" => ("name", t!("server-taken-board")),
        "ledger_accounts_code_key" => ("code", t!("server-taken-account")),
        "transfers_id_key" => ("id", t!("server-taken-transfer")),
        "studies_code_key" => ("code", t!("server-taken-study")),
        "holds_id_key" => ("id", t!("server-taken-hold")),
        _ => return None,
    })
}

fn broken_rule(error: &sqlx::Error) -> Option<(&'static str, &'static str)> {
    let error = error.as_database_error()?;
    let name = match error.constraint() {
        Some(name) => name.to_owned(),
        // SQLite says "UNIQUE constraint failed: users.email" where PostgreSQL names users_email_key.
        None => {
            let (_, column) = error.message().split_once("UNIQUE constraint failed: ")?;
            format!("{}_key", column.replace('.', "_"))
        }
    };
    meaning(&name)
}
