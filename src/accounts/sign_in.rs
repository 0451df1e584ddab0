//! Registering and signing in.

use super::passwords::check_password;
use super::sessions::{ADDRESS, ROLE, SEEN, STARTED, USER_AGENT, USER_ID};
use super::{Email, PersonName, Role, User, store, throttle, throttle_store};
use crate::error::{AppError, Faults};
use crate::events::confirm_address;
use crate::server::{Address, App, UserAgent};
use serde::Deserialize;
use tower_sessions::Session;

/// What a person gives to register.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct Registration {
    pub name: String,
    pub email: String,
    /// 10 to 128 characters.
    pub password: String,
}

/// What a person gives to sign in.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct Credentials {
    pub email: String,
    pub password: String,
}

/// What a person gave to register, when nothing is wrong with it.
struct NewAccount {
    name: PersonName,
    email: Email,
    password: String,
}

impl NewAccount {
    fn read(input: Registration) -> Result<Self, AppError> {
        let mut faults = Faults::default();
        let name = faults.check("name", input.name.parse::<PersonName>());
        let email = faults.check("email", input.email.parse::<Email>());
        let strength = check_password(&input.password, &[&input.name, &input.email]);
        faults.check("password", strength);
        faults.finish()?;
        let (Some(name), Some(email)) = (name, email) else {
            return Err(AppError::internal());
        };
        Ok(Self {
            name,
            email,
            password: input.password,
        })
    }
}

/// Makes a customer's account, unless too many were asked for from this address of late.
pub async fn register(app: &App, input: Registration, address: Address) -> Result<User, AppError> {
    let account = NewAccount::read(input)?;
    throttle::count_registration(app, address).await?;
    write_account(app, account, Role::Customer, Some(address)).await
}

/// Makes an account for somebody else; who may, has been asked already.
pub async fn create_account(app: &App, input: Registration, role: Role) -> Result<User, AppError> {
    write_account(app, NewAccount::read(input)?, role, None).await
}

/// `from` is where its owner is, where it is the owner who asks.
async fn write_account(
    app: &App,
    account: NewAccount,
    role: Role,
    from: Option<Address>,
) -> Result<User, AppError> {
    let NewAccount {
        name,
        email,
        password,
    } = account;
    let hash = app.hasher.hash(password).await?;
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let id = store::create_user(&mut tx, &name, &email, &hash, role, now).await?;
    match from {
        Some(Address(address)) => {
            let address = address.to_string();
            throttle_store::create_known_address(&mut tx, email.as_str(), &address, now).await?;
        }
        // Whoever makes accounts for others knows where they get their mail.
        None => confirm_address(&mut tx, email.as_str(), now).await?,
    }
    let user = store::find_user(&mut tx, id)
        .await?
        .ok_or_else(AppError::internal)?;
    tx.commit().await?;
    tracing::info!(
        user.id = id,
        user.role = role.as_str(),
        "An account was made"
    );
    Ok(user)
}

/// The user whose credentials these are. Takes as long, and says the same, whether or not there is
/// such an account.
pub async fn check_credentials(
    app: &App,
    input: Credentials,
    address: Address,
) -> Result<User, AppError> {
    // What is no address at all is still counted and hashed, so that it cannot be told apart.
    let account = input.email.trim().to_lowercase();
    let address = address.0.to_string();
    let mut tx = app.db.write().await?;
    throttle::check_tries(app, &mut tx, &account, &address).await?;
    let attempt =
        throttle_store::create_attempt(&mut tx, &account, &address, app.clock.now()).await?;
    let known = store::find_credentials(&mut tx, &account).await?;
    tx.commit().await?;

    let (id, hash) = known.unzip();
    let right = app.hasher.verify(input.password, hash).await?;
    let mut tx = app.db.write().await?;
    let user = match id.filter(|_| right) {
        Some(id) => store::find_user(&mut tx, id)
            .await?
            .filter(|user| user.active),
        None => None,
    };
    let user = user.ok_or_else(AppError::wrong_credentials)?;
    throttle_store::forgive_attempts(&mut tx, attempt, &account, &address).await?;
    tx.commit().await?;
    Ok(user)
}

/// Goes with the answer to a form that signed somebody in, for those who have something to do then.
#[derive(Clone, Debug)]
pub struct SignedIn(pub User);

/// Makes the browser's session the user's. Its id changes, so that one known before is worth nothing.
pub async fn start_session(
    app: &App,
    session: &Session,
    user: &User,
    agent: &UserAgent,
    address: Address,
) -> Result<(), AppError> {
    let now = app.clock.now().micros();
    session.clear().await;
    session.insert(USER_ID, user.id).await?;
    session.insert(ROLE, user.role).await?;
    session.insert(USER_AGENT, &agent.0).await?;
    session.insert(ADDRESS, address.0.to_string()).await?;
    session.insert(STARTED, now).await?;
    session.insert(SEEN, now).await?;
    session.cycle_id().await?;
    Ok(())
}
