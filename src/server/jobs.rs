//! Periodic jobs, beside the requests.

use super::App;
use super::background::{Next, repeat};
use super::db::idempotency;
use super::telemetry::UnderWay;
use crate::error::AppError;
use crate::{accounts, cart, events, ledger, orders};
use std::time::Duration;

/// The interval between deletions of old sessions, tokens, keys and carts.
const BETWEEN_CLEANINGS: Duration = Duration::from_hours(1);

/// The interval between expiries of overdue holds and orders.
const BETWEEN_EXPIRIES: Duration = Duration::from_secs(15);

/// The maximum duration of a job; one that takes longer hangs.
const LONGEST: Duration = Duration::from_mins(10);

/// The number of days for which a request may be repeated after it was first made.
const DAYS_A_KEY_IS_KEPT: i64 = 7;

/// Starts the jobs; they end with the process. Of several servers one runs each: the one that comes first when it is
/// due.
pub fn start(app: &App) {
    every(BETWEEN_CLEANINGS, app, "clean", clean);
    every(BETWEEN_CLEANINGS, app, "clean_events", clean_events);
    every(BETWEEN_EXPIRIES, app, "expire_holds", expire_holds);
    every(BETWEEN_EXPIRIES, app, "expire_orders", expire_orders);
    events::start(app);
}

fn every<F>(pause: Duration, app: &App, name: &'static str, work: fn(App) -> F)
where
    F: Future<Output = Result<Next, AppError>> + Send + 'static,
{
    let app = app.clone();
    tokio::spawn(async move {
        let round = || {
            let app = app.clone();
            async move {
                let _under_way = UnderWay::job(name);
                app.locks.once(name, pause, || work(app.clone())).await
            }
        };
        repeat(pause, LONGEST, || app.is_draining(), round).await;
    });
}

async fn expire_orders(app: App) -> Result<Next, AppError> {
    orders::expire_orders(&app).await.map(|_| Next::Pause)
}

async fn expire_holds(app: App) -> Result<Next, AppError> {
    ledger::expire_holds(&app).await.map(|_| Next::Pause)
}

async fn clean_events(app: App) -> Result<Next, AppError> {
    events::delete_old(&app).await
}

async fn clean(app: App) -> Result<Next, AppError> {
    accounts::delete_expired(&app).await?;
    cart::delete_old_carts(&app).await?;
    let mut tx = app.db.write().await?;
    idempotency::delete_old(&mut tx, app.clock.now().plus_days(-DAYS_A_KEY_IS_KEPT)).await?;
    tx.commit().await?;
    Ok(Next::Pause)
}
