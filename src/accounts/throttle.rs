//! The throttles: guessing passwords is made hopeless, and making accounts by the thousand tedious.
//!
//! Both count in the database, so that a restart forgives nothing and every copy of the server
//! counts alike. What is refused is not counted: the wait never grows by trying.

use super::throttle_store as store;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{Address, App, Conn};

/// Refuses when too many tries to sign in failed of late, for the account or from the address.
///
/// Tries from an address that the account was signed in to from count by themselves: a stranger's
/// guesses do not keep the owner out.
pub async fn check_tries(
    app: &App,
    conn: &mut Conn,
    account: &str,
    address: &str,
) -> Result<(), AppError> {
    const KNOWN_FOR_DAYS: i64 = 90;
    store::lock(conn, &format!("account {account}")).await?;
    store::lock(conn, &format!("address {address}")).await?;
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
    match free_at {
        Some(free_at) => Err(wait("Too many tries.", free_at, now)),
        None => Ok(()),
    }
}

/// Counts one more registration from the address, or refuses it.
///
/// It is counted before the password is hashed and before the e-mail address is looked up, so that
/// neither the work nor the answer “this address has an account” is to be had without bound.
pub async fn count_registration(app: &App, address: Address) -> Result<(), AppError> {
    const WINDOW: i64 = 60 * 60;
    let now = app.clock.now();
    let most = app.config.accounts.registrations_per_hour;
    let address = address.0.to_string();
    let mut tx = app.db.write().await?;
    store::lock(&mut tx, &format!("registrations {address}")).await?;
    let since = now.plus_seconds(-WINDOW);
    let of_late = store::list_registrations(&mut tx, &address, since, i64::from(most)).await?;
    if let Some(oldest) = of_late.last().filter(|_| of_late.len() >= most as usize) {
        let free_at = oldest.plus_seconds(WINDOW);
        return Err(wait("Too many new accounts from here.", free_at, now));
    }
    store::create_registration(&mut tx, &address, now).await?;
    tx.commit().await?;
    Ok(())
}

fn wait(what: &str, free_at: Timestamp, now: Timestamp) -> AppError {
    let micros = u64::try_from(free_at.micros() - now.micros()).unwrap_or(0);
    let seconds = u32::try_from(micros.div_ceil(1_000_000).max(1)).unwrap_or(u32::MAX);
    let minutes = seconds.div_ceil(60);
    let plural = if minutes == 1 { "" } else { "s" };
    AppError::too_many(
        format!("{what} Wait {minutes} minute{plural}, then try again."),
        seconds,
    )
}
