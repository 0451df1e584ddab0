//! What people change about themselves.

use super::email::{check_free, read_change};
use super::passwords::check_password;
use super::sessions::{delete_other_sessions, delete_session};
use super::sign_in::{Credentials, check_credentials};
use super::tokens::hash_of;
use super::{PersonName, User, store};
use crate::error::{AppError, Faults, Kind};
use crate::server::{Address, App};
use serde::Deserialize;
use tower_sessions::Session;

/// A change of one's own account. What is absent stays.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProfileChange {
    pub name: Option<String>,
    pub email: Option<String>,
    /// The new password.
    pub password: Option<String>,
    /// The present password; needed to change the address or the password.
    pub current_password: Option<String>,
}

/// Applies the change. With a new password all other sessions and all tokens end; `kept` is the id
/// of the session that stays.
pub async fn update_profile(
    app: &App,
    user: &User,
    change: ProfileChange,
    kept: &str,
    address: Address,
) -> Result<User, AppError> {
    let mut faults = Faults::default();
    let name = change
        .name
        .map(|name| faults.check("name", name.parse::<PersonName>()));
    let email = change
        .email
        .map(|email| faults.check("email", read_change(&email, &user.email)));
    if let Some(password) = &change.password {
        faults.check(
            "password",
            check_password(password, &[&user.name, &user.email]),
        );
    }
    faults.finish()?;
    let email = email
        .flatten()
        .flatten()
        .map(|email| email.as_str().to_owned())
        .filter(|email| *email != user.email);
    if email.is_some() || change.password.is_some() {
        check_current_password(app, user, change.current_password, address).await?;
    }
    let new_hash = match change.password {
        Some(password) => Some(app.hasher.hash(password).await?),
        None => None,
    };

    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let mut changed = store::find_user(&mut tx, user.id)
        .await?
        .ok_or_else(AppError::unauthenticated)?;
    if let Some(name) = name.flatten() {
        changed.name = name.as_str().to_owned();
    }
    if let Some(email) = email {
        check_free(&mut tx, &email, user.id).await?;
        changed.email = email;
    }
    if !store::update_user(&mut tx, &changed, now).await? {
        return Err(AppError::stale("account"));
    }
    if let Some(hash) = new_hash {
        store::update_password(&mut tx, user.id, &hash, now).await?;
        store::end_token_families_of(&mut tx, user.id, now).await?;
        delete_other_sessions(&mut tx, user.id, kept).await?;
    }
    let changed = store::find_user(&mut tx, user.id)
        .await?
        .ok_or_else(AppError::internal)?;
    tx.commit().await?;
    Ok(changed)
}

/// Counted like a try to sign in: whoever sits at somebody else's open session cannot guess either.
async fn check_current_password(
    app: &App,
    user: &User,
    password: Option<String>,
    address: Address,
) -> Result<(), AppError> {
    let credentials = Credentials {
        email: user.email.clone(),
        password: password.unwrap_or_default(),
    };
    match check_credentials(app, credentials, address).await {
        Err(error) if error.kind == Kind::Unauthenticated => Err(AppError::invalid(
            "current_password",
            "This is not your current password.",
        )),
        outcome => outcome.map(drop),
    }
}

/// The stored id of the browser's session; empty without one.
pub fn session_id(session: &Session) -> String {
    session
        .id()
        .map(|id| hash_of(&id.to_string()))
        .unwrap_or_default()
}

/// Ends one of the person's sessions, or, where `id` is empty, all but the present one.
pub async fn end_sessions(
    app: &App,
    user: &User,
    id: &str,
    session: &Session,
) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    if id.is_empty() {
        delete_other_sessions(&mut tx, user.id, &session_id(session)).await?;
        store::end_token_families_of(&mut tx, user.id, app.clock.now()).await?;
    } else {
        delete_session(&mut tx, user.id, id).await?;
    }
    Ok(tx.commit().await?)
}
