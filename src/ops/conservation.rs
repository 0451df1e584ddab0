//! The conservation check: stock, money and history, measured while the shop is open.

use super::gauge::Reading;
use super::{Meter, Meters};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::events::{Lag, outbox_lag};
use crate::ledger::{Sums, count_unbalanced, sum_entries};
use crate::money::Money;
use crate::number::count;
use crate::orders::{FoldCount, StockCount, count_folds, count_stock};
use crate::server::{App, Db};

/// How many of the newest orders are folded again. `guildhall verify orders` folds all of them.
const FOLDED: i64 = 500;

/// One measurement. All of it is of the same state of the database.
#[derive(Clone, Debug, Default)]
pub struct Conservation {
    pub at: Timestamp,
    pub stock: StockCount,
    pub books: Vec<Sums>,
    pub unbalanced: i64,
    pub folds: FoldCount,
    pub lag: Lag,
    /// Writes, and the commits they shared, since the server started; SQLite only.
    pub commits: Option<(u64, u64)>,
}

/// Measures, unless that was done lately.
pub async fn read_conservation(app: &App) -> Result<Reading<Conservation>, AppError> {
    app.gauge.read(measure(app)).await
}

async fn measure(app: &App) -> Result<Conservation, AppError> {
    let mut conn = app.db.snapshot().await?;
    let at = app.clock.now();
    let stock = count_stock(&mut conn).await?;
    let books = sum_entries(&mut conn).await?;
    let unbalanced = count_unbalanced(&mut conn).await?;
    let folds = count_folds(&mut conn, FOLDED).await?;
    let lag = outbox_lag(&mut conn, at).await?;
    let commits = match &app.db {
        Db::Sqlite { group, .. } => Some(group.counts()),
        Db::Postgres(_) => None,
    };
    Ok(Conservation {
        at,
        stock,
        books,
        unbalanced,
        folds,
        lag,
        commits,
    })
}

impl Reading<Conservation> {
    /// For people.
    pub fn meters(&self) -> Meters {
        let (hour, minute, second) = self.measured.at.date_time().to_hms();
        let (age, took) = (self.age().as_secs(), self.took.as_millis());
        Meters {
            as_of: format!("{hour:02}:{minute:02}:{second:02}"),
            age: format!("{age} s old, measured in {took} ms"),
            meters: self.measured.meters(),
        }
    }
}

impl Conservation {
    pub fn stock_holds(&self) -> bool {
        self.stock.differing == 0
    }

    pub fn books_hold(&self) -> bool {
        let equal = |sums: &Sums| sums.debits == sums.credits;
        self.unbalanced == 0 && self.books.iter().all(equal)
    }

    pub fn orders_hold(&self) -> bool {
        self.folds.differing == 0
    }

    pub fn everybody_was_told(&self) -> bool {
        self.lag.in_time() && self.lag.dead == 0
    }

    fn meters(&self) -> Vec<Meter> {
        let mut meters = vec![self.stock_meter(), self.books_meter()];
        meters.extend([self.orders_meter(), self.outbox_meter()]);
        meters.extend(self.commits_meter());
        meters
    }

    fn stock_meter(&self) -> Meter {
        let stock = &self.stock;
        let facts = [
            ("On hand", stock.on_hand),
            ("Adjusted", stock.adjusted),
            ("Shipped", stock.shipped),
            ("Reserved", stock.reserved),
            ("Open reservations", stock.reservations),
            ("Products differing", stock.differing),
        ];
        let (right, wrong) = (
            "Of each product, on hand is what was adjusted, less what was shipped",
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
        let unbalanced = ("Unbalanced transfers".to_owned(), count(self.unbalanced));
        Meter {
            facts: facts.chain([unbalanced]).collect(),
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
        meter("Orders", self.orders_hold(), right, wrong, &facts)
    }

    fn outbox_meter(&self) -> Meter {
        let lag = &self.lag;
        let facts = [
            ("Not handed on yet", lag.undispatched),
            ("Oldest of these, seconds", lag.undispatched_seconds),
            ("Deliveries overdue", lag.overdue),
            ("Oldest of these, seconds", lag.overdue_seconds),
            ("Held for paused webhooks", lag.paused),
            ("Dead letters", lag.dead),
        ];
        let (word, verdict) = match (lag.in_time(), lag.dead, lag.paused) {
            (false, 0, _) => ("Behind", "The telling is behind"),
            (false, ..) => (
                "Behind",
                "The telling is behind, and some could not be told at all",
            ),
            (true, 1.., _) => ("Undelivered", "Some could not be told; staff decide"),
            (true, _, 0) => ("On time", "Everybody was told in time"),
            (true, ..) => ("On time", "Everybody was told in time who is not paused"),
        };
        Meter {
            word: word.to_owned(),
            ..meter(
                "Outbox",
                self.everybody_was_told(),
                verdict,
                verdict,
                &facts,
            )
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
    let fact = |(words, figure): &(&str, i64)| ((*words).to_owned(), count(*figure));
    Meter {
        name: name.to_owned(),
        word: if holds { "Holds" } else { "Broken" }.to_owned(),
        verdict: if holds { right } else { wrong }.to_owned(),
        holds,
        facts: facts.iter().map(fact).collect(),
    }
}
