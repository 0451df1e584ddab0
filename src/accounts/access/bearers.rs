//! Bearers of access tokens: a token itself grants nothing but to be looked up.

use super::known::Bearer;
use crate::accounts::{User, store};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::App;

/// Returns the token's user and its family, if the token is valid.
pub async fn bearer(app: &App, token: &str) -> Result<(User, i64), AppError> {
    let refused = || AppError::expired(t!("accounts-token-bad"));
    let claims = app
        .token_keys
        .check(token, app.clock.now().seconds())
        .ok_or_else(refused)?;
    let (user, family): Bearer = (claims.sub.parse().map_err(|_| refused())?, claims.fam);
    let read = async || {
        let mut conn = app.db.read().await?;
        let found = store::find_user_of_family(&mut conn, family).await?;
        Ok(found.filter(|found| found.id == user))
    };
    let found = app.known.bearers.get((user, family), read).await?;
    let found = found.filter(|user| user.active).ok_or_else(refused)?;
    Ok((found, family))
}
