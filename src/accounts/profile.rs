//! What people change about themselves.

use super::passwords::NewPassword;
use super::sessions::{Session, delete_other_sessions, delete_session, replace_id};
use super::sign_in::{Credentials, check_credentials};
use super::{Email, PersonName, User, Viewer, store};
use crate::error::{AppError, Faults, Kind};
use crate::server::{Address, App};
use cookie::Cookie;
use serde::Deserialize;

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

/// The person after the change, and the cookie with the session's new id where it got one.
pub struct Changed {
    pub user: User,
    pub cookie: Option<Cookie<'static>>,
}

/// Applies the change. With a new password all sessions and tokens end but `kept`, which gets a new id.
pub async fn update_profile(
    app: &App,
    user: &User,
    change: ProfileChange,
    kept: Option<&Session>,
    address: Address,
) -> Result<Changed, AppError> {
    let mut faults = Faults::default();
    let name = change
        .name
        .map(|name| faults.check("name", name.parse::<PersonName>()));
    let email = change
        .email
        .map(|email| faults.check("email", email.parse::<Email>()));
    let password = change
        .password
        .map(|password| faults.check("password", NewPassword::read(&password)));
    faults.finish()?;
    let (name, password) = (name.flatten(), password.flatten());
    let email = email
        .flatten()
        .map(|email| email.as_str().to_owned())
        .filter(|email| *email != user.email);
    if email.is_some() || password.is_some() {
        check_current_password(app, user, change.current_password, address).await?;
    }
    let new_hash = match password {
        Some(password) => {
            let mut about = vec![user.name.clone(), user.email.clone()];
            about.extend(name.iter().map(|name| name.as_str().to_owned()));
            about.extend(email.clone());
            Some(app.hasher.hash_new(password, about).await?)
        }
        None => None,
    };

    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let mut changed = store::find_user(&mut tx, user.id)
        .await?
        .ok_or_else(AppError::unauthenticated)?;
    if let Some(name) = name {
        changed.name = name.as_str().to_owned();
    }
    if let Some(email) = email {
        changed.email = email;
    }
    if !store::update_user(&mut tx, &changed, now).await? {
        return Err(AppError::stale("account"));
    }
    let mut cookie = None;
    if let Some(hash) = new_hash {
        store::update_password(&mut tx, user.id, &hash, now).await?;
        store::end_token_families_of(&mut tx, user.id, now).await?;
        let id = kept.map_or("", |session| session.id.as_str());
        delete_other_sessions(&mut tx, user.id, id).await?;
        if let Some(session) = kept {
            let token = replace_id(&mut tx, id).await?;
            cookie = token.map(|token| token.cookie(app, session.started));
        }
    }
    let user = store::find_user(&mut tx, user.id)
        .await?
        .ok_or_else(AppError::internal)?;
    tx.commit().await?;
    Ok(Changed { user, cookie })
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

/// Signs the browser out. False where its session had ended, or there was none.
pub async fn end_session(app: &App, viewer: &Viewer) -> Result<bool, AppError> {
    let (Some(session), Some(user)) = (&viewer.session, &viewer.user) else {
        return Ok(false);
    };
    let mut tx = app.db.write().await?;
    let ended = delete_session(&mut tx, user.id, &session.id).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Ends one of the person's sessions, or, where `id` is empty, all but the one that is `here`.
pub async fn end_sessions(app: &App, user: &User, id: &str, here: &str) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    if id.is_empty() {
        delete_other_sessions(&mut tx, user.id, here).await?;
        store::end_token_families_of(&mut tx, user.id, app.clock.now()).await?;
    } else {
        delete_session(&mut tx, user.id, id).await?;
    }
    Ok(tx.commit().await?)
}
