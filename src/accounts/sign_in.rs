//! Registering, signing in, and the throttle that makes guessing passwords hopeless.

use super::passwords::check_password;
use super::sessions::{ADDRESS, ROLE, SEEN, STARTED, USER_AGENT, USER_ID};
use super::{Email, PersonName, Role, User, store};
use crate::error::{AppError, Faults};
use crate::server::{Address, App, Conn, UserAgent};
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

/// Makes a customer's account.
pub async fn register(app: &App, input: Registration) -> Result<User, AppError> {
    create_account(app, input, Role::Customer).await
}

/// Checks the input, hashes the password, and writes the account.
pub async fn create_account(app: &App, input: Registration, role: Role) -> Result<User, AppError> {
    let mut faults = Faults::default();
    let name = faults.check("name", input.name.parse::<PersonName>());
    let email = faults.check("email", input.email.parse::<Email>());
    let strength = check_password(&input.password, &[&input.name, &input.email]);
    faults.check("password", strength);
    faults.finish()?;
    let (Some(name), Some(email)) = (name, email) else {
        return Err(AppError::internal());
    };

    let hash = app.hasher.hash(input.password).await?;
    let mut tx = app.db.write().await?;
    let id = store::create_user(&mut tx, &name, &email, &hash, role, app.clock.now()).await?;
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
    check_throttle(app, &mut tx, &account, &address).await?;
    let attempt = store::create_attempt(&mut tx, &account, &address, app.clock.now()).await?;
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
    store::forgive_attempts(&mut tx, attempt, &account, &address).await?;
    tx.commit().await?;
    Ok(user)
}

/// Refuses when too many tries failed of late, for the account or from the address.
///
/// Tries from an address that the account was signed in to from count by themselves: a stranger's
/// guesses do not keep the owner out. Refused tries are not counted, so the wait never grows.
async fn check_throttle(
    app: &App,
    conn: &mut Conn,
    account: &str,
    address: &str,
) -> Result<(), AppError> {
    const KNOWN_FOR_DAYS: i64 = 90;
    let now = app.clock.now();
    let window = i64::from(app.config.accounts.sign_in_window_minutes) * 60;
    let tries = app.config.accounts.sign_in_tries as usize;
    let since = now.plus_seconds(-window);
    let limit = i64::try_from(tries).unwrap_or(i64::MAX);

    let known =
        store::knows_address(conn, account, address, now.plus_days(-KNOWN_FOR_DAYS)).await?;
    let here = known.then_some(address);
    let for_account = store::list_failures(conn, Some(account), here, since, limit).await?;
    let from_address = store::list_failures(conn, None, Some(address), since, limit).await?;
    let free_at = [for_account, from_address]
        .into_iter()
        .filter(|failures| failures.len() >= tries)
        .filter_map(|failures| failures.last().map(|oldest| oldest.plus_seconds(window)))
        .max();
    let Some(free_at) = free_at else {
        return Ok(());
    };
    let seconds = u32::try_from(free_at.seconds_since(now) + 1).unwrap_or(1);
    let minutes = seconds.div_ceil(60);
    let plural = if minutes == 1 { "" } else { "s" };
    Err(AppError::too_many(
        format!("Too many tries. Wait {minutes} minute{plural}, then try again."),
        seconds,
    ))
}

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
