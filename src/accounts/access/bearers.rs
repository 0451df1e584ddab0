//! Bearers of access tokens, looked up afresh for every request: a token itself grants nothing.
//!
//! Requests that arrive during a lookup are looked up together after it. So each is answered by what was read
//! after it arrived, and many at once cost little more than one.

use crate::accounts::{User, store};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Batch};

/// The user that a token names, and the family it belongs to.
type Bearer = (i64, i64);

/// The batch that collects concurrent lookups.
#[derive(Default)]
pub struct Bearers(Batch<Bearer, Option<User>>);

/// Returns the token's user, if the token is valid.
pub async fn bearer(app: &App, token: &str) -> Result<User, AppError> {
    /// The number of concurrent lookups.
    const SIDE_BY_SIDE: usize = 2;
    let refused = || AppError::expired(t!("accounts-token-bad"));
    let claims = app
        .token_keys
        .check(token, app.clock.now().seconds())
        .ok_or_else(refused)?;
    let bearer = (claims.sub.parse().map_err(|_| refused())?, claims.fam);
    let db = app.db.clone();
    let look_up = move |bearers: Vec<Bearer>| {
        let db = db.clone();
        async move {
            let mut families: Vec<i64> = bearers.iter().map(|(_, family)| *family).collect();
            families.sort_unstable();
            families.dedup();
            let mut conn = db.read().await?;
            let users = store::find_users_of_families(&mut conn, &families).await?;
            let found =
                |(user, family): Bearer| users.get(&family).filter(|found| found.id == user);
            Ok(bearers
                .into_iter()
                .map(|it| Ok(found(it).cloned()))
                .collect())
        }
    };
    let user = app.bearers.0.run(bearer, SIDE_BY_SIDE, look_up).await?;
    user.filter(|user| user.active).ok_or_else(refused)
}
