//! The conservation check: stock, money and history, measured while the shop is open.

use super::gauge::Reading;
use super::{Meter, Meters};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::events::{Lag, outbox_lag};
use crate::i18n::t;
use crate::ledger::{Sums, count_unbalanced, sum_entries};
use crate::money::Money;
use crate::number::count;
use crate::orders::{FoldCount, StockCount, count_folds, count_stock};
use crate::server::{App, Db};

/// The number of newest orders folded again. `guildhall verify orders` folds all of them.
pub const FOLDED: i64 = 500;

/// One measurement, all of the same database snapshot.
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

/// Returns a recent measurement, or takes a new one.
pub async fn read_conservation(app: &App) -> Result<Reading<Conservation>, AppError> {
    app.gauge.read(Box::pin(measure(app))).await
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
    /// Formats the measurement for display.
    pub fn meters(&self) -> Meters {
        let (hour, minute, second) = self.measured.at.date_time().to_hms();
        let (age, took) = (self.age().as_secs(), self.took.as_millis());
        let time = format!("{hour:02}:{minute:02}:{second:02}");
        Meters {
            said: t!("ops-as-of", time = time.as_str(), age = age, took = took),
            paused: t!("ops-as-of-paused", time = time.as_str()),
            lost: t!("ops-as-of-lost", time = time),
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
            (t!("ops-on-hand"), stock.on_hand),
            (t!("ops-adjusted"), stock.adjusted),
            (t!("ops-shipped"), stock.shipped),
            (t!("ops-reserved"), stock.reserved),
            (t!("ops-reservations"), stock.reservations),
            (t!("ops-products-differing"), stock.differing),
        ];
        let (right, wrong) = (t!("ops-stock-holds"), t!("ops-stock-broken"));
        meter(t!("ops-stock"), self.stock_holds(), right, wrong, &facts)
    }

    fn books_meter(&self) -> Meter {
        let facts = self.books.iter().flat_map(|sums| {
            let code = sums.currency.code();
            let money = |minor| Money::new(minor, sums.currency).to_string();
            [
                (t!("ops-debits", currency = code), money(sums.debits)),
                (t!("ops-credits", currency = code), money(sums.credits)),
            ]
        });
        let (right, wrong) = (t!("ops-books-hold"), t!("ops-books-broken"));
        let unbalanced = (t!("ops-unbalanced").to_owned(), count(self.unbalanced));
        Meter {
            facts: facts.chain([unbalanced]).collect(),
            ..meter(t!("ops-ledger"), self.books_hold(), right, wrong, &[])
        }
    }

    fn orders_meter(&self) -> Meter {
        let folds = &self.folds;
        let facts = [
            (t!("ops-orders"), folds.orders),
            (t!("ops-replayed"), folds.folded),
            (t!("ops-orders-differing"), folds.differing),
        ];
        let (right, wrong) = (t!("ops-orders-hold"), t!("ops-orders-broken"));
        meter(t!("ops-orders"), self.orders_hold(), right, wrong, &facts)
    }

    fn outbox_meter(&self) -> Meter {
        let lag = &self.lag;
        let facts = [
            (t!("ops-undispatched"), lag.undispatched),
            (t!("ops-undispatched-oldest"), lag.undispatched_seconds),
            (t!("ops-overdue"), lag.overdue),
            (t!("ops-overdue-oldest"), lag.overdue_seconds),
            (t!("ops-held"), lag.paused),
            (t!("ops-dead-letters"), lag.dead),
        ];
        let (word, verdict) = match (lag.in_time(), lag.dead, lag.paused) {
            (false, 0, _) => (t!("ops-late"), t!("ops-outbox-late")),
            (false, ..) => (t!("ops-late"), t!("ops-outbox-late-and-dead")),
            (true, 1.., _) => (t!("ops-undelivered"), t!("ops-outbox-dead")),
            (true, _, 0) => (t!("ops-on-time"), t!("ops-outbox-on-time")),
            (true, ..) => (t!("ops-on-time"), t!("ops-outbox-paused")),
        };
        Meter {
            word: word.to_owned(),
            ..meter(
                t!("ops-outbox"),
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
            (t!("ops-writes"), count(writes)),
            (t!("ops-commits"), count(commits)),
        ];
        let right = t!("ops-commits-hold");
        Some(Meter {
            word: t!("ops-shared").to_owned(),
            ..meter(t!("ops-commits"), true, right, right, &facts)
        })
    }
}

fn meter(name: &str, holds: bool, right: &str, wrong: &str, facts: &[(&str, i64)]) -> Meter {
    let fact = |(words, figure): &(&str, i64)| ((*words).to_owned(), count(*figure));
    Meter {
        name: name.to_owned(),
        word: if holds {
            t!("ops-holds")
        } else {
            t!("ops-broken")
        }
        .to_owned(),
        verdict: if holds { right } else { wrong }.to_owned(),
        holds,
        facts: facts.iter().map(fact).collect(),
    }
}
