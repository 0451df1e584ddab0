//! Registering and signing in.

use super::authenticate::Viewer;
use super::passwords::{NewPassword, Verdict};
use super::session_store::delete_session;
use super::sessions::create_session;
use super::throttle_store::Place;
use super::tokens::{Tokens, start_family};
use super::{throttle, throttle_store};
use crate::accounts::address_store::confirm_address;
use crate::accounts::email::Spellings;
use crate::accounts::store::check_free;
use crate::accounts::{Email, LONGEST_EMAIL, PersonName, Role, User, store};
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::security_log::{SecurityEvent, note};
use crate::server::{App, ClientIp, Tx, UserAgent, set_user};
use cookie::Cookie;
use serde::Deserialize;

/// The data of a registration.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct Registration {
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    #[schema(format = Email, max_length = 254)]
    pub email: String,
    /// 10 to 128 characters.
    #[schema(format = Password, min_length = 10, max_length = 128)]
    pub password: String,
}

/// The credentials of a sign-in.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct Credentials {
    #[schema(max_length = 254)]
    pub email: String,
    #[schema(format = Password)]
    pub password: String,
}

/// A valid registration.
struct NewAccount {
    name: PersonName,
    email: Email,
    password: NewPassword,
}

impl NewAccount {
    fn read(input: Registration) -> Result<Self, AppError> {
        let mut faults = Faults::default();
        let name = faults.check("name", input.name.parse::<PersonName>());
        let email = faults.check("email", input.email.parse::<Email>());
        let password = faults.check("password", NewPassword::read(&input.password));
        faults.finish()?;
        let (Some(name), Some(email), Some(password)) = (name, email, password) else {
            return Err(AppError::internal());
        };
        Ok(Self {
            name,
            email,
            password,
        })
    }
}

/// A user who has just been authenticated, by the password of this version.
pub struct Proven {
    pub user: User,
    pub password_version: i64,
}

/// Creates a customer's account, unless too many were requested from this address recently. Requests are
/// counted before any expensive work.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn register(
    app: &App,
    input: Registration,
    address: ClientIp,
) -> Result<Proven, AppError> {
    let account = NewAccount::read(input)?;
    throttle::count_registration(app, address).await?;
    let user = write_account(app, account, Role::Customer, Some(address)).await?;
    Ok(Proven {
        user,
        password_version: 1,
    })
}

/// Creates an account for somebody else; the caller has checked the permission.
pub async fn create_account(app: &App, input: Registration, role: Role) -> Result<User, AppError> {
    write_account(app, NewAccount::read(input)?, role, None).await
}

/// `from` is the owner's IP address, if the owner is the one who asks.
async fn write_account(
    app: &App,
    account: NewAccount,
    role: Role,
    from: Option<ClientIp>,
) -> Result<User, AppError> {
    let NewAccount {
        name,
        email,
        password,
    } = account;
    let about = vec![name.as_str().to_owned(), email.as_str().to_owned()];
    let hash = app.hasher.hash_new(password, about).await?;
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    check_free(&mut tx, email.as_str(), 0).await?;
    let id = store::create_user(&mut tx, &name, &email, &hash, role, now).await?;
    match from {
        Some(address) => {
            let near = Place::from(address).near;
            throttle_store::create_known_address(&mut tx, email.as_str(), &near, now).await?;
        }
        // Whoever creates accounts for others knows where they get their mail.
        None => confirm_address(&mut tx, email.as_str(), now).await?,
    }
    let user = store::find_user(&mut tx, id)
        .await?
        .ok_or_else(AppError::internal)?;
    tx.commit().await?;
    note(SecurityEvent::AccountCreated, id, role.as_str());
    Ok(user)
}

/// Returns the user with these credentials. Takes as long, and responds the same, whether or not the account
/// exists.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn check_credentials(
    app: &App,
    input: Credentials,
    address: ClientIp,
) -> Result<Proven, AppError> {
    // An invalid address is still counted and hashed, so that it cannot be told apart. One longer than any
    // valid address is not worth a record.
    let Spellings { old, one: account } = Spellings::of(&input.email);
    if old.len() > LONGEST_EMAIL {
        let message = t!("accounts-email-long", most = LONGEST_EMAIL);
        return Err(AppError::invalid("email", message));
    }
    let place = Place::from(address);
    let mut tx = app.db.write().await?;
    throttle::check_tries(app, &mut tx, &account, &place).await?;
    let attempt =
        throttle_store::create_attempt(&mut tx, &account, &place, app.clock.now()).await?;
    let known = store::find_password(&mut tx, &old, &account).await?;
    tx.commit().await?;

    let hash = known.as_ref().map(|known| known.password_hash.clone());
    let verdict = app.hasher.verify(input.password, hash).await?;
    let id = known.as_ref().map(|known| known.id);
    let Some(known) = known.filter(|_| verdict != Verdict::Wrong) else {
        note(SecurityEvent::SignInFailed, id, "");
        return Err(AppError::wrong_credentials());
    };
    let mut tx = app.db.write().await?;
    if let Verdict::RightButOld(hash) = verdict {
        store::update_hash(&mut tx, known.id, known.password_version, &hash).await?;
    }
    let proven = still_proven(&mut tx, known.id, known.password_version).await?;
    throttle_store::forgive_attempts(&mut tx, attempt, &account, &place.near).await?;
    tx.commit().await?;
    Ok(proven)
}

/// Returns the user if the password that was checked is still theirs: a change ends what the previous one had
/// opened, and nothing may be opened with that afterwards.
pub async fn still_proven(tx: &mut Tx, id: i64, password_version: i64) -> Result<Proven, AppError> {
    if !store::hold_password(tx, id, password_version).await? {
        note(SecurityEvent::SignInFailed, id, "");
        return Err(AppError::wrong_credentials());
    }
    let user = store::find_user(tx, id).await?;
    let user = user.ok_or_else(AppError::wrong_credentials)?;
    Ok(Proven {
        user,
        password_version,
    })
}

/// Attached to the response to a form that signed somebody in, for those who have something to do then.
#[derive(Clone, Debug)]
pub struct SignedIn(pub User);

/// Creates a session for the user in place of the browser's previous one, and returns its cookie.
pub async fn start_session(
    app: &App,
    viewer: &Viewer,
    proven: Proven,
    agent: &UserAgent,
    address: ClientIp,
) -> Result<(User, Cookie<'static>), AppError> {
    let mut tx = app.db.write().await?;
    let Proven { user, .. } =
        still_proven(&mut tx, proven.user.id, proven.password_version).await?;
    if let (Some(before), Some(owner)) = (&viewer.session, &viewer.user) {
        delete_session(&mut tx, owner.id, &before.id).await?;
    }
    let token = create_session(app, &mut tx, &user, agent, &address.0.to_string()).await?;
    tx.commit().await?;
    set_user(user.id);
    note(SecurityEvent::SignIn, user.id, "browser");
    let cookie = token.cookie(app, app.clock.now());
    Ok((user, cookie))
}

/// Issues tokens for the user's client.
pub async fn start_tokens(
    app: &App,
    proven: Proven,
    agent: &UserAgent,
    address: ClientIp,
) -> Result<(User, Tokens), AppError> {
    let mut tx = app.db.write().await?;
    let Proven { user, .. } =
        still_proven(&mut tx, proven.user.id, proven.password_version).await?;
    let tokens = start_family(app, &mut tx, user.id, agent, address).await?;
    tx.commit().await?;
    set_user(user.id);
    note(SecurityEvent::SignIn, user.id, "program");
    Ok((user, tokens))
}
