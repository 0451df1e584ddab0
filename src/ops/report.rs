//! The JSON form of a measurement.

use super::conservation::Conservation;
use super::gauge::Reading;
use crate::clock::Timestamp;
use crate::money::Currency;
use serde::Serialize;
use utoipa::ToSchema;

/// The conservation of stock, money and order history, and the lag of events.
#[derive(Serialize, ToSchema)]
pub struct ConservationReport {
    /// The time of the measurement.
    at: Timestamp,
    /// The age of the measurement. Slow measurements are taken less often.
    age_seconds: u64,
    took_milliseconds: u64,
    /// True if stock, ledger and orders hold.
    holds: bool,
    stock: StockReport,
    ledger: LedgerReport,
    orders: OrdersReport,
    outbox: OutboxReport,
    /// SQLite only.
    commits: Option<CommitsReport>,
}

/// The totals of all products, and how many products differ.
#[derive(Serialize, ToSchema)]
struct StockReport {
    holds: bool,
    on_hand: i64,
    adjusted: i64,
    shipped: i64,
    reserved: i64,
    open_reservations: i64,
    /// Products that differ from the sum of their own changes.
    differing: i64,
}

#[derive(Serialize, ToSchema)]
struct LedgerReport {
    holds: bool,
    sums: Vec<SumReport>,
    /// Transfers without exactly their amount on both of their accounts.
    unbalanced: i64,
}

/// The sums of all entries of one currency, in its minor unit.
#[derive(Serialize, ToSchema)]
struct SumReport {
    currency: Currency,
    debits: i64,
    credits: i64,
}

/// The newest orders, folded again from their events.
#[derive(Serialize, ToSchema)]
struct OrdersReport {
    holds: bool,
    count: i64,
    folded: i64,
    differing: i64,
}

#[derive(Serialize, ToSchema)]
struct OutboxReport {
    /// True if all deliveries are in time: nothing is late, and nothing dead.
    holds: bool,
    /// Events not yet dispatched to their consumers.
    undispatched: i64,
    /// The age of the oldest of them; 0 if there is none.
    undispatched_seconds: i64,
    /// Deliveries waiting for more than a minute, except those to paused webhooks.
    overdue: i64,
    /// The age of the oldest of them; 0 if there is none.
    overdue_seconds: i64,
    /// Deliveries waiting because their webhook is paused.
    paused: i64,
    /// Dead letters.
    dead: i64,
}

/// Writes, and the commits they shared, since the server started.
#[derive(Serialize, ToSchema)]
struct CommitsReport {
    writes: u64,
    commits: u64,
}

impl From<&Reading<Conservation>> for ConservationReport {
    fn from(reading: &Reading<Conservation>) -> Self {
        let measured = &reading.measured;
        let (stock, folds, lag) = (&measured.stock, &measured.folds, &measured.lag);
        let sums = measured.books.iter().map(|sums| SumReport {
            currency: sums.currency,
            debits: sums.debits,
            credits: sums.credits,
        });
        Self {
            at: measured.at,
            age_seconds: reading.age().as_secs(),
            took_milliseconds: u64::try_from(reading.took.as_millis()).unwrap_or(u64::MAX),
            holds: measured.stock_holds() && measured.books_hold() && measured.orders_hold(),
            stock: StockReport {
                holds: measured.stock_holds(),
                on_hand: stock.on_hand,
                adjusted: stock.adjusted,
                shipped: stock.shipped,
                reserved: stock.reserved,
                open_reservations: stock.reservations,
                differing: stock.differing,
            },
            ledger: LedgerReport {
                holds: measured.books_hold(),
                sums: sums.collect(),
                unbalanced: measured.unbalanced,
            },
            orders: OrdersReport {
                holds: measured.orders_hold(),
                count: folds.orders,
                folded: folds.folded,
                differing: folds.differing,
            },
            outbox: OutboxReport {
                holds: measured.everybody_was_told(),
                undispatched: lag.undispatched,
                undispatched_seconds: lag.undispatched_seconds,
                overdue: lag.overdue,
                overdue_seconds: lag.overdue_seconds,
                paused: lag.paused,
                dead: lag.dead,
            },
            commits: measured
                .commits
                .map(|(writes, commits)| CommitsReport { writes, commits }),
        }
    }
}
