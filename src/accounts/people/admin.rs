//! Administration of accounts: creating them, assigning roles, disabling. The last admin cannot be removed.

use super::profile::note_revoked;
use crate::accounts::access::{Registration, create_account, delete_other_sessions};
use crate::accounts::email::read_change;
use crate::accounts::store::check_free;
use crate::accounts::{PersonName, Role, User, store};
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::App;
use crate::server::security_log::{SecurityEvent, note};
use serde::Deserialize;

/// Error code: the change would leave nobody who can assign roles.
pub const LAST_ADMIN: u16 = 3002;

/// An account as an admin, or the command line, creates it.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewUser {
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    #[schema(format = Email, max_length = 254)]
    pub email: String,
    #[schema(format = Password, min_length = 10, max_length = 128)]
    pub password: String,
    /// `customer`, `staff` or `admin`; `customer` if absent.
    #[serde(default)]
    #[schema(value_type = Option<Role>)]
    pub role: String,
}

pub async fn create_user(app: &App, input: NewUser) -> Result<User, AppError> {
    let role = match input.role.as_str() {
        "" => Ok(Role::Customer),
        word => word.parse(),
    };
    let role = role.map_err(|message| AppError::invalid("role", message))?;
    let NewUser {
        name,
        email,
        password,
        ..
    } = input;
    create_account(
        app,
        Registration {
            name,
            email,
            password,
        },
        role,
    )
    .await
}

/// A change of somebody's account. Absent fields stay.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UserChange {
    #[schema(min_length = 1, max_length = 80)]
    pub name: Option<String>,
    #[schema(format = Email, max_length = 254)]
    pub email: Option<String>,
    /// `customer`, `staff` or `admin`.
    #[schema(value_type = Option<Role>)]
    pub role: Option<String>,
    pub active: Option<bool>,
    /// The version the change is based on. If it is given and stale: 409.
    pub version: Option<i64>,
}

/// Applies the change. Disabling also ends the person's sessions and tokens.
pub async fn update_user(app: &App, id: i64, change: UserChange) -> Result<User, AppError> {
    let mut faults = Faults::default();
    let name = change
        .name
        .map(|name| faults.check("name", name.parse::<PersonName>()));
    let role = change
        .role
        .map(|role| faults.check("role", role.parse::<Role>()));
    // Checked only once the current address is known: that one may stay.
    let email = change.email;

    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    // Counted first: rows are always locked in the same order.
    let admins = store::count_admins(&mut tx).await?;
    let before = store::find_user(&mut tx, id)
        .await?
        .ok_or_else(|| AppError::not_found("account"))?;
    let email = email.map(|email| faults.check("email", read_change(&email, &before.email)));
    faults.finish()?;
    let mut after = before.clone();
    after.version = change.version.unwrap_or(before.version);
    after.role = role.flatten().unwrap_or(before.role);
    after.active = change.active.unwrap_or(before.active);
    if let Some(name) = name.flatten() {
        after.name = name.as_str().to_owned();
    }
    if let Some(email) = email.flatten().flatten() {
        check_free(&mut tx, email.as_str(), id).await?;
        after.email = email.as_str().to_owned();
    }
    let is_admin = |user: &User| user.role.is_admin() && user.active;
    if is_admin(&before) && !is_admin(&after) && admins <= 1 {
        let message = t!("accounts-last-admin");
        return Err(AppError::conflict(LAST_ADMIN, message));
    }
    if !store::update_user(&mut tx, &after, now).await? {
        return Err(AppError::stale("account"));
    }
    let mut revoked = 0;
    if before.active && !after.active {
        delete_other_sessions(&mut tx, id, "").await?;
        revoked = store::end_token_families_of(&mut tx, id, now).await?;
    }
    let after = store::find_user(&mut tx, id)
        .await?
        .ok_or_else(AppError::internal)?;
    tx.commit().await?;
    note_changes(&before, &after);
    note_revoked(id, revoked);
    Ok(after)
}

fn note_changes(before: &User, after: &User) {
    if before.role != after.role {
        let roles = format!("{} to {}", before.role.as_str(), after.role.as_str());
        note(SecurityEvent::RoleChanged, after.id, &roles);
    }
    if before.email != after.email {
        note(SecurityEvent::EmailChanged, after.id, "");
    }
    match (before.active, after.active) {
        (true, false) => note(SecurityEvent::AccountDisabled, after.id, ""),
        (false, true) => note(SecurityEvent::AccountEnabled, after.id, ""),
        _ => {}
    }
}
