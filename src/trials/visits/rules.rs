//! Rules for planned visits: windows of whole days, and the state of a visit.
//!
//! Days are those of UTC, as all times on the pages are. The day of enrolment is day 0, from midnight to midnight UTC
//! whatever the hour of enrolment; in Shanghai it begins at eight in the morning. Sites in several zones so share one
//! calendar, and a window is as long for each of them.

use crate::clock::Timestamp;
use crate::i18n::t;
use crate::text::line_type;
use crate::words::words;

/// The latest day for which a visit can be planned: ten years.
pub const LATEST_DAY: i64 = 3_650;

/// The most days of a window on either side.
pub const WIDEST: i64 = 365;

/// The microseconds of a day.
const DAY: i64 = 86_400_000_000;

line_type!(
    /// A visit's name: 1 to 60 characters.
    VisitName, 60, t!("trials-visit-name-needed")
);

/// A visit that a study plans for each subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub id: i64,
    /// Unique in the study.
    pub name: String,
    /// The day after enrolment, which is day 0.
    pub day: i64,
    /// The days before it that will do as well.
    pub before: i64,
    /// The days after it that will do as well.
    pub after: i64,
}

/// The days from the first to the last, both in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub first: i64,
    pub last: i64,
}

/// Returns the day of an instant in UTC, counted from 1970.
pub const fn day_of(at: Timestamp) -> i64 {
    at.micros().div_euclid(DAY)
}

/// Returns the first instant of a day.
pub const fn midnight(day: i64) -> Timestamp {
    Timestamp(day * DAY)
}

impl Window {
    /// Returns the first and the last day as dates: `2026-12-05`.
    pub fn dates(self) -> [String; 2] {
        let date = |day| midnight(day).rfc3339().chars().take(10).collect();
        [date(self.first), date(self.last)]
    }

    const fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

impl Visit {
    /// The window in days after enrolment.
    const fn days(&self) -> Window {
        Window {
            first: self.day - self.before,
            last: self.day + self.after,
        }
    }

    /// The window of a subject that was enrolled then, in days since 1970.
    pub const fn window(&self, enrolled_at: Timestamp) -> Window {
        let (enrolled, days) = (day_of(enrolled_at), self.days());
        Window {
            first: enrolled + days.first,
            last: enrolled + days.last,
        }
    }

    /// Refuses a visit whose window shares a day with that of another: one reading would do for both.
    pub fn check_apart(&self, others: &[Self]) -> Result<(), String> {
        let found = others
            .iter()
            .find(|other| self.days().overlaps(other.days()));
        match found {
            Some(other) => Err(t!("trials-visits-overlap", name = other.name.as_str())),
            None => Ok(()),
        }
    }
}

/// Checks the day of a visit: 0 to 3650.
pub fn check_day(day: Option<i64>) -> Result<i64, String> {
    let day = day.filter(|day| (0..=LATEST_DAY).contains(day));
    day.ok_or_else(|| t!("trials-visit-day-wrong").to_owned())
}

/// Checks the days before a visit that will do: 0 to 365, and not before enrolment.
pub fn check_before(before: i64, day: Option<i64>) -> Result<i64, String> {
    let before = check_after(before)?;
    match day.is_some_and(|day| before > day) {
        true => Err(t!("trials-visit-before-enrolment").to_owned()),
        false => Ok(before),
    }
}

/// Checks the days after a visit that will do: 0 to 365.
pub fn check_after(after: i64) -> Result<i64, String> {
    match (0..=WIDEST).contains(&after) {
        true => Ok(after),
        false => Err(t!("trials-visit-window-wrong").to_owned()),
    }
}

words!(
    /// The state of a visit of one subject.
    pub enum VisitState {
        /// Its window has not begun.
        Upcoming = "upcoming",
        /// Today is in its window, and there is no reading yet.
        Due = "due",
        /// There is a reading in its window.
        Done = "done",
        /// Its window has passed without a reading.
        Missed = "missed",
        /// The subject has withdrawn, and there is no reading.
        NotExpected = "not_expected",
    }
);

impl VisitState {
    /// The state of a visit at this time. `done` says that there is a reading in the window; `expected`, that the subject
    /// takes part.
    pub fn of(window: Window, now: Timestamp, done: bool, expected: bool) -> Self {
        let today = day_of(now);
        match (done, expected) {
            (true, _) => Self::Done,
            (false, false) => Self::NotExpected,
            (false, true) if today < window.first => Self::Upcoming,
            (false, true) if today <= window.last => Self::Due,
            (false, true) => Self::Missed,
        }
    }

    /// Returns the label for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Upcoming => t!("trials-visit-upcoming"),
            Self::Due => t!("trials-visit-due"),
            Self::Done => t!("trials-visit-done"),
            Self::Missed => t!("trials-visit-missed"),
            Self::NotExpected => t!("trials-visit-not-expected"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn visit(day: i64, before: i64, after: i64) -> Visit {
        Visit {
            id: 1,
            name: "Week 1".to_owned(),
            day,
            before,
            after,
        }
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    #[test]
    fn a_window_is_of_whole_days_in_utc() {
        // Enrolled in the last minute of a day and in the first of the next, told in the time of Shanghai.
        let visit = visit(7, 1, 2);
        for (enrolled, first, last) in [
            ("2026-03-01T23:59:59Z", "2026-03-07", "2026-03-10"),
            ("2026-03-02T00:00:00Z", "2026-03-08", "2026-03-11"),
            ("2026-03-02T07:59:59+08:00", "2026-03-07", "2026-03-10"),
            ("2026-03-02T08:00:00+08:00", "2026-03-08", "2026-03-11"),
        ] {
            let window = visit.window(at(enrolled));
            let days = [window.first, window.last].map(|day| midnight(day).rfc3339());
            let expected = [first, last].map(|day| format!("{day}T00:00:00Z"));
            assert_eq!(days, expected, "{enrolled}");
        }
    }

    #[test]
    fn a_visit_is_due_from_the_first_moment_of_its_window_to_the_last() {
        use VisitState::{Done, Due, Missed, NotExpected, Upcoming};
        let window = visit(7, 1, 2).window(at("2026-03-01T10:00:00Z"));
        for (now, state) in [
            ("2026-03-01T10:00:00Z", Upcoming),
            ("2026-03-06T23:59:59.999999Z", Upcoming),
            ("2026-03-07T00:00:00Z", Due),
            ("2026-03-10T23:59:59.999999Z", Due),
            ("2026-03-11T00:00:00Z", Missed),
            ("2026-03-11T07:59:59+08:00", Due),
        ] {
            assert_eq!(VisitState::of(window, at(now), false, true), state, "{now}");
            assert_eq!(VisitState::of(window, at(now), true, true), Done, "{now}");
            assert_eq!(VisitState::of(window, at(now), true, false), Done, "{now}");
            let withdrawn = VisitState::of(window, at(now), false, false);
            assert_eq!(withdrawn, NotExpected, "{now}");
        }
    }

    #[test]
    fn windows_share_no_day() {
        let planned = [visit(7, 1, 2)];
        for (day, before, after, apart) in [
            (5, 0, 0, true),
            (5, 0, 1, false),
            (6, 0, 0, false),
            (7, 0, 0, false),
            (9, 0, 0, false),
            (10, 0, 0, true),
            (10, 1, 0, false),
            (20, 15, 0, false),
        ] {
            let apart_too = visit(day, before, after).check_apart(&planned).is_ok();
            assert_eq!(apart_too, apart, "{day} {before} {after}");
        }
    }

    #[test]
    fn a_window_begins_on_the_day_of_enrolment_at_the_earliest() {
        for (day, before, good) in [
            (0, 0, true),
            (0, 1, false),
            (7, 7, true),
            (7, 8, false),
            (7, -1, false),
        ] {
            assert_eq!(
                check_before(before, Some(day)).is_ok(),
                good,
                "{day} {before}"
            );
        }
        assert!(check_before(366, None).is_err() && check_after(365).is_ok());
        let days = [None, Some(-1), Some(0), Some(3_650), Some(3_651)];
        let good = days.map(|day| check_day(day).is_ok());
        assert_eq!(good, [false, false, true, true, false]);
    }

    proptest! {
        /// An instant is in a window exactly if its day is: what the database compares, and what the rules say.
        #[test]
        fn instants_and_days_agree(
            enrolled in 0..4_000_000_000_000_000_i64,
            day in 0..400_i64,
            after in 0..30_i64,
            offset in -3 * DAY..450 * DAY,
        ) {
            let visit = visit(day, day.min(3), after);
            let window = visit.window(Timestamp(enrolled));
            let at = Timestamp(enrolled + offset);
            let by_day = (window.first..=window.last).contains(&day_of(at));
            let by_instant = midnight(window.first) <= at && at < midnight(window.last + 1);
            prop_assert_eq!(by_day, by_instant);
        }
    }
}
