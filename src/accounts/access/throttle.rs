//! The throttles: they make guessing passwords hopeless and creating accounts by the thousand tedious.
//!
//! Both count in the database, so that a restart forgives nothing and every copy of the server counts alike.
//! Refused requests are not counted: the wait never grows by trying.

use super::throttle_store as store;
use super::throttle_store::{Failures, Place};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, ClientIp, Conn};

/// The factor by which the limit of an IPv6 /48 network exceeds that of a /64: a household may have been
/// assigned a whole one, and so may a company.
const WIDE: u32 = 10;

/// Refuses if too many sign-in attempts failed recently, for the account or from the address.
///
/// Attempts from an address that the account was signed in to from are counted separately: a stranger's
/// guesses do not keep the owner out.
pub async fn check_tries(
    app: &App,
    conn: &mut Conn,
    account: &str,
    place: &Place,
) -> Result<(), AppError> {
    const KNOWN_FOR_DAYS: i64 = 90;
    let Place { near, wide } = place;
    store::lock(conn, &format!("account {account}")).await?;
    store::lock(conn, &format!("address {near}")).await?;
    if !wide.is_empty() {
        store::lock(conn, &format!("network {wide}")).await?;
    }
    let now = app.clock.now();
    let window = i64::from(app.config.accounts.sign_in_window_minutes) * 60;
    let tries = app.config.accounts.sign_in_tries;
    let since = now.plus_seconds(-window);

    let known = store::knows_address(conn, account, near, now.plus_days(-KNOWN_FOR_DAYS)).await?;
    let for_account = match known {
        true => Failures::OfAccountFrom(account, near),
        false => Failures::OfAccount(account),
    };
    let mut free_at = None;
    for (failures, most) in [
        (Some(for_account), tries),
        (Some(Failures::From(near)), tries),
        (place.wide(), tries.saturating_mul(WIDE)),
    ] {
        let Some(failures) = failures else { continue };
        let found = store::list_failures(conn, failures, since, most.into()).await?;
        let full = found.last().filter(|_| found.len() >= most as usize);
        free_at = free_at.max(full.map(|oldest| oldest.plus_seconds(window)));
    }
    match free_at {
        Some(free_at) => Err(wait(free_at, now, |minutes| {
            t!("accounts-too-many-tries", count = minutes)
        })),
        None => Ok(()),
    }
}

/// Counts one more registration from the address, or refuses it.
///
/// It is counted before the password is hashed and before the e-mail address is looked up, so that neither
/// the work nor the response “this address has an account” is available without bound.
pub async fn count_registration(app: &App, address: ClientIp) -> Result<(), AppError> {
    const WINDOW: i64 = 60 * 60;
    let now = app.clock.now();
    let most = app.config.accounts.registrations_per_hour;
    let place = Place::from(address);
    let mut tx = app.db.write().await?;
    let since = now.plus_seconds(-WINDOW);
    for (network, is_wide, most) in [
        (&place.near, false, most),
        (&place.wide, true, most.saturating_mul(WIDE)),
    ] {
        if network.is_empty() {
            continue;
        }
        store::lock(&mut tx, &format!("registrations {network} {is_wide}")).await?;
        let of_late =
            store::list_registrations(&mut tx, network, is_wide, since, most.into()).await?;
        if let Some(oldest) = of_late.last().filter(|_| of_late.len() >= most as usize) {
            let free_at = oldest.plus_seconds(WINDOW);
            return Err(wait(free_at, now, |minutes| {
                t!("accounts-too-many-new", count = minutes)
            }));
        }
    }
    store::create_registration(&mut tx, &place, now).await?;
    tx.commit().await?;
    Ok(())
}

fn wait(free_at: Timestamp, now: Timestamp, say: impl FnOnce(u32) -> String) -> AppError {
    let micros = u64::try_from(free_at.micros() - now.micros()).unwrap_or(0);
    let seconds = u32::try_from(micros.div_ceil(1_000_000).max(1)).unwrap_or(u32::MAX);
    AppError::too_many(say(seconds.div_ceil(60)), seconds)
}
