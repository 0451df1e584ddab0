//! Figures of the business and its queues, read from the database when somebody asks for the metrics, though
//! not each time.

use super::store::{
    count_inbox, count_orders, count_products, count_stock_outs, count_transfers, list_revenue,
};
use crate::error::AppError;
use crate::ops::conservation::read_conservation;
use crate::server::{App, Figures};
use std::time::Duration;
use tokio::time::timeout;

/// The timeout of a reading. Prometheus itself waits ten seconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// Reads the figures anew if they are old. Where they cannot be read the last ones stay, and their timestamp
/// tells how old they are: a database that is away is no reason to show nothing of the rest.
pub async fn read_figures(app: &App) -> Result<(), AppError> {
    let read = async {
        let cause = match timeout(PATIENCE, measure(app)).await {
            Ok(Ok(figures)) => {
                app.metrics.figures.set(figures);
                return Ok(());
            }
            Ok(Err(error)) => error.to_string(),
            Err(late) => late.to_string(),
        };
        tracing::warn!(
            error.cause = cause,
            "Figures for the metrics could not be read"
        );
        Ok(())
    };
    app.figures.read(Box::pin(read)).await.map(drop)
}

async fn measure(app: &App) -> Result<Figures, AppError> {
    let conservation = read_conservation(app).await?.measured;
    let mut conn = app.db.snapshot().await?;
    let lag = conservation.lag;
    Ok(Figures {
        at: conservation.at,
        orders: count_orders(&mut conn).await?,
        revenue: list_revenue(&mut conn).await?,
        products: count_products(&mut conn).await?,
        stock_outs: count_stock_outs(&mut conn).await?,
        transfers: count_transfers(&mut conn).await?,
        conserved: vec![
            ("stock", conservation.stock_holds()),
            ("books", conservation.books_hold()),
            ("orders", conservation.orders_hold()),
        ],
        undispatched: lag.undispatched,
        undispatched_seconds: lag.undispatched_seconds,
        overdue: lag.overdue,
        overdue_seconds: lag.overdue_seconds,
        paused: lag.paused,
        dead: lag.dead,
        inbox: count_inbox(&mut conn).await?,
    })
}
