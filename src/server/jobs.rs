//! Work that is done now and then, beside the requests.

use super::{App, once};
use crate::error::AppError;
use crate::{accounts, events, ledger, orders};
use std::time::Duration;

/// How often old sessions, tokens, keys and carts are dropped.
const BETWEEN_CLEANINGS: Duration = Duration::from_secs(3_600);

/// How often holds and orders whose time is over are given up.
const BETWEEN_EXPIRIES: Duration = Duration::from_secs(15);

/// A request may be repeated this long after it was first made.
const DAYS_A_KEY_IS_KEPT: i64 = 7;

/// Starts the jobs; they end with the process. Running them on several servers does no harm.
pub fn start(app: &App) {
    every(BETWEEN_CLEANINGS, app, clean);
    every(BETWEEN_EXPIRIES, app, expire_holds);
    every(BETWEEN_EXPIRIES, app, expire_orders);
    events::start(app);
}

/// Does the work again and again with a pause between. What fails is tried again after it.
fn every<F>(pause: Duration, app: &App, work: fn(App) -> F)
where
    F: Future<Output = Result<(), AppError>> + Send + 'static,
{
    let app = app.clone();
    tokio::spawn(async move {
        let mut timer = tokio::time::interval(pause);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while !app.is_draining() {
            timer.tick().await;
            if let Err(error) = work(app.clone()).await {
                tracing::warn!(error.cause = %error, "A job failed and is tried again later");
            }
        }
    });
}

async fn expire_orders(app: App) -> Result<(), AppError> {
    orders::expire_orders(&app).await.map(drop)
}

async fn expire_holds(app: App) -> Result<(), AppError> {
    ledger::expire_holds(&app).await.map(drop)
}

async fn clean(app: App) -> Result<(), AppError> {
    accounts::delete_expired(&app).await?;
    events::delete_old(&app).await?;
    orders::delete_old_carts(&app).await?;
    let mut tx = app.db.write().await?;
    once::delete_old(&mut tx, app.clock.now().plus_days(-DAYS_A_KEY_IS_KEPT)).await?;
    Ok(tx.commit().await?)
}
