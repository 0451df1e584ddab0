//! Profiles: what people change about themselves.

use crate::accounts::access::{
    Credentials, NewPassword, Proven, Session, Viewer, check_credentials, delete_other_sessions,
    delete_session, replace_id, still_proven,
};
use crate::accounts::email::read_change;
use crate::accounts::store::check_free;
use crate::accounts::{Email, PersonName, User, store};
use crate::error::{AppError, Faults, Kind};
use crate::i18n::t;
use crate::server::security_log::{SecurityEvent, note};
use crate::server::{App, ClientIp, Conn, Tx};
use cookie::Cookie;
use serde::Deserialize;

/// A change of one's own account. Absent fields stay.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProfileChange {
    #[schema(min_length = 1, max_length = 80)]
    pub name: Option<String>,
    #[schema(format = Email, max_length = 254)]
    pub email: Option<String>,
    /// The new password.
    #[schema(format = Password, min_length = 10, max_length = 128)]
    pub password: Option<String>,
    /// The current password; required to change the address or the password.
    #[schema(format = Password)]
    pub current_password: Option<String>,
}

/// The user after the change, and the cookie with the session's new id if it got one.
pub struct Changed {
    pub user: User,
    pub cookie: Option<Cookie<'static>>,
}

/// A change that passed validation.
struct Wanted {
    name: Option<PersonName>,
    email: Option<Email>,
    password: Option<NewPassword>,
    current_password: Option<String>,
}

impl Wanted {
    fn read(change: ProfileChange, user: &User) -> Result<Self, AppError> {
        let mut faults = Faults::default();
        let name = change
            .name
            .map(|name| faults.check("name", name.parse::<PersonName>()));
        let email = change
            .email
            .map(|email| faults.check("email", read_change(&email, &user.email)));
        let password = change
            .password
            .map(|password| faults.check("password", NewPassword::read(&password)));
        faults.finish()?;
        Ok(Self {
            name: name.flatten(),
            email: email
                .flatten()
                .flatten()
                .filter(|email| email.as_str() != user.email),
            password: password.flatten(),
            current_password: change.current_password,
        })
    }

    /// Verifies the current password if the address or the password changes; `None` if neither does.
    async fn prove(
        &mut self,
        app: &App,
        user: &User,
        address: ClientIp,
    ) -> Result<Option<Proven>, AppError> {
        if self.email.is_none() && self.password.is_none() {
            return Ok(None);
        }
        let given = self.current_password.take().unwrap_or_default();
        let proven = check_current_password(app, user, given, address).await?;
        Ok(Some(proven))
    }

    /// Returns the hash of the new password; `None` if there is none.
    async fn hash(&mut self, app: &App, user: &User) -> Result<Option<String>, AppError> {
        let Some(password) = self.password.take() else {
            return Ok(None);
        };
        let mut about = vec![user.name.clone(), user.email.clone()];
        about.extend(self.name.iter().map(|name| name.as_str().to_owned()));
        about.extend(self.email.iter().map(|email| email.as_str().to_owned()));
        app.hasher.hash_new(password, about).await.map(Some)
    }
}

/// Applies the change. A new password ends all sessions and tokens but `kept`, which gets a new id.
pub async fn update_profile(
    app: &App,
    user: &User,
    change: ProfileChange,
    kept: Option<&Session>,
    address: ClientIp,
) -> Result<Changed, AppError> {
    let mut wanted = Wanted::read(change, user)?;
    let proven = wanted.prove(app, user, address).await?;
    let hash = wanted.hash(app, user).await?;

    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    if let Some(proven) = proven {
        still_current(&mut tx, user, &proven).await?;
    }
    let mut changed = store::find_user(&mut tx, user.id)
        .await?
        .ok_or_else(AppError::unauthenticated)?;
    if let Some(name) = wanted.name {
        changed.name = name.as_str().to_owned();
    }
    let new_email = wanted.email.is_some();
    if let Some(email) = wanted.email {
        check_free(&mut tx, email.as_str(), user.id).await?;
        changed.email = email.as_str().to_owned();
    }
    if !store::update_user(&mut tx, &changed, now).await? {
        return Err(AppError::stale("account"));
    }
    let new_password = match hash {
        Some(hash) => Some(replace_password(app, &mut tx, user.id, &hash, kept).await?),
        None => None,
    };
    let user = store::find_user(&mut tx, user.id)
        .await?
        .ok_or_else(AppError::internal)?;
    tx.commit().await?;
    if new_email {
        note(SecurityEvent::EmailChanged, user.id, "");
    }
    let mut cookie = None;
    if let Some((revoked, renewed)) = new_password {
        note(SecurityEvent::PasswordChanged, user.id, "");
        note_revoked(user.id, revoked);
        cookie = renewed;
    }
    Ok(Changed { user, cookie })
}

/// Replaces the password and ends what the previous one had opened. Returns how many programs were signed in
/// by it, and the cookie with the new id of the session that stays.
async fn replace_password(
    app: &App,
    conn: &mut Conn,
    user: i64,
    hash: &str,
    kept: Option<&Session>,
) -> sqlx::Result<(u64, Option<Cookie<'static>>)> {
    let now = app.clock.now();
    store::update_password(conn, user, hash, now).await?;
    let revoked = store::end_token_families_of(conn, user, now).await?;
    let id = kept.map_or("", |session| session.id.as_str());
    delete_other_sessions(conn, user, id).await?;
    let Some(session) = kept else {
        return Ok((revoked, None));
    };
    let token = replace_id(conn, id).await?;
    let cookie = token.map(|token| token.cookie(app, session.started));
    Ok((revoked, cookie))
}

/// Logs how many API sign-ins ended with something else.
pub fn note_revoked(user: i64, families: u64) {
    if families > 0 {
        note(
            SecurityEvent::TokensRevoked,
            user,
            &format!("{families} programs"),
        );
    }
}

/// Checks somebody's current password; a wrong one is a fault of the field `current_password`.
///
/// Counted like a sign-in attempt: whoever sits at somebody else's open session cannot guess either.
pub async fn check_current_password(
    app: &App,
    user: &User,
    password: String,
    address: ClientIp,
) -> Result<Proven, AppError> {
    let email = user.email.clone();
    let checked = check_credentials(app, Credentials { email, password }, address).await;
    checked.map_err(not_the_current)
}

/// Returns the person if the password that was checked is still theirs, and holds it until the transaction ends.
pub async fn still_current(tx: &mut Tx, user: &User, proven: &Proven) -> Result<User, AppError> {
    let still = still_proven(tx, user.id, proven.password_version).await;
    Ok(still.map_err(not_the_current)?.user)
}

fn not_the_current(error: AppError) -> AppError {
    if error.kind == Kind::Unauthenticated {
        AppError::invalid("current_password", t!("accounts-password-not-current"))
    } else {
        error
    }
}

/// Signs the browser out. False if its session had ended, or there was none.
pub async fn end_session(app: &App, viewer: &Viewer) -> Result<bool, AppError> {
    let (Some(session), Some(user)) = (&viewer.session, &viewer.user) else {
        return Ok(false);
    };
    let mut tx = app.db.write().await?;
    let ended = delete_session(&mut tx, user.id, &session.id).await?;
    tx.commit().await?;
    if ended {
        note(SecurityEvent::SignOut, user.id, "browser");
    }
    Ok(ended)
}

/// Ends one of the person's sessions, or, if `id` is empty, all but the one that is `here`.
pub async fn end_sessions(app: &App, user: &User, id: &str, here: &str) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    let (mut revoked, mut what) = (0, "one");
    if id.is_empty() {
        delete_other_sessions(&mut tx, user.id, here).await?;
        revoked = store::end_token_families_of(&mut tx, user.id, app.clock.now()).await?;
        what = "all the others";
    } else if !delete_session(&mut tx, user.id, id).await? {
        return Ok(());
    }
    tx.commit().await?;
    note(SecurityEvent::SessionsEnded, user.id, what);
    note_revoked(user.id, revoked);
    Ok(())
}
