//! The balance of an account over the last days, as a line chart.

use crate::clock::Timestamp;
use crate::i18n::t;
use crate::money::{Currency, Money};
use crate::ui::When;
use leptos::prelude::*;

/// The number of days the line covers, including today.
pub const DAYS: i64 = 90;

const MICROS_A_DAY: i64 = 86_400_000_000;

/// The drawing's own units; it is stretched to the space available.
const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 200.0;

/// The balance at the end of each of the last days, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    pub first_day: Timestamp,
    pub last_day: Timestamp,
    pub balances: Vec<i64>,
}

impl History {
    /// `changes` are newest first. If they do not reach back to the first day although there are older ones
    /// (`cut`), the line begins at the oldest known.
    pub fn new(changes: &[(Timestamp, i64)], cut: bool, now: Timestamp) -> Self {
        let today = now.micros().div_euclid(MICROS_A_DAY);
        let mut older = changes.iter().rev().peekable();
        let oldest = changes.last().map(|(_, balance)| *balance);
        let mut balance = oldest.filter(|_| cut).unwrap_or_default();
        let mut balances = Vec::new();
        for day in today - DAYS + 1..=today {
            let ended = |at: &Timestamp| at.micros() < (day + 1) * MICROS_A_DAY;
            while let Some((_, next)) = older.next_if(|(at, _)| ended(at)) {
                balance = *next;
            }
            balances.push(balance);
        }
        Self {
            first_day: Timestamp((today - DAYS + 1) * MICROS_A_DAY),
            last_day: Timestamp(today * MICROS_A_DAY),
            balances,
        }
    }

    /// Returns the lowest and highest values of the line, zero included.
    fn range(&self) -> (i64, i64) {
        let all = || self.balances.iter().copied();
        (
            all().min().unwrap_or_default().min(0),
            all().max().unwrap_or_default().max(0),
        )
    }

    /// Returns the line in steps, since a balance stays the same until something moves it.
    fn path(&self) -> String {
        let (least, most) = self.range();
        let span = (most as f64 - least as f64).max(1.0);
        let step = WIDTH / self.balances.len().max(1) as f64;
        let height = |balance: i64| HEIGHT * (1.0 - (balance as f64 - least as f64) / span);
        let mut path = String::new();
        for (day, balance) in self.balances.iter().enumerate() {
            let start = if day == 0 { "M0 " } else { "V" };
            let across = step * (day + 1) as f64;
            path.push_str(&format!("{start}{:.1}H{across:.1}", height(*balance)));
        }
        path
    }

    /// Describes the line in words.
    fn words(&self, currency: Currency) -> String {
        let money = |minor: Option<&i64>| {
            Money::new(minor.copied().unwrap_or_default(), currency).to_string()
        };
        t!(
            "ledger-chart-words",
            days = DAYS,
            first = money(self.balances.first()),
            last = money(self.balances.last()),
            least = money(self.balances.iter().min()),
            most = money(self.balances.iter().max()),
        )
    }
}

/// The line with its range and its first and last day beside it: text inside the drawing would be stretched
/// with it.
#[component]
pub fn BalanceChart(history: History, currency: Currency) -> impl IntoView {
    let (least, most) = history.range();
    let line = history.path();
    let area = format!("{line}V{HEIGHT}H0Z");
    let words = history.words(currency);
    view! {
        <figure class="balance-chart">
            <figcaption>{t!("ledger-chart-title", days = DAYS)}</figcaption>
            <div class="balance-range num" aria-hidden="true">
                <span>{Money::new(most, currency).to_string()}</span>
                <span>{Money::new(least, currency).to_string()}</span>
            </div>
            <svg
                viewBox=format!("0 -4 {WIDTH} {}", HEIGHT + 8.0)
                preserveAspectRatio="none"
                role="img"
                aria-label=words
            >
                <path class="balance-area" d=area></path>
                <path class="balance-line" d=line vector-effect="non-scaling-stroke"></path>
            </svg>
            <div class="balance-days" aria-hidden="true">
                <When at=history.first_day date_only=true />
                <When at=history.last_day date_only=true />
            </div>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i64, hour: i64) -> Timestamp {
        Timestamp(number * MICROS_A_DAY + hour * 3_600_000_000)
    }

    #[test]
    fn a_day_shows_what_was_there_at_its_end() {
        let changes = [(day(200, 9), 70), (day(199, 20), 50), (day(199, 8), 90)];
        let history = History::new(&changes, false, day(200, 12));
        assert_eq!(history.balances.len(), 90);
        assert_eq!(history.balances[..88], [0; 88]);
        assert_eq!(history.balances[88..], [50, 70]);
        assert_eq!(
            (history.first_day, history.last_day),
            (day(111, 0), day(200, 0))
        );
    }

    #[test]
    fn what_was_there_before_the_first_day_counts() {
        let history = History::new(&[(day(3, 0), 40)], false, day(200, 0));
        assert_eq!(history.balances, [40; 90]);
        let cut = History::new(&[(day(150, 0), 40), (day(149, 0), 10)], true, day(200, 0));
        assert_eq!((cut.balances[0], cut.balances[89]), (10, 40));
        let empty = History::new(&[], false, day(200, 0));
        assert_eq!(empty.balances, [0; 90]);
        assert!(empty.path().starts_with("M0 200.0H10.0V200.0"));
    }
}
