//! What an error of the database means to the person who caused it.

use crate::error::AppError;

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        if is_away(&error) {
            tracing::warn!(error.cause = %error, "The database is away or too busy");
            return Self::unavailable("The service is busy. Please try again in a moment.");
        }
        if let Some((field, message)) = broken_rule(&error) {
            return Self::invalid(field, message);
        }
        if has_nul(&error) {
            return Self::unreadable("No text may contain the character U+0000.");
        }
        tracing::error!(error.cause = ?error, "A database call failed");
        Self::internal()
    }
}

/// Whether trying again later may succeed: no connection, or stopped at the deadline.
fn is_away(error: &sqlx::Error) -> bool {
    const SQLITE_BUSY: &str = "5";
    const SQLITE_INTERRUPT: &str = "9";
    const POSTGRES_CANCELLED: &str = "57014";
    const POSTGRES_SHUTTING_DOWN: [&str; 3] = ["57P01", "57P02", "57P03"];
    const POSTGRES_RETRY: [&str; 3] = ["40001", "40P01", "55P03"];
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            [SQLITE_BUSY, SQLITE_INTERRUPT, POSTGRES_CANCELLED].contains(&&*code)
                || POSTGRES_SHUTTING_DOWN.contains(&&*code)
                || POSTGRES_RETRY.contains(&&*code)
        }),
        _ => false,
    }
}

/// The only character that PostgreSQL's texts cannot have, and that nobody types.
fn has_nul(error: &sqlx::Error) -> bool {
    const POSTGRES_NOT_IN_REPERTOIRE: &str = "22021";
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code == POSTGRES_NOT_IN_REPERTOIRE)
}

/// What the constraints that people can run into say to them: constraint, field, message.
const RULES: [(&str, &str, &str); 8] = [
    (
        "users_email_key",
        "email",
        "There is already an account with this address.",
    ),
    (
        "products_slug_key",
        "slug",
        "Another product has this short name already.",
    ),
    // Only PostgreSQL names it: there a category can go between the choice of it and its use.
    (
        "products_category_id_fkey",
        "category",
        "There is no such category.",
    ),
    (
        "categories_slug_key",
        "slug",
        "Another category has this address already.",
    ),
    (
        "boards_name_key",
        "name",
        "There is already a board with this name.",
    ),
    (
        "ledger_accounts_code_key",
        "code",
        "There is already an account with this code.",
    ),
    (
        "transfers_id_key",
        "id",
        "This id was used for another transfer. Choose a new one.",
    ),
    (
        "holds_id_key",
        "id",
        "This id was used for another hold. Choose a new one.",
    ),
];

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
    RULES
        .into_iter()
        .find(|(constraint, ..)| *constraint == name)
        .map(|(_, field, message)| (field, message))
}
