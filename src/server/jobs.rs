//! Work that is done now and then, beside the requests.

use super::{App, once};
use crate::accounts;
use std::time::Duration;

/// How often what has expired is dropped.
const BETWEEN_CLEANINGS: Duration = Duration::from_secs(3_600);

/// A request may be repeated this long after it was first made.
const DAYS_A_KEY_IS_KEPT: i64 = 7;

/// Starts the jobs; they end with the process. Running them on several servers does no harm.
pub fn start(app: App) {
    tokio::spawn(async move {
        let mut timer = tokio::time::interval(BETWEEN_CLEANINGS);
        loop {
            timer.tick().await;
            if app.is_draining() {
                return;
            }
            if let Err(error) = clean(&app).await {
                tracing::warn!(error.cause = %error, "What has expired could not be dropped");
            }
        }
    });
}

async fn clean(app: &App) -> sqlx::Result<()> {
    accounts::delete_expired(app).await?;
    let mut tx = app.db.write().await?;
    once::delete_old(&mut tx, app.clock.now().plus_days(-DAYS_A_KEY_IS_KEPT)).await?;
    tx.commit().await
}
