//! Addresses that mail may go to, confirmed by their owners.
//!
//! Anybody can type anybody's address. Until its owner has followed the link in the first mail, or
//! staff have made the account, that mail is the only one; and there is a daily limit per address.

use super::store::{count_others, create_sent};
use crate::accounts::address_store::open_address;
use crate::accounts::random_token;
use crate::error::AppError;
use crate::server::App;

/// The mail that an address may get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    Open,
    /// This mail only, with a link of this token to confirm the address.
    First(String),
    /// No mail.
    Closed,
}

/// Decides which mail about the event `seq` may go to the address. Asked again for the same event,
/// it decides the same.
pub async fn admit(app: &App, address: &str, seq: i64) -> Result<Admission, AppError> {
    let (now, most) = (app.clock.now(), app.config.mail.most_per_day);
    let address = address.to_owned();
    let work = app.db.write_grouped(move |conn| {
        Box::pin(async move {
            let token = random_token();
            let (first, confirmed) = open_address(conn, &address, seq, &token, now).await?;
            if !confirmed {
                return Ok(match first == seq {
                    true => Admission::First(token),
                    false => Admission::Closed,
                });
            }
            if count_others(conn, &address, seq, now.plus_days(-1)).await? >= most {
                tracing::warn!(
                    event.seq = seq,
                    "A mail is left out: its recipient had the most of a day"
                );
                return Ok(Admission::Closed);
            }
            create_sent(conn, &address, seq, now).await?;
            Ok(Admission::Open)
        })
    });
    work.await
}
