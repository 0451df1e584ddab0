//! Whether stock, money and history are conserved, measured while the shop is open.

use super::{Meter, Meters};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::events::outbox_lag;
use crate::ledger::{Sums, sum_entries};
use crate::money::Money;
use crate::orders::{FoldCount, StockCount, count_folds, count_stock};
use crate::server::{App, Cache, Db};
use serde_json::{Value, json};
use std::time::Duration;

/// Many may watch: they share one measurement of this age at most.
const MOMENT: Duration = Duration::from_secs(1);

/// How many of the newest orders are folded again. `guildhall verify orders` folds all of them.
const FOLDED: i64 = 500;

/// The outbox is behind when something waits for longer than this, in seconds.
const LATE: i64 = 60;

/// One measurement. All of it is of the same state of the database.
#[derive(Clone, Debug)]
pub struct Conservation {
    at: Timestamp,
    stock: StockCount,
    books: Vec<Sums>,
    folds: FoldCount,
    waiting: i64,
    oldest: Option<Timestamp>,
    /// Writes, and the commits they shared, since the server started; SQLite only.
    commits: Option<(u64, u64)>,
}

/// The measurement that those who watch share.
pub struct Gauge(Cache<(), Conservation>);

impl Default for Gauge {
    fn default() -> Self {
        Self(Cache::new(MOMENT, 1 << 16, |_| 512))
    }
}

/// Measures, unless that was done a moment ago.
pub async fn read_conservation(app: &App) -> Result<Conservation, AppError> {
    app.gauge.0.get((), measure(app)).await
}

async fn measure(app: &App) -> Result<Conservation, AppError> {
    let mut conn = app.db.snapshot().await?;
    let stock = count_stock(&mut conn).await?;
    let books = sum_entries(&mut conn).await?;
    let folds = count_folds(&mut conn, FOLDED).await?;
    let (waiting, oldest) = outbox_lag(&mut conn).await?;
    let commits = match &app.db {
        Db::Sqlite { group, .. } => Some(group.counts()),
        Db::Postgres(_) => None,
    };
    Ok(Conservation {
        at: app.clock.now(),
        stock,
        books,
        folds,
        waiting,
        oldest,
        commits,
    })
}

impl Conservation {
    fn stock_holds(&self) -> bool {
        let stock = &self.stock;
        stock.on_hand == stock.adjusted - stock.shipped && stock.reserved == stock.reservations
    }

    fn books_hold(&self) -> bool {
        self.books.iter().all(|sums| sums.debits == sums.credits)
    }

    /// How long the oldest thing waits to be told, in seconds.
    fn lag(&self) -> i64 {
        self.oldest.map_or(0, |at| self.at.seconds_since(at).max(0))
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        let Self { stock, folds, .. } = self;
        let books = self.books.iter().map(|sums| {
            json!({ "currency": sums.currency, "debits": sums.debits, "credits": sums.credits })
        });
        json!({
            "at": self.at,
            "holds": self.stock_holds() && self.books_hold() && folds.differing == 0,
            "stock": {
                "holds": self.stock_holds(),
                "on_hand": stock.on_hand,
                "adjusted": stock.adjusted,
                "shipped": stock.shipped,
                "reserved": stock.reserved,
                "open_reservations": stock.reservations,
            },
            "ledger": { "holds": self.books_hold(), "sums": books.collect::<Vec<_>>() },
            "orders": {
                "holds": folds.differing == 0,
                "count": folds.orders,
                "folded": folds.folded,
                "differing": folds.differing,
            },
            "outbox": { "waiting": self.waiting, "lag_seconds": self.lag() },
            "commits": self.commits.map(|(writes, commits)| json!({ "writes": writes, "commits": commits })),
        })
    }

    /// For people.
    pub fn meters(&self) -> Meters {
        let mut meters = vec![self.stock_meter(), self.books_meter()];
        meters.extend([self.orders_meter(), self.outbox_meter()]);
        meters.extend(self.commits_meter());
        let (hour, minute, second) = self.at.date_time().to_hms();
        Meters {
            as_of: format!("{hour:02}:{minute:02}:{second:02}"),
            meters,
        }
    }

    fn stock_meter(&self) -> Meter {
        let stock = &self.stock;
        let facts = [
            ("On hand", stock.on_hand),
            ("Adjusted", stock.adjusted),
            ("Shipped", stock.shipped),
            ("Reserved", stock.reserved),
            ("Open reservations", stock.reservations),
        ];
        let (right, wrong) = (
            "On hand is what was adjusted, less what was shipped",
            "What is on hand or reserved is not what the changes come to",
        );
        meter("Stock", self.stock_holds(), right, wrong, &facts)
    }

    fn books_meter(&self) -> Meter {
        let sum = |name: &str, minor, currency| {
            let money = Money::new(minor, currency).to_string();
            (format!("{name} in {}", currency.code()), money)
        };
        let facts = self.books.iter().flat_map(|sums| {
            [
                sum("Debits", sums.debits, sums.currency),
                sum("Credits", sums.credits, sums.currency),
            ]
        });
        let (right, wrong) = ("The books sum to zero", "Debits and credits differ");
        Meter {
            facts: facts.collect(),
            ..meter("Ledger", self.books_hold(), right, wrong, &[])
        }
    }

    fn orders_meter(&self) -> Meter {
        let folds = &self.folds;
        let facts = [
            ("Orders", folds.orders),
            ("Newest folded again", folds.folded),
            ("Differing", folds.differing),
        ];
        let (right, wrong) = (
            "Orders are what their histories make them",
            "Orders differ from their histories",
        );
        meter("Orders", folds.differing == 0, right, wrong, &facts)
    }

    fn outbox_meter(&self) -> Meter {
        let facts = [
            ("Waiting", self.waiting),
            ("Oldest waits, seconds", self.lag()),
        ];
        let (right, wrong) = ("Everybody was told in time", "The telling is behind");
        let in_time = self.lag() < LATE;
        Meter {
            word: if in_time { "On time" } else { "Behind" }.to_owned(),
            ..meter("Outbox", in_time, right, wrong, &facts)
        }
    }

    fn commits_meter(&self) -> Option<Meter> {
        let (writes, commits) = self.commits?;
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let facts = [
            ("Grouped writes", count(writes)),
            ("Commits", count(commits)),
        ];
        let right = "Writes that come together share a commit";
        Some(Meter {
            word: "Shared".to_owned(),
            ..meter("Commits", true, right, right, &facts)
        })
    }
}

fn meter(name: &str, holds: bool, right: &str, wrong: &str, facts: &[(&str, i64)]) -> Meter {
    let fact = |(words, figure): &(&str, i64)| ((*words).to_owned(), figure.to_string());
    Meter {
        name: name.to_owned(),
        word: if holds { "Holds" } else { "Broken" }.to_owned(),
        verdict: if holds { right } else { wrong }.to_owned(),
        holds,
        facts: facts.iter().map(fact).collect(),
    }
}
