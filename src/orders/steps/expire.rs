//! Expiry: unpaid orders release their stock.

use super::perform::{Command, ILLEGAL_STEP, perform_within};
use crate::error::{AppError, Kind};
use crate::orders::history::lock_order;
use crate::orders::order::By;
use crate::orders::{Step, store};
use crate::server::App;

/// Expires the unpaid orders that are due, and returns their number. Run periodically; each order has its own
/// transaction, so that none waits for long.
pub async fn expire_orders(app: &App) -> Result<usize, AppError> {
    const AT_ONCE: i64 = 500;
    let now = app.clock.now();
    let mut conn = app.db.read().await?;
    let numbers = store::list_expired(&mut conn, now, AT_ONCE).await?;
    drop(conn);
    let mut expired = 0;
    for number in numbers {
        let work = app.db.write_grouped(move |conn| {
            Box::pin(async move {
                let mut order = lock_order(conn, &number).await?;
                // It may have been paid since it was listed.
                if order.state.expires_at.is_none_or(|at| at > now) {
                    return Ok(false);
                }
                let (command, by) = (Command::default(), By::system("Guildhall"));
                perform_within(conn, &mut order, Step::Expire, &command, &by, now).await?;
                Ok(true)
            })
        });
        match work.await {
            Ok(done) => expired += usize::from(done),
            Err(error) if error.code == ILLEGAL_STEP => {}
            Err(error) if error.kind == Kind::Unavailable => return Err(error),
            // One order that cannot be expired does not stop the others.
            Err(error) => tracing::error!(error.cause = %error, "An order could not be expired"),
        }
    }
    Ok(expired)
}
