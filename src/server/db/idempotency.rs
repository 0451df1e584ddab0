//! Idempotency keys: a thing is created once, however often the request for it arrives (a double
//! click, a retry after a dropped connection). The key is reserved in the transaction that
//! creates the thing, so at no moment does one exist without the other.
//!
//! A form carries its key in a hidden field, a program in the header `Idempotency-Key`
//! (draft-ietf-httpapi-idempotency-key-header).

use super::connection::Conn;
use super::run::{execute, fetch_one, rows_affected};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The error code of a key that came with another request before.
const REUSED: u16 = 2003;

/// The key of a request that may be repeated; without one, every request stands for itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum IdempotencyKey {
    #[default]
    Unkeyed,
    /// Sent by a program: with other input it is a mistake, and refused.
    Program(String),
    /// Sent by a form: with other input it is a new request, by somebody who went back to the form.
    Form(String),
}

impl IdempotencyKey {
    /// Generates a key for a form's hidden field `idempotency_key`.
    pub fn new_key() -> String {
        format!("{:032x}", rand::random::<u128>())
    }

    /// Reads the key that a program sends along.
    pub fn of(headers: &HeaderMap) -> Result<Self, AppError> {
        let Some(key) = headers.get("idempotency-key") else {
            return Ok(Self::Unkeyed);
        };
        let key = key.to_str().ok().filter(|key| is_key(key));
        let wrong = t!("server-key-header");
        key.map(|key| Self::Program(key.to_owned()))
            .ok_or_else(|| AppError::unreadable(wrong))
    }

    /// Reads the key from a form's field: anything that is not a key counts as none.
    pub fn from_field(key: &str) -> Self {
        if is_key(key) {
            Self::Form(key.to_owned())
        } else {
            Self::Unkeyed
        }
    }

    /// Derives an id for a thing that a program creates without choosing one: the same key, the same id.
    pub fn derived_id(&self, user: i64) -> Option<String> {
        let Self::Program(key) = self else {
            return None;
        };
        let digest = hex::encode(Sha256::digest(format!("{user} {key}")));
        Some(digest.chars().take(32).collect())
    }

    /// Returns the key as stored; `None` if there is none.
    fn kept_as(&self, digest: &str) -> Option<String> {
        match self {
            Self::Unkeyed => None,
            Self::Program(key) => Some(key.clone()),
            Self::Form(key) => Some(format!("{key} {digest}")),
        }
    }
}

fn is_key(key: &str) -> bool {
    (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        Self::of(&parts.headers)
    }
}

/// A key reserved by this transaction, to be completed with the thing created under it.
pub struct Reserved {
    user: i64,
    key: String,
}

/// The attempt that a request makes under its key.
pub enum Attempt {
    /// The first: create the thing, then complete the key.
    First(Option<Reserved>),
    /// A repeat: the thing was created before, with this id.
    Repeat(i64),
}

/// Reserves the key for `user`. `input` is the content of the request that the key stands for.
pub async fn reserve(
    conn: &mut Conn,
    user: i64,
    once: &IdempotencyKey,
    input: &impl Serialize,
    now: Timestamp,
) -> Result<Attempt, AppError> {
    let json = serde_json::to_vec(input).map_err(|_| AppError::internal())?;
    let digest = hex::encode(Sha256::digest(&json));
    let Some(key) = once.kept_as(&digest) else {
        return Ok(Attempt::First(None));
    };
    // If another request holds the same key, PostgreSQL waits here for its outcome.
    let inserted = rows_affected!(
        conn,
        "INSERT INTO submissions (user_id, key, digest, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, key) DO NOTHING",
        user,
        &key,
        &digest,
        now
    )?;
    if inserted == 1 {
        return Ok(Attempt::First(Some(Reserved { user, key })));
    }
    let (before, made): (String, Option<i64>) = fetch_one!(
        conn,
        "SELECT digest, result_id FROM submissions WHERE user_id = $1 AND key = $2",
        user,
        &key
    )?;
    if before != digest {
        let message = t!("server-key-reused");
        return Err(AppError {
            code: REUSED,
            ..AppError::unreadable(message)
        });
    }
    made.map(Attempt::Repeat).ok_or_else(AppError::internal)
}

/// Records the id of the thing created under the key, in the same transaction.
pub async fn complete(conn: &mut Conn, reserved: Option<Reserved>, made: i64) -> sqlx::Result<()> {
    let Some(Reserved { user, key }) = reserved else {
        return Ok(());
    };
    execute!(
        conn,
        "UPDATE submissions SET result_id = $1 WHERE user_id = $2 AND key = $3",
        made,
        user,
        key
    )
}

/// Deletes keys older than `before`.
pub async fn delete_old(conn: &mut Conn, before: Timestamp) -> sqlx::Result<()> {
    execute!(conn, "DELETE FROM submissions WHERE at < $1", before)
}
